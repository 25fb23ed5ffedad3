namespace Countersign.Users;

/// <summary>The statuses of a user (contract 6.1).</summary>
public enum UserStatus
{
    /// <summary>Made, not activated.</summary>
    Staged,
    /// <summary>Activated, without a password.</summary>
    Provisioned,
    /// <summary>In use.</summary>
    Active,
    /// <summary>Must set a new password after a reset.</summary>
    Recovery,
    /// <summary>Must change the password.</summary>
    PasswordExpired,
    /// <summary>Locked by wrong answers (contract 11.2).</summary>
    LockedOut,
    /// <summary>Suspended by an administrator.</summary>
    Suspended,
    /// <summary>Deactivated; the next delete removes the user.</summary>
    Deprovisioned,
}

/// <summary>The statuses' names on the wire.</summary>
public static class UserStatuses
{
    private static readonly string[] Names =
        ["STAGED", "PROVISIONED", "ACTIVE", "RECOVERY", "PASSWORD_EXPIRED", "LOCKED_OUT", "SUSPENDED", "DEPROVISIONED"];

    extension(UserStatus status)
    {
        /// <summary>The contract's name, for example <c>LOCKED_OUT</c>.</summary>
        public string Name => Names[(int)status];
    }

    /// <summary>Reads a contract's name.</summary>
    public static bool TryParse(string? name, out UserStatus status)
    {
        status = (UserStatus)Array.IndexOf(Names, name);
        return (int)status >= 0;
    }

    /// <summary>Reads a name that was stored.</summary>
    public static UserStatus Parse(string name)
        => TryParse(name, out var status) ? status : throw new FormatException($"'{name}' is not a user status");
}
