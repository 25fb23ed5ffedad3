using Countersign.Outbox;
using Countersign.Settings;

namespace Countersign.Delivery.Twilio;

/// <summary>An account of Twilio, or of a service with the same interface. In the provider's section.</summary>
public sealed class TwilioSettings
{
    /// <summary>Where the interface is. Default <c>https://api.twilio.com</c>.</summary>
    public Uri BaseUrl { get; set; } = new("https://api.twilio.com");
    /// <summary>The account (<c>AC…</c>); absent: Twilio is not used. 1 to 100 characters.</summary>
    [Setting(1, 100)]
    public string? AccountSid { get; set; }
    /// <summary>The account's token. Callbacks are signed with it, so delivery receipts need it even where an API key is set. 1 to 200 characters.</summary>
    [Setting(1, 200, IsSecret = true)]
    public string? AuthToken { get; set; }
    /// <summary>An API key (<c>SK…</c>) to send with instead of the account's token. 1 to 100 characters.</summary>
    [Setting(1, 100)]
    public string? ApiKeySid { get; set; }
    /// <summary>The API key's secret. 1 to 200 characters.</summary>
    [Setting(1, 200, IsSecret = true)]
    public string? ApiKeySecret { get; set; }
    /// <summary>The number (E.164), short code or name that text messages come from. 1 to 100 characters.</summary>
    [Setting(1, 100)]
    public string? From { get; set; }
    /// <summary>The messaging service (<c>MG…</c>) that chooses where text messages come from; goes before <see cref="From"/>. 1 to 100 characters.</summary>
    [Setting(1, 100)]
    public string? MessagingServiceSid { get; set; }
    /// <summary>The number (E.164) that calls come from. Default: <see cref="From"/>. 1 to 100 characters.</summary>
    [Setting(1, 100)]
    public string? CallFrom { get; set; }

    /// <summary>What has to be set before messages of this channel can be sent, by its name; null when nothing is missing.</summary>
    public string? MissingFor(Channel channel)
    {
        if (AccountSid is null) return nameof(AccountSid);
        if (ApiKeySid is not null && ApiKeySecret is null) return nameof(ApiKeySecret);
        if (ApiKeySid is null && AuthToken is null) return nameof(AuthToken);
        return channel switch
        {
            Channel.Sms when MessagingServiceSid is null && From is null => nameof(From),
            Channel.Call when CallFrom is null && From is null => nameof(CallFrom),
            _ => null,
        };
    }
}
