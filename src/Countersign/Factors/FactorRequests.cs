using System.Text.Json.Nodes;

namespace Countersign.Factors;

/// <summary>What a client asks for in an enrollment (contract 8.4).</summary>
public sealed record EnrollRequest
{
    /// <summary>The factor type.</summary>
    public string? FactorType { get; init; }
    /// <summary>The provider; null means the type's only one.</summary>
    public string? Provider { get; init; }
    /// <summary>The kind's own profile.</summary>
    public JsonObject? Profile { get; init; }
    /// <summary>The profile of a custom TOTP.</summary>
    public string? FactorProfileId { get; init; }
    /// <summary>An answer that the kind checks at once.</summary>
    public VerifyRequest? Verify { get; init; }
    /// <summary>The query's <c>activate</c>.</summary>
    public bool Activate { get; init; }
}

/// <summary>The answer in a verification or activation, as far as given (contract 8.7).</summary>
public sealed record VerifyRequest
{
    /// <summary>Nothing answered.</summary>
    public static readonly VerifyRequest Empty = new();

    /// <summary>A one-time passcode.</summary>
    public string? PassCode { get; init; }
    /// <summary>The passcode of the following window or counter, to resynchronise.</summary>
    public string? NextPassCode { get; init; }
    /// <summary>The answer to a security question.</summary>
    public string? Answer { get; init; }
}
