using Countersign.Users;

namespace Countersign.Attempts;

/// <summary>How tries change a user's state (contract 11.2, 4.2). Pure.</summary>
public sealed class AttemptRules(AttemptLimits limits)
{
    /// <summary>Until when no further answer is heard, or null.</summary>
    public DateTimeOffset? WrongFullUntil(UserState user, DateTimeOffset now)
        => user.Attempts.Wrong.FullUntil(now, limits.WrongPerWindow, limits.WrongWindow);

    /// <summary>The state with one more try, counted as wrong until it is known to be right.</summary>
    public UserState Count(UserState user, DateTimeOffset now) => user with
    {
        Attempts = user.Attempts with { WrongInARow = user.Attempts.WrongInARow + 1, Wrong = user.Attempts.Wrong.Add(now, limits.WrongWindow) },
    };

    /// <summary>The state after a right answer: the row is broken, and the window is as it was before this try.</summary>
    public static UserState Succeed(UserState counted, UserState before) => counted with
    {
        Attempts = counted.Attempts with { WrongInARow = 0, Wrong = before.Attempts.Wrong },
    };

    /// <summary>The state, locked when the row of wrong answers is long enough.</summary>
    public UserState LockWhenDue(UserState counted, DateTimeOffset now)
        => counted.Attempts.WrongInARow >= limits.LockoutThreshold ? Lock(counted, now) : counted;

    /// <summary>The state after a wrong password, locked when due. Passwords are counted apart from codes.</summary>
    public UserState WrongPassword(UserState user, DateTimeOffset now)
    {
        var counted = user with { Attempts = user.Attempts with { WrongPasswordsInARow = user.Attempts.WrongPasswordsInARow + 1 } };
        return counted.Attempts.WrongPasswordsInARow >= limits.PasswordLockoutThreshold ? Lock(counted, now) : counted;
    }

    /// <summary>Until when no further activation is tried, or null.</summary>
    public DateTimeOffset? ActivationsFullUntil(UserState user, DateTimeOffset now)
        => user.Attempts.Activations.FullUntil(now, limits.ActivationsPerWindow, limits.ActivationWindow);

    /// <summary>The state with one more activation try.</summary>
    public UserState CountActivation(UserState user, DateTimeOffset now) => user with
    {
        Attempts = user.Attempts with { Activations = user.Attempts.Activations.Add(now, limits.ActivationWindow) },
    };

    /// <summary>The state without its lock, when that has lasted its time; else as it is.</summary>
    public UserState EndLock(UserState user, DateTimeOffset now)
        => user.Status == UserStatus.LockedOut && limits.LockoutDuration > TimeSpan.Zero && now >= user.StatusChanged + limits.LockoutDuration
            ? Unlock(user, now) : user;

    /// <summary>The state without its lock and without the tries that led to it.</summary>
    public static UserState Unlock(UserState user, DateTimeOffset now) => user.MoveTo(user.StatusBeforeLock ?? UserStatus.Active, now.ToWholeSeconds()) with
    {
        StatusBeforeLock = null,
        Attempts = default,
    };

    private static UserState Lock(UserState user, DateTimeOffset now) => user.Status == UserStatus.LockedOut ? user
        : user.MoveTo(UserStatus.LockedOut, now.ToWholeSeconds()) with { StatusBeforeLock = user.Status };
}
