using System.Text.Json.Nodes;

namespace Countersign.Server.Organization;

/// <summary>A kind of factor as the organization offers it, or not (contract 12.1).</summary>
internal sealed record OrgFactorShape
{
    /// <summary>Its name, for example <c>google_otp</c>.</summary>
    public required string Id { get; init; }
    /// <summary>For example <c>GOOGLE</c>.</summary>
    public required string Provider { get; init; }
    /// <summary>For example <c>token:software:totp</c>.</summary>
    public required string FactorType { get; init; }
    /// <summary><c>ACTIVE</c>, <c>INACTIVE</c> or <c>NOT_SETUP</c>.</summary>
    public required string Status { get; init; }
    /// <summary>What can be done next.</summary>
    public JsonObject? _links { get; init; }
}

/// <summary>A custom TOTP profile (contract 12.2).</summary>
internal sealed record HotpProfileShape
{
    /// <summary>The profile's id.</summary>
    public required string Id { get; init; }
    /// <summary>Its name.</summary>
    public required string Name { get; init; }
    /// <summary>Whether it is the organization's default.</summary>
    public required bool Default { get; init; }
    /// <summary>How its tokens compute passcodes.</summary>
    public required HotpProfileSettings Settings { get; init; }
}
