namespace Countersign.SystemLog;

/// <summary>The events that are written (contract 16.3).</summary>
public static class LogEventTypes
{
    /// <summary>A verification was answered.</summary>
    public const string Verify = "user.authentication.auth_via_mfa";
    /// <summary>A factor became active.</summary>
    public const string FactorActivate = "user.mfa.factor.activate";
    /// <summary>A factor was unenrolled.</summary>
    public const string FactorDeactivate = "user.mfa.factor.deactivate";
    /// <summary>A factor was changed.</summary>
    public const string FactorUpdate = "user.mfa.factor.update";
    /// <summary>All factors of a user were removed.</summary>
    public const string FactorResetAll = "user.mfa.factor.reset_all";
    /// <summary>A user was locked.</summary>
    public const string AccountLock = "user.account.lock";
    /// <summary>A lock ended by itself.</summary>
    public const string AccountUnlock = "user.account.unlock";
    /// <summary>An administrator ended a lock.</summary>
    public const string AccountUnlockByAdmin = "user.account.unlock_by_admin";
    /// <summary>A profile was changed.</summary>
    public const string ProfileUpdate = "user.account.update_profile";
    /// <summary>A password was reset.</summary>
    public const string PasswordReset = "user.account.reset_password";
    /// <summary>A password was changed.</summary>
    public const string PasswordUpdate = "user.account.update_password";
    /// <summary>A user was made.</summary>
    public const string UserCreate = "user.lifecycle.create";
    /// <summary>A user was activated.</summary>
    public const string UserActivate = "user.lifecycle.activate";
    /// <summary>A user was activated again.</summary>
    public const string UserReactivate = "user.lifecycle.reactivate";
    /// <summary>A user was deactivated.</summary>
    public const string UserDeactivate = "user.lifecycle.deactivate";
    /// <summary>A user was suspended.</summary>
    public const string UserSuspend = "user.lifecycle.suspend";
    /// <summary>A suspension was ended.</summary>
    public const string UserUnsuspend = "user.lifecycle.unsuspend";
    /// <summary>A user's removal was asked for.</summary>
    public const string UserDeleteInitiated = "user.lifecycle.delete.initiated";
    /// <summary>A user was removed.</summary>
    public const string UserDeleteCompleted = "user.lifecycle.delete.completed";
    /// <summary>The organisation switched a factor kind on.</summary>
    public const string OrgFactorActivate = "system.mfa.factor.activate";
    /// <summary>The organisation switched a factor kind off.</summary>
    public const string OrgFactorDeactivate = "system.mfa.factor.deactivate";
    /// <summary>An API token was made.</summary>
    public const string TokenCreate = "system.api_token.create";
    /// <summary>An API token was revoked.</summary>
    public const string TokenRevoke = "system.api_token.revoke";
    /// <summary>A rate-limit bucket is nearly used up.</summary>
    public const string RateLimitWarning = "system.org.rate_limit.warning";
    /// <summary>A rate-limit bucket is used up.</summary>
    public const string RateLimitViolation = "system.org.rate_limit.violation";
    /// <summary>One of the special limits of contract 4.2 was met.</summary>
    public const string OperationRateLimitViolation = "system.operation.rate_limit.violation";

    /// <summary>The name of the same event in the older API, where the contract has one; else null.</summary>
    public static string? LegacyEventType(LogEvent logged)
        => logged.EventType != Verify ? null : logged.Outcome == "SUCCESS" ? "core.user.factor.attempt_success" : "core.user.factor.attempt_fail";

    /// <summary><c>WEB</c> for what a request caused, <c>JOB</c> for the service's own doing.</summary>
    public static string TransactionType(LogEvent logged) => logged.Request is null ? "JOB" : "WEB";

    /// <summary>The text shown for an event type.</summary>
    public static string DisplayMessage(string eventType) => eventType switch
    {
        Verify => "Authentication of user via MFA",
        FactorActivate => "Activate factor for user",
        FactorDeactivate => "Reset factor for user",
        FactorUpdate => "Update factor for user",
        FactorResetAll => "Reset all factors for user",
        AccountLock => "Max sign in attempts exceeded",
        AccountUnlock => "User account unlocked",
        AccountUnlockByAdmin => "User account unlocked by administrator",
        ProfileUpdate => "Update user profile",
        PasswordReset => "User reset password",
        PasswordUpdate => "User update password",
        UserCreate => "Create user",
        UserActivate => "Activate user",
        UserReactivate => "Reactivate user",
        UserDeactivate => "Deactivate user",
        UserSuspend => "Suspend user",
        UserUnsuspend => "Unsuspend user",
        UserDeleteInitiated => "Delete user initiated",
        UserDeleteCompleted => "Delete user completed",
        OrgFactorActivate => "Activate factor",
        OrgFactorDeactivate => "Deactivate factor",
        TokenCreate => "Create API token",
        TokenRevoke => "Revoke API token",
        RateLimitWarning => "Rate limit warning",
        RateLimitViolation => "Rate limit violation",
        OperationRateLimitViolation => "Operation rate limit violation",
        _ => eventType,
    };
}
