using System.Globalization;
using Countersign.Outbox;

namespace Countersign.Delivery.Twilio;

/// <summary>What Twilio says of a message or call that it had accepted.</summary>
/// <param name="Reference">Twilio's id of the message or call, as it was answered when it was accepted.</param>
/// <param name="Status">What became of it.</param>
/// <param name="Reason">Twilio's word and error code, for example <c>undelivered 30003</c>; null where it arrived or is on its way.</param>
public sealed record TwilioStatus(string Reference, ReceiptStatus Status, string? Reason)
{
    /// <summary>Reads the form of a status callback; null when it is none.</summary>
    public static TwilioStatus? Read(IReadOnlyDictionary<string, string> form)
    {
        if (First(form, "MessageSid", "SmsSid", "CallSid") is not { Length: <= 200 } reference) return null;
        // A call's callback carries CallStatus alone; a message's carries MessageStatus and, for old programs, SmsStatus.
        var word = First(form, "MessageStatus", "SmsStatus", "CallStatus");
        return StatusOf(word) is { } status
            ? new TwilioStatus(reference, status, status == ReceiptStatus.Undelivered ? ReasonOf(word!, First(form, "ErrorCode", "SipResponseCode")) : null) : null;
    }

    /// <summary>
    /// https://www.twilio.com/docs/messaging/api/message-resource#message-status-values and https://www.twilio.com/docs/voice/api/call-resource#call-status-values.
    /// <c>sent</c> means handed to the network, so nothing is known yet; some networks never say more. A completed call was answered.
    /// </summary>
    private static ReceiptStatus? StatusOf(string? word) => word switch
    {
        "accepted" or "scheduled" or "queued" or "sending" or "sent" or "initiated" or "ringing" or "in-progress" or "answered" => ReceiptStatus.Pending,
        "delivered" or "read" or "completed" => ReceiptStatus.Delivered,
        "undelivered" or "failed" or "canceled" or "busy" or "no-answer" => ReceiptStatus.Undelivered,
        _ => null,
    };

    /// <summary>The code is kept only when it is a number: nothing of the callback's own words.</summary>
    private static string ReasonOf(string word, string? code)
        => int.TryParse(code, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? $"{word} {number.ToString(CultureInfo.InvariantCulture)}" : word;

    private static string? First(IReadOnlyDictionary<string, string> form, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
            if (form.TryGetValue(name, out var value) && value.Length > 0) return value;
        return null;
    }
}
