using Countersign.SystemLog;

namespace Countersign.Outbox;

/// <summary>The events of messages (contract 16.3).</summary>
public static class MessageEvents
{
    /// <summary>The event type of a message that was sent, or was not.</summary>
    public static string Sent(Channel channel, MessagePurpose purpose) => (channel, purpose) switch
    {
        (Channel.Sms, MessagePurpose.ActivationLink) => LogEventTypes.SmsLinkSent,
        (Channel.Sms, MessagePurpose.Activation) => LogEventTypes.SmsEnrollSent,
        (Channel.Sms, _) => LogEventTypes.SmsVerifySent,
        (Channel.Call, MessagePurpose.Activation) => LogEventTypes.CallEnrollSent,
        (Channel.Call, _) => LogEventTypes.CallVerifySent,
        (Channel.Email, _) => LogEventTypes.EmailSent,
        (Channel.Push, _) => LogEventTypes.PushSent,
        _ => LogEventTypes.EventHookDelivery,
    };

    /// <summary>The event type of what a provider said later; null where the contract has none.</summary>
    public static string? Receipt(Channel channel) => channel switch
    {
        Channel.Sms => LogEventTypes.SmsReceipt,
        Channel.Call => LogEventTypes.CallReceipt,
        _ => null,
    };
}
