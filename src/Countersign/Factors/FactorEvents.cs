using Countersign.Outbox;
using Countersign.Requests;
using Countersign.SystemLog;
using Countersign.Users;

namespace Countersign.Factors;

/// <summary>The events of operations on factors (contract 16.3).</summary>
internal readonly record struct FactorEvents(RequestContext By)
{
    public LogEvent Verify(UserState user, FactorKind kind, Factor factor, string outcome, string? reason)
    {
        // In a verification the actor is the user who answers, not the application that passes the answer on (contract 16.2).
        var subject = Subject(user);
        return new LogEvent
        {
            EventType = LogEventTypes.Verify,
            Outcome = outcome,
            Reason = reason,
            Severity = outcome == "SUCCESS" ? "INFO" : "WARN",
            Actor = subject,
            Targets = [subject, Subject(kind, factor)],
            Request = By,
            Factor = kind.LogName,
        };
    }

    public LogEvent Factor(string eventType, UserState user, FactorKind kind, Factor factor) => new()
    {
        EventType = eventType,
        Reason = $"User {(eventType == LogEventTypes.FactorDeactivate ? "reset" : "set up")} {kind.LogName} factor",
        Actor = By.Actor,
        Targets = [Subject(user), Subject(kind, factor)],
        Request = By,
        Factor = kind.LogName,
    };

    /// <summary>A factor was not activated because of what its owner's device answered.</summary>
    public LogEvent Failed(UserState user, FactorKind kind, Factor? factor, string reason) => new()
    {
        EventType = LogEventTypes.FactorActivate,
        Outcome = "FAILURE",
        Reason = "INVALID_CREDENTIALS",
        Severity = "WARN",
        Actor = By.Actor,
        Targets = Targets(user, kind, factor),
        Request = By,
        Factor = kind.LogName,
        Details = Details("failure", reason),
    };

    /// <summary>One more thing that the log alone says; null when there is none.</summary>
    public static IReadOnlyDictionary<string, string>? Details(string name, string? text) => text is null ? null : new Dictionary<string, string> { [name] = text };

    /// <summary>What a changed factor is in the log: activated when it became active, updated when it was so before, nothing while it is pending.</summary>
    public IReadOnlyList<LogEvent> Change(UserState before, FactorKind kind, Factor factor)
        => factor.Status != FactorStatus.Active ? []
            : [Factor(before.Find(factor.Id) is { Status: FactorStatus.Active } ? LogEventTypes.FactorUpdate : LogEventTypes.FactorActivate, before, kind, factor)];

    public LogEvent Limited(UserState user, FactorKind kind, Factor? factor, string reason) => new()
    {
        EventType = LogEventTypes.OperationRateLimitViolation,
        Outcome = "DENY",
        Reason = reason,
        Severity = "WARN",
        Actor = By.Actor,
        Targets = Targets(user, kind, factor),
        Request = By,
        Factor = kind.LogName,
    };

    /// <summary>The code of a message was answered, for kinds that say so beside the verification.</summary>
    public IEnumerable<LogEvent> Redeem(UserState user, FactorKind kind, Factor factor, string outcome, string? reason)
        => kind.RedeemEvent is { } eventType ? [Verify(user, kind, factor, outcome, reason) with { EventType = eventType }] : [];

    /// <summary>A message of a factor: sent, not sent, or refused.</summary>
    public LogEvent Message(UserState user, FactorKind kind, Factor factor, FactorMessage message, string outcome, string? reason) => new()
    {
        EventType = MessageEvents.Sent(message.Channel, message.Purpose),
        Outcome = outcome,
        Reason = reason,
        Severity = outcome == "SUCCESS" ? "INFO" : "WARN",
        Actor = By.Actor,
        Targets = [Subject(user), Subject(kind, factor)],
        Request = By,
        Factor = kind.LogName,
    };

    public LogEvent User(string eventType, UserState user, string? reason) => new()
    {
        EventType = eventType,
        Reason = reason,
        Severity = "WARN",
        Actor = Subject(user),
        Targets = [Subject(user)],
        Request = By,
    };

    private static IReadOnlyList<LogSubject> Targets(UserState user, FactorKind kind, Factor? factor)
        => factor is null ? [Subject(user)] : [Subject(user), Subject(kind, factor)];

    /// <summary>The user as the log names them.</summary>
    public static LogSubject Subject(UserState user) => new(user.Id.Value, "User", user.Login, user.DisplayName);

    private static LogSubject Subject(FactorKind kind, Factor factor) => new(factor.Id.Value, "AuthenticatorEnrollment", "unknown", kind.DisplayName);
}
