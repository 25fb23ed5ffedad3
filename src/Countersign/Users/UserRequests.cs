namespace Countersign.Users;

/// <summary>What a client wants a user's credentials to be, as far as given (contract 6.3).</summary>
/// <param name="Password">The new password; null leaves it.</param>
/// <param name="RecoveryQuestion">The new recovery question; null leaves it.</param>
/// <param name="RecoveryAnswer">The answer to it.</param>
public sealed record CredentialsRequest(string? Password = null, string? RecoveryQuestion = null, string? RecoveryAnswer = null);

/// <summary>A new user (contract 6.3).</summary>
/// <param name="Profile">The profile; a property that is null is not set.</param>
/// <param name="Credentials">Password and recovery question.</param>
/// <param name="Activate">Whether the user is activated at once.</param>
/// <param name="ExpirePassword">Whether the password must be changed first.</param>
public sealed record CreateUserRequest(IReadOnlyDictionary<string, string?> Profile, CredentialsRequest Credentials, bool Activate, bool ExpirePassword);

/// <summary>A changed user (contract 6.2).</summary>
/// <param name="Profile">The profile's properties that change; null leaves the profile.</param>
/// <param name="Replaces">Whether properties that are not given are cleared.</param>
/// <param name="Credentials">Password and recovery question.</param>
public sealed record UpdateUserRequest(IReadOnlyDictionary<string, string?>? Profile, bool Replaces, CredentialsRequest Credentials);
