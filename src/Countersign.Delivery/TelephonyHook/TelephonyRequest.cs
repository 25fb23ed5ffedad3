using Countersign.Delivery.Http;
using Countersign.Hooks;
using Countersign.Outbox;

namespace Countersign.Delivery.TelephonyHook;

/// <summary>The body of a telephony call, in the contract's order (15.2).</summary>
internal static class TelephonyRequest
{
    /// <summary>The type of the hook and of its events.</summary>
    public const string EventType = "com.okta.telephony.provider";

    public static byte[] Write(HookEndpoint hook, RenderedMessage message, string baseUrl, string eventId, DateTimeOffset now) => JsonBody.Write(json =>
    {
        json.WriteString("eventId", eventId);
        json.WriteString("eventTime", now.ToTimestamp());
        json.WriteString("eventType", EventType);
        json.WriteString("eventTypeVersion", "1.0");
        json.WriteString("contentType", "application/json");
        json.WriteString("cloudEventVersion", "0.1");
        json.WriteString("source", $"{baseUrl.TrimEnd('/')}/api/v1/inlineHooks/{hook.Id}");
        json.WriteString("requestType", message.Purpose == MessagePurpose.Activation
            ? "com.okta.user.telephony.pre-enrollment" : "com.okta.user.telephony.mfa-verification");
        json.WriteStartObject("data");

        json.WriteStartObject("context");
        json.WriteStartObject("request");
        json.WriteString("id", message.Origin.RequestId);
        json.WriteString("method", "POST");
        json.WriteStartObject("url");
        json.WriteString("value", message.Origin.Uri);
        json.WriteEndObject();
        json.WriteString("ipAddress", message.Origin.IpAddress);
        json.WriteEndObject();
        json.WriteEndObject();

        json.WriteStartObject("userProfile");
        json.WriteString("firstName", message.User.FirstName);
        json.WriteString("lastName", message.User.LastName);
        json.WriteString("login", message.User.Login);
        json.WriteString("userId", message.User.Id);
        json.WriteEndObject();

        json.WriteStartObject("messageProfile");
        if (message.Channel == Channel.Sms) json.WriteString("msgTemplate", message.Text);
        json.WriteString("phoneNumber", message.Recipient);
        if (message.Extension is { Length: > 0 }) json.WriteString("phoneExtension", message.Extension);
        json.WriteString("otpExpires", message.Expires.ToTimestamp());
        json.WriteString("deliveryChannel", message.Channel == Channel.Sms ? "SMS" : "voice call");
        json.WriteString("otpCode", message.Code);
        json.WriteString("locale", Locale(message.Language));
        json.WriteEndObject();

        json.WriteEndObject();
    });

    /// <summary>Upper case. Plain English is <c>EN-US</c>, as in the contract's example: endpoints were written against that.</summary>
    private static string Locale(string language)
        => language.Equals("en", StringComparison.OrdinalIgnoreCase) ? "EN-US" : language.ToUpperInvariant();
}
