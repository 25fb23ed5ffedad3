using System.Globalization;
using Countersign.Factors;
using Countersign.Outbox;
using Countersign.Requests;
using Countersign.SystemLog;

namespace Countersign.Delivery.Pump;

/// <summary>The events of messages that came to their end (contract 16.3).</summary>
internal static class DeliveryEvents
{
    public static IReadOnlyList<LogEvent> Of(OutboxEntry entry, OpenedMessage? message, OutboxStatus status, string? provider, string? reason, HookVerdict? hooked)
    {
        var sent = status == OutboxStatus.Sent;
        List<LogEvent> events =
        [
            new LogEvent
            {
                EventType = MessageEvents.Sent(entry.Channel, entry.Purpose),
                Outcome = sent ? "SUCCESS" : "FAILURE",
                Reason = reason,
                Severity = sent ? "INFO" : "WARN",
                Actor = LogSubject.System,
                Targets = Targets(entry, message, provider),
                Request = Request(message),
                Factor = FactorName(entry),
                Details = Details(entry),
            },
        ];
        if (hooked is null) return events;
        var hook = new LogSubject(hooked.HookId, "InlineHook", "unknown", hooked.HookName);
        events.Add(Hook(LogEventTypes.InlineHookExecuted, hooked.Failure is OutboxReasons.HookSilent or OutboxReasons.HookUnreadable));
        events.Add(Hook(LogEventTypes.InlineHookProcessed, hooked.Failure is not null));
        return events;

        LogEvent Hook(string eventType, bool failed) => new()
        {
            EventType = eventType,
            Outcome = failed ? "FAILURE" : "SUCCESS",
            Reason = failed ? hooked.Detail ?? hooked.Failure : null,
            Severity = failed ? "WARN" : "INFO",
            Actor = LogSubject.System,
            Targets = [hook],
            Request = Request(message),
        };
    }

    /// <summary>What a provider said later; null where the contract has no event of it.</summary>
    public static LogEvent? Receipt(OutboxEntry entry, OutboxReceipt receipt) => MessageEvents.Receipt(entry.Channel) is not { } eventType ? null : new LogEvent
    {
        EventType = eventType,
        Outcome = receipt.Status == ReceiptStatus.Delivered ? "SUCCESS" : "FAILURE",
        Reason = receipt.Reason,
        Severity = receipt.Status == ReceiptStatus.Delivered ? "INFO" : "WARN",
        Actor = LogSubject.System,
        Targets = Targets(entry, null, receipt.Provider),
        Factor = FactorName(entry),
        Details = Details(entry),
    };

    private static List<LogSubject> Targets(OutboxEntry entry, OpenedMessage? message, string? provider)
    {
        var targets = new List<LogSubject>(3);
        if (entry.Channel == Channel.EventHook) targets.Add(new LogSubject(entry.Recipient, "EventHook", "unknown", "unknown"));
        if (entry.User is { } user) targets.Add(new LogSubject(user.Value, "User", message?.User.Login ?? "unknown", message is null ? "unknown" : $"{message.User.FirstName} {message.User.LastName}"));
        if ((entry.Factor ?? (entry.Channel == Channel.Push ? new FactorId(entry.Recipient) : null)) is { } factor) targets.Add(new LogSubject(factor.Value, "AuthenticatorEnrollment", "unknown", entry.Channel.Name));
        if (provider is not null && entry.Channel != Channel.EventHook) targets.Add(new LogSubject(provider, "DeliveryProvider", "unknown", provider));
        return targets;
    }

    private static RequestContext? Request(OpenedMessage? message) => message is null ? null : new RequestContext
    {
        RequestId = message.Origin.RequestId,
        Uri = message.Origin.Uri,
        IpAddress = message.Origin.IpAddress,
        Actor = LogSubject.System,
    };

    private static string? FactorName(OutboxEntry entry) => (entry.Channel, entry.Purpose) switch
    {
        (_, MessagePurpose.ActivationLink or MessagePurpose.Report) or (Channel.Push, _) => "OKTA_VERIFY_PUSH",
        (Channel.Sms, _) => "SMS_FACTOR",
        (Channel.Call, _) => "CALL_FACTOR",
        (Channel.Email, _) => "EMAIL_FACTOR",
        _ => null,
    };

    private static Dictionary<string, string> Details(OutboxEntry entry) => new()
    {
        ["messageId"] = entry.Id,
        ["attempts"] = entry.Attempts.ToString(CultureInfo.InvariantCulture),
        ["tokenLifetimeSeconds"] = ((int)(entry.Expires - entry.Created).TotalSeconds).ToString(CultureInfo.InvariantCulture),
    };
}
