using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Countersign.Users;

namespace Countersign.Server.Users;

/// <summary>The body that makes or changes a user (contract 6.3). Read-only properties sent back are ignored.</summary>
internal sealed record UserRequest
{
    /// <summary>The profile: text by property; null clears.</summary>
    public Dictionary<string, string?>? Profile { get; init; }
    /// <summary>Password, recovery question and provider.</summary>
    public CredentialsBody? Credentials { get; init; }
    /// <summary>Groups to join, at most 20; accepted, and without effect.</summary>
    public List<string>? GroupIds { get; init; }
    /// <summary>The user type; there is one.</summary>
    public UserTypeBody? Type { get; init; }
}

/// <summary>A user type.</summary>
internal sealed record UserTypeBody
{
    /// <summary>Its id.</summary>
    public string? Id { get; init; }
}

/// <summary>Credentials, as far as given; also the body of the recovery operations.</summary>
internal sealed record CredentialsBody
{
    /// <summary>The password.</summary>
    public PasswordBody? Password { get; init; }
    /// <summary>The recovery question.</summary>
    [JsonPropertyName("recovery_question")]
    public RecoveryQuestionBody? RecoveryQuestion { get; init; }
    /// <summary>Who checks the password.</summary>
    public ProviderBody? Provider { get; init; }

    public CredentialsRequest ToRequest() => new(Password?.Value, RecoveryQuestion?.Question, RecoveryQuestion?.Answer);
}

/// <summary>A password; nothing in it means none.</summary>
internal sealed record PasswordBody
{
    /// <summary>The password itself.</summary>
    public string? Value { get; init; }
    /// <summary>The hash of a password that is kept elsewhere; refused.</summary>
    public JsonObject? Hash { get; init; }
    /// <summary>A hook that knows the password; refused.</summary>
    public JsonObject? Hook { get; init; }
}

/// <summary>A recovery question.</summary>
internal sealed record RecoveryQuestionBody
{
    /// <summary>The question, 1 to 100 characters.</summary>
    public string? Question { get; init; }
    /// <summary>The answer, 1 to 100 characters; compared without regard to case.</summary>
    public string? Answer { get; init; }
}

/// <summary>A credential provider; only <c>OKTA</c>, which stands for this service.</summary>
internal sealed record ProviderBody
{
    /// <summary>The type.</summary>
    public string? Type { get; init; }
    /// <summary>The name.</summary>
    public string? Name { get; init; }
}

/// <summary>The body of a change of password.</summary>
internal sealed record ChangePasswordRequest
{
    /// <summary>The password until now.</summary>
    public PasswordBody? OldPassword { get; init; }
    /// <summary>The password from now on.</summary>
    public PasswordBody? NewPassword { get; init; }
}
