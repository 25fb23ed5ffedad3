using Countersign.Settings;

namespace Countersign.Delivery.Webhook;

/// <summary>A service of one's own that sends the messages. In the provider's section.</summary>
public sealed class WebhookSettings
{
    /// <summary>Where messages are posted to; absent: the webhook is not used.</summary>
    public Uri? Url { get; set; }
    /// <summary>The secret that signs what is posted: <c>whsec_</c> and 24 to 64 bytes in base64. 10 to 200 characters.</summary>
    [Setting(10, 200, IsSecret = true)]
    public string? Secret { get; set; }
    /// <summary>Further headers, each written <c>Name: value</c>. None by default; 3 to 4,000 characters each.</summary>
    [Setting(3, 4_000, IsSecret = true)]
    public string[] Headers { get; set; } = [];
}
