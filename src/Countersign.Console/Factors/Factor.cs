using System.Text.Json;
using System.Text.Json.Serialization;

namespace Countersign.Console.Factors;

/// <summary>A factor of a user, or an entry of the user's catalog (then without <see cref="Id"/>).</summary>
public sealed record Factor
{
    /// <summary>The stable identifier; empty in a catalog.</summary>
    public string Id { get; set; } = "";

    /// <summary>The contract's word for the type, as <c>token:software:totp</c>.</summary>
    public required string FactorType { get; init; }

    /// <summary>The contract's word for the provider, as <c>GOOGLE</c>.</summary>
    public string Provider { get; set; } = "";

    /// <summary>The provider, or the profile's name for a custom TOTP.</summary>
    public string? VendorName { get; set; }

    /// <summary>One of the contract's words, as <c>PENDING_ACTIVATION</c>.</summary>
    public string Status { get; set; } = "";

    /// <summary>When it was enrolled.</summary>
    public DateTimeOffset? Created { get; set; }

    /// <summary>When it last changed.</summary>
    public DateTimeOffset? LastUpdated { get; set; }

    /// <summary>What is known of it; differs by type.</summary>
    public Dictionary<string, JsonElement> Profile { get; set; } = [];

    /// <summary>What a pending factor needs to become active.</summary>
    [JsonPropertyName("_embedded")]
    public FactorEmbedded? Embedded { get; set; }

    /// <summary>Whether it waits for its activation.</summary>
    [JsonIgnore]
    public bool IsPending => Status == "PENDING_ACTIVATION";

    /// <summary>The phone number or address that its codes go to; null for kinds without one.</summary>
    [JsonIgnore]
    public string? Recipient => Said("phoneNumber") ?? Said("email");

    /// <summary>A text of the profile; null when it is not there.</summary>
    internal string? Said(string name) => Profile.TryGetValue(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}

/// <summary>The embedded part of a factor, or of an entry of the catalog.</summary>
public sealed record FactorEmbedded
{
    /// <summary>Present while the factor is pending.</summary>
    public FactorActivation? Activation { get; set; }

    /// <summary>In a catalog, the user's known numbers; at most one.</summary>
    public IReadOnlyList<KnownPhone>? Phones { get; set; }
}

/// <summary>A phone number that the user is known to have.</summary>
public sealed record KnownPhone(KnownPhoneProfile Profile);

/// <summary>The number of a <see cref="KnownPhone"/>.</summary>
public sealed record KnownPhoneProfile(string PhoneNumber);

/// <summary>How a pending factor becomes active.</summary>
public sealed record FactorActivation
{
    /// <summary>What the authenticator app has to know, in base32.</summary>
    public string? SharedSecret { get; set; }

    /// <summary>Where the same is found as a picture.</summary>
    [JsonPropertyName("_links")]
    public FactorActivationLinks? Links { get; set; }
}

/// <summary>The links of an activation.</summary>
public sealed record FactorActivationLinks
{
    /// <summary>The picture for the authenticator app.</summary>
    [JsonPropertyName("qrcode")]
    public FactorLink? QrCode { get; set; }
}

/// <summary>One link.</summary>
public sealed record FactorLink
{
    /// <summary>An absolute address under the server's public URL.</summary>
    public string Href { get; set; } = "";
}

/// <summary>A question that a user may answer.</summary>
internal sealed record SecurityQuestion(string Question, string QuestionText);

/// <summary>What enrolls a factor.</summary>
internal sealed record FactorEnrollment(string FactorType, string Provider, Dictionary<string, string>? Profile = null, string? FactorProfileId = null);

/// <summary>What activates or verifies a factor: a passcode (two when a counter has to be found again), or an answer.</summary>
internal sealed record FactorProof(string? PassCode = null, string? NextPassCode = null, string? Answer = null);

/// <summary>The answer to a verification that was not refused.</summary>
internal sealed record FactorVerification(string FactorResult, string? FactorMessage = null);
