namespace Countersign.Users;

/// <summary>What became of an operation on a user, once it is durable. Closed: nothing outside this file can add a case.</summary>
public abstract record UserOutcome
{
    private UserOutcome() { }

    /// <summary>The user as it now is.</summary>
    public sealed record Shown(User User, UserState State) : UserOutcome;

    /// <summary>Done, and nothing to show.</summary>
    public sealed record Done : UserOutcome;

    /// <summary>Done; the token of the link that the caller passes on. It is stored nowhere.</summary>
    public sealed record Linked(string Token) : UserOutcome;

    /// <summary>Done; the password that the caller passes on. It is stored nowhere.</summary>
    public sealed record TemporaryPassword(string Password) : UserOutcome;

    /// <summary>Refused.</summary>
    public sealed record Refused(UserRefusal Refusal) : UserOutcome;

    /// <summary>Refused because of what fields say; at least one.</summary>
    public sealed record Invalid(IReadOnlyList<FieldFault> Faults) : UserOutcome;

    /// <summary>The credentials changed while they were looked at: look again. Never leaves the domain.</summary>
    internal sealed record Outdated : UserOutcome;
}

/// <summary>Why an operation on a user was refused. Each is one error of the contract (3.3).</summary>
public enum UserRefusal
{
    /// <summary>The user does not exist.</summary>
    NotFound,
    /// <summary>Another user has the login (E0000001).</summary>
    LoginTaken,
    /// <summary>Only a staged or deactivated user can be activated (E0000016).</summary>
    AlreadyActive,
    /// <summary>The user's status forbids it (E0000038).</summary>
    StatusForbids,
    /// <summary>Only an active user can be suspended (E0000001).</summary>
    NotActive,
    /// <summary>Only a suspended user can be unsuspended (E0000001).</summary>
    NotSuspended,
    /// <summary>Only a locked user can be unlocked (E0000032).</summary>
    NotLockedOut,
    /// <summary>The password given as proof is wrong (E0000014).</summary>
    WrongPassword,
    /// <summary>The recovery question's answer is wrong (E0000087).</summary>
    WrongRecoveryAnswer,
    /// <summary>A new password is too weak (E0000080).</summary>
    WeakPassword,
    /// <summary>The user is locked (E0000069).</summary>
    Locked,
    /// <summary>The user is locked, told to who recovers a password (E0000119).</summary>
    LockedForRecovery,
    /// <summary>The status forbids recovering the password, or there is no question (E0000034).</summary>
    NoPasswordRecovery,
    /// <summary>The status forbids changing the password (E0000035).</summary>
    NoPasswordChange,
    /// <summary>The status forbids changing the recovery question (E0000036).</summary>
    NoQuestionChange,
    /// <summary>A password that expires at once must be given (E0000124).</summary>
    PasswordNeeded,
    /// <summary>A password can expire at once only for a user that is activated (E0000125).</summary>
    ActivationNeeded,
    /// <summary>Too many hashes wait already (429): try again shortly.</summary>
    Busy,
}

/// <summary>What is wrong with one field of a request.</summary>
/// <param name="Field">The field, as the contract names it.</param>
/// <param name="Kind">What is wrong.</param>
public readonly record struct FieldFault(string Field, FieldFaultKind Kind);

/// <summary>What can be wrong with a field.</summary>
public enum FieldFaultKind
{
    /// <summary>It is required, and absent or empty.</summary>
    Blank,
    /// <summary>It is shorter than it must be.</summary>
    TooShort,
    /// <summary>It is longer than it may be.</summary>
    TooLong,
    /// <summary>It does not look like what it must be.</summary>
    Malformed,
    /// <summary>The profile has no such property.</summary>
    Undefined,
    /// <summary>The password does not meet the policy.</summary>
    WeakPassword,
}
