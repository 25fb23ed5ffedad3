using System.Text.Json;
using System.Text.Json.Serialization;

namespace Countersign.Console.Users;

/// <summary>A user, as the API shows it.</summary>
public sealed record User
{
    /// <summary>The stable identifier.</summary>
    public required string Id { get; init; }

    /// <summary>One of the contract's words, as <c>ACTIVE</c>.</summary>
    public required string Status { get; init; }

    /// <summary>When the user was made.</summary>
    public DateTimeOffset? Created { get; set; }

    /// <summary>When the user first became active.</summary>
    public DateTimeOffset? Activated { get; set; }

    /// <summary>When the status last changed.</summary>
    public DateTimeOffset? StatusChanged { get; set; }

    /// <summary>When anything last changed.</summary>
    public DateTimeOffset? LastUpdated { get; set; }

    /// <summary>Who it is.</summary>
    public required UserProfile Profile { get; init; }

    /// <summary>Where to go from here; its names say what the status allows.</summary>
    [JsonPropertyName("_links")]
    public Dictionary<string, JsonElement> Links { get; set; } = [];

    /// <summary>First and last name, or the login when there are none.</summary>
    [JsonIgnore]
    public string Name => $"{Profile.FirstName} {Profile.LastName}".Trim() is { Length: > 0 } name ? name : Profile.Login;
}

/// <summary>A user's profile. Attributes without a property here are kept in <see cref="Others"/>.</summary>
public sealed record UserProfile
{
    /// <summary>The name to sign in with; unique.</summary>
    public string Login { get; set; } = "";

    /// <summary>The primary address.</summary>
    public string? Email { get; set; }

    /// <summary>The given name.</summary>
    public string? FirstName { get; set; }

    /// <summary>The family name.</summary>
    public string? LastName { get; set; }

    /// <summary>A second address.</summary>
    public string? SecondEmail { get; set; }

    /// <summary>A number that can receive messages.</summary>
    public string? MobilePhone { get; set; }

    /// <summary>Every other attribute that is set.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Others { get; set; }
}

/// <summary>What makes a user.</summary>
/// <param name="Profile">Login, email and names, and any other attribute.</param>
/// <param name="Credentials">A password, when one is given.</param>
internal sealed record NewUser(Dictionary<string, string?> Profile, NewCredentials? Credentials);

/// <summary>The credentials part of a new user.</summary>
internal sealed record NewCredentials(NewPassword Password);

/// <summary>A password in the clear, on its way to be hashed.</summary>
internal sealed record NewPassword(string Value);

/// <summary>Changes some attributes of a profile; null clears one.</summary>
internal sealed record ProfileChange(Dictionary<string, string?> Profile);
