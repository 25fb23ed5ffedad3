using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Countersign.Users;

/// <summary>A user's profile and credentials: everything that verifications do not need (contract 6.1).</summary>
public sealed record User
{
    /// <summary>The id.</summary>
    public required UserId Id { get; init; }
    /// <summary>When the user was made; whole seconds, like all dates here.</summary>
    public required DateTimeOffset Created { get; init; }
    /// <summary>When the user was activated; null: never.</summary>
    public DateTimeOffset? Activated { get; init; }
    /// <summary>When profile or credentials last changed.</summary>
    public required DateTimeOffset LastUpdated { get; init; }
    /// <summary>When the password last changed; null without one.</summary>
    public DateTimeOffset? PasswordChanged { get; init; }
    /// <summary>The profile's properties that are set, by their contract names.</summary>
    public required ImmutableSortedDictionary<string, string> Profile { get; init; }
    /// <summary>The password's hash; null without one.</summary>
    public string? PasswordHash { get; init; }
    /// <summary>The recovery question; null without one.</summary>
    public string? RecoveryQuestion { get; init; }
    /// <summary>The hash of the recovery question's answer.</summary>
    public string? RecoveryAnswerHash { get; init; }
    /// <summary>The link that was last handed out for activation or a new password; null when none is out.</summary>
    public OneTimeLink? Link { get; init; }

    /// <summary>The login.</summary>
    [JsonIgnore]
    public string Login => Profile["login"];
    /// <summary>First and last name.</summary>
    [JsonIgnore]
    public string DisplayName => $"{Profile["firstName"]} {Profile["lastName"]}";
    /// <summary>The language that the profile prefers; null when it says none.</summary>
    [JsonIgnore]
    public string? Language => Profile.GetValueOrDefault("preferredLanguage") ?? Profile.GetValueOrDefault("locale");
    /// <summary>The verified addresses that codes may be mailed to (contract 9.5): the primary one first. Both were set by an administrator.</summary>
    [JsonIgnore]
    public IEnumerable<string> Emails => Profile.TryGetValue("secondEmail", out var second) ? [Profile["email"], second] : [Profile["email"]];
}

/// <summary>A link that was handed out once: what it is for and until when it holds, its token only as a hash.</summary>
/// <param name="Purpose"><c>activate</c> or <c>reset_password</c>.</param>
/// <param name="TokenHash">SHA-256 of the token, base64.</param>
/// <param name="Expires">When it ends.</param>
public sealed record OneTimeLink(string Purpose, string TokenHash, DateTimeOffset Expires);
