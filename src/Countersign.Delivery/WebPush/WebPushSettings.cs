using Countersign.Settings;

namespace Countersign.Delivery.WebPush;

/// <summary>How devices are told of requests while their app is closed (RFC 8030). Section <c>Countersign:Push:WebPush</c>.</summary>
public sealed class WebPushSettings
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Countersign:Push:WebPush";

    private const string Mail = "mailto:";

    /// <summary>Whether Web Push is sent. Default: yes. Without it devices learn of requests while they are open.</summary>
    public bool Enabled { get; set; } = true;
    /// <summary>
    /// The push services that messages are posted to: a host (<c>push.example.com</c>), the hosts below one (<c>*.push.example.com</c>), both at <c>https</c> on its own port and at public addresses;
    /// or a whole origin (<c>http://127.0.0.1:9000</c>). Default: those of the browsers. 1 to 300 characters each.
    /// </summary>
    [Setting(1, 300)]
    public string[] Services { get; set; } =
    [
        "fcm.googleapis.com", "updates.push.services.mozilla.com", "*.push.services.mozilla.com", "*.notify.windows.com", "web.push.apple.com", "*.push.apple.com",
    ];
    /// <summary>Whom a push service may turn to (RFC 8292 §2.1): a <c>mailto:</c> or <c>https:</c> address. Default: <c>Countersign:PublicUrl</c> where it is <c>https</c>. 8 to 300 characters.</summary>
    [Setting(8, 300)]
    public string? Contact { get; set; }
    /// <summary>How long a push service may take over one message. Default 10 seconds; 0.1 seconds to 2 minutes.</summary>
    [Setting(0.1, 120)]
    public TimeSpan TimeLimit { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>What is wrong, each with its key below the section; none when nothing is.</summary>
    public IEnumerable<string> Faults()
    {
        for (var i = 0; i < Services.Length; i++)
            if (PushService.TryParse(Services[i]) is null)
                yield return $"{nameof(Services)}:{i}: found '{Services[i]}', allowed are a host name (push.example.com), the hosts below one (*.push.example.com), and a whole http or https origin (http://127.0.0.1:9000)";
        if (Contact is not null && !IsContact(Contact)) yield return $"{nameof(Contact)}: found '{Contact}', allowed is a mailto: or https: address";
    }

    /// <summary>Whom push services may turn to; null when nobody is known.</summary>
    /// <param name="publicUrl">Countersign's public address; null when it is not configured.</param>
    public string? ContactAt(Uri? publicUrl) => Contact ?? (publicUrl is { Scheme: "https" } ? publicUrl.AbsoluteUri.TrimEnd('/') : null);

    private static bool IsContact(string contact)
        => contact.All(character => character is > ' ' and < '\x7f')
            && (contact.StartsWith(Mail, StringComparison.Ordinal) ? contact.IndexOf('@', StringComparison.Ordinal) > Mail.Length : Uri.TryCreate(contact, UriKind.Absolute, out var url) && url.Scheme == "https");
}
