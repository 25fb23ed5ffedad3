using Countersign.Settings;

namespace Countersign.Delivery.Smpp;

/// <summary>An account at a message center that speaks SMPP v3.4. In the provider's section.</summary>
public sealed class SmppSettings
{
    /// <summary>The message center's name or address; a provider needs one. Default empty; up to 255 characters.</summary>
    [Setting(0, 255)]
    public string Host { get; set; } = "";
    /// <summary>The message center's port. Default 2775; 1 to 65535.</summary>
    [Setting(1, 65_535)]
    public int Port { get; set; } = 2775;
    /// <summary>Whether the connection is encrypted. The certificate is always verified. Default false.</summary>
    [Setting]
    public bool Tls { get; set; }
    /// <summary>The name that the certificate must be for; empty for <see cref="Host"/>. Default empty; up to 255 characters.</summary>
    [Setting(0, 255)]
    public string TlsHost { get; set; } = "";
    /// <summary>Whether the certificate must be for the host. False is allowed only beside <see cref="CaFile"/>, for certificates that name no host. Default true.</summary>
    [Setting]
    public bool TlsHostCheck { get; set; } = true;
    /// <summary>A PEM file with the authorities of which one must have issued the certificate; empty for those that the system trusts. Default empty.</summary>
    [Setting(0, 4096)]
    public string CaFile { get; set; } = "";

    /// <summary>The account's name (SMPP v3.4 §5.2.1). Default empty; up to 15 ASCII characters.</summary>
    [Setting(0, 15)]
    public string SystemId { get; set; } = "";
    /// <summary>The account's password (§5.2.2). Default empty; up to 8 ASCII characters.</summary>
    [Setting(0, 8, IsSecret = true)]
    public string Password { get; set; } = "";
    /// <summary>The kind of client, where the message center asks for one (§5.2.3). Default empty; up to 12 ASCII characters.</summary>
    [Setting(0, 12)]
    public string SystemType { get; set; } = "";
    /// <summary>The service that messages use, where the message center offers several (§5.2.11). Default empty; up to 5 ASCII characters.</summary>
    [Setting(0, 5)]
    public string ServiceType { get; set; } = "";

    /// <summary>The sender: a number with its plus, a short code, or a name of up to 11 characters; empty for the account's own. Default empty; up to 20 ASCII characters.</summary>
    [Setting(0, 20)]
    public string From { get; set; } = "";
    /// <summary>
    /// The sender's type of number (§5.2.5); -1 for what its form says: 1 for an international number, 3 for a short code, 5 for a name. Default -1; up to 6.
    /// </summary>
    [Setting(-1, 6)]
    public int FromTon { get; set; } = -1;
    /// <summary>The sender's numbering plan (§5.2.6); -1 for what its form says: 1 for an international number, else 0. Default -1; up to 18.</summary>
    [Setting(-1, 18)]
    public int FromNpi { get; set; } = -1;

    /// <summary>The most requests that wait for the message center's answer. Default 10; 1 to 1000.</summary>
    [Setting(1, 1000)]
    public int Window { get; set; } = 10;
    /// <summary>How long the message center may be silent before it is asked whether it is there. Default 30 seconds; 1 second to 1 hour.</summary>
    [Setting(1, 3600)]
    public TimeSpan EnquireLink { get; set; } = TimeSpan.FromSeconds(30);
    /// <summary>How long the message center may take to connect and for each answer. Default 10 seconds; 1 second to 5 minutes.</summary>
    [Setting(1, 300)]
    public TimeSpan ResponseTimeout { get; set; } = TimeSpan.FromSeconds(10);
    /// <summary>The wait before the first new connection after one was lost; it doubles with each that fails. Default 1 second; 1 second to 1 hour.</summary>
    [Setting(1, 3600)]
    public TimeSpan Reconnect { get; set; } = TimeSpan.FromSeconds(1);
    /// <summary>The longest wait before a new connection. Default 30 seconds; 1 second to 1 hour.</summary>
    [Setting(1, 3600)]
    public TimeSpan ReconnectMost { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Whether a text that is too long for one message goes to the message center whole (message_payload, §5.3.2.32) and not in segments. Default false.</summary>
    [Setting]
    public bool MessagePayload { get; set; }
    /// <summary>
    /// How receipts name a message: <c>same</c> as the answer did, or <c>hexToDecimal</c> where the answer has the number in hexadecimal and the receipt's text in decimal.
    /// Default <c>same</c>.
    /// </summary>
    [Setting(Allowed = [MessageIdForms.Same, MessageIdForms.HexToDecimal])]
    public string MessageIds { get; set; } = MessageIdForms.Same;
}
