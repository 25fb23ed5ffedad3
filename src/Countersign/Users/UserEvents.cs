using Countersign.Requests;
using Countersign.SystemLog;

namespace Countersign.Users;

/// <summary>The events of operations on users (contract 16.3).</summary>
internal readonly record struct UserEvents(RequestContext By)
{
    public LogEvent Of(string eventType, UserState user, string? reason = null) => new()
    {
        EventType = eventType,
        Reason = reason,
        Actor = By.Actor,
        Targets = [Subject(user)],
        Request = By,
    };

    /// <summary>A proof that was wrong, and the lock when it led to one.</summary>
    public IReadOnlyList<LogEvent> Wrong(string eventType, UserState before, UserState after)
    {
        var failed = Of(eventType, before, "INVALID_CREDENTIALS") with { Outcome = "FAILURE", Severity = "WARN" };
        if (after.Status != UserStatus.LockedOut) return [failed];
        return [failed, Of(LogEventTypes.AccountLock, before, "Number of failed logins exceeds threshold") with { Actor = Subject(before), Severity = "WARN" }];
    }

    private static LogSubject Subject(UserState user) => new(user.Id.Value, "User", user.Login, user.DisplayName);
}
