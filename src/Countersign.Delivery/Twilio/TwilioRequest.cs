using System.Globalization;
using Countersign.Outbox;

namespace Countersign.Delivery.Twilio;

/// <summary>The request that sends a message.</summary>
/// <param name="Resource">What is made: <c>Messages</c> or <c>Calls</c>.</param>
/// <param name="Parameters">The form.</param>
internal sealed record TwilioRequest(string Resource, IReadOnlyList<KeyValuePair<string, string>> Parameters)
{
    private const int LongestValidity = 36_000;
    private const int LongestRinging = 60;

    /// <summary>The request for a message that still counts for so many seconds, at least one.</summary>
    public static TwilioRequest For(RenderedMessage message, TwilioSettings settings, Uri? callback, int secondsLeft) => message.Channel switch
    {
        Channel.Sms => Sms(message, settings, callback, secondsLeft),
        Channel.Call => Call(message, settings, callback, secondsLeft),
        _ => throw new ArgumentException($"Twilio does not send '{message.Channel.Name}'", nameof(message)),
    };

    /// <summary>https://www.twilio.com/docs/messaging/api/message-resource#create-a-message-resource</summary>
    private static TwilioRequest Sms(RenderedMessage message, TwilioSettings settings, Uri? callback, int secondsLeft)
    {
        List<KeyValuePair<string, string>> form =
        [
            new("To", message.Recipient),
            settings.MessagingServiceSid is { } service ? new("MessagingServiceSid", service) : new("From", settings.From!),
            new("Body", message.Text),
            // A message that waited in a queue until its code had ended would only confuse.
            new("ValidityPeriod", Text(Math.Clamp(secondsLeft, 1, LongestValidity))),
        ];
        if (callback is not null) form.Add(new("StatusCallback", callback.AbsoluteUri));
        return new TwilioRequest("Messages", form);
    }

    /// <summary>https://www.twilio.com/docs/voice/api/call-resource#create-a-call-resource</summary>
    private static TwilioRequest Call(RenderedMessage message, TwilioSettings settings, Uri? callback, int secondsLeft)
    {
        List<KeyValuePair<string, string>> form =
        [
            new("To", message.Recipient),
            new("From", settings.CallFrom ?? settings.From!),
            new("Twiml", Twiml.Of(message)),
            new("Timeout", Text(Math.Clamp(secondsLeft, 1, LongestRinging))),
        ];
        // Each 'w' waits half a second: a switchboard takes a moment before it listens.
        if (message.Extension is { Length: > 0 } extension) form.Add(new("SendDigits", $"ww{extension}"));
        if (callback is not null)
        {
            form.Add(new("StatusCallback", callback.AbsoluteUri));
            // 'completed' is sent for every end of a call, also busy, failed and unanswered ones.
            form.Add(new("StatusCallbackEvent", "completed"));
        }
        return new TwilioRequest("Calls", form);
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
