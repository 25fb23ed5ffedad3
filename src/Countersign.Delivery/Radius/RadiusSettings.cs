using Countersign.Settings;

namespace Countersign.Delivery.Radius;

/// <summary>How RADIUS servers are asked about one kind of token. Sections <c>Countersign:Rsa:Radius</c> and <c>Countersign:Symantec:Radius</c>.</summary>
public sealed class RadiusSettings
{
    /// <summary>What servers are told of who asks (RFC 2865 §5.32). Default <c>countersign</c>; 1 to 64 characters.</summary>
    [Setting(1, 64)]
    public string NasIdentifier { get; set; } = "countersign";
    /// <summary>How long a server may take before it is asked again over UDP; each further wait is twice as long (RFC 5080 §2.2.1). Default 2 seconds; 0.02 seconds to 30 seconds.</summary>
    [Setting(0.02, 30)]
    public TimeSpan ResendAfter { get; set; } = TimeSpan.FromSeconds(2);
    /// <summary>How long one server may take in all before the next one is asked. Default 7 seconds; 0.05 seconds to 1 minute.</summary>
    [Setting(0.05, 60)]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(7);
    /// <summary>How long a server that did not answer is passed over while another one answers. Default 30 seconds; zero to 1 hour.</summary>
    [Setting(0, 3600)]
    public TimeSpan DeadFor { get; set; } = TimeSpan.FromSeconds(30);
    /// <summary>Passcodes that are asked about at once; further ones wait. Default 64; 1 to 200.</summary>
    [Setting(1, 200)]
    public int MostAtOnce { get; set; } = 64;
}

/// <summary>One RADIUS server. Sections <c>…:Radius:Servers:{Name}</c>, asked in the order of their names.</summary>
public sealed class RadiusServerSettings
{
    /// <summary>The server's name or address. 1 to 255 characters.</summary>
    [Setting(1, 255)]
    public string Host { get; set; } = "";
    /// <summary>The server's port; 0 for the usual one: 1812 over UDP, 2083 over TLS. Default 0; up to 65535.</summary>
    [Setting(0, 65_535)]
    public int Port { get; set; }
    /// <summary>The secret shared with the server; needed over UDP. Over TLS it is <c>radsec</c> (RFC 6614 §2.3) unless the server wants another. 6 to 128 characters.</summary>
    [Setting(6, 128, IsSecret = true)]
    public string Secret { get; set; } = "";
    /// <summary>
    /// Whether an answer must have a Message-Authenticator. Without it somebody on the way can turn a refusal into an acceptance (CVE-2024-3596); false only for servers that
    /// cannot be taught, over a network that is safe. Default true.
    /// </summary>
    [Setting]
    public bool RequireMessageAuthenticator { get; set; } = true;
    /// <summary>Whether the server is spoken to over TLS (RFC 6614). Default false.</summary>
    [Setting]
    public bool Tls { get; set; }
    /// <summary>The name that the server's certificate must be for; empty for <see cref="Host"/>. Default empty; up to 255 characters.</summary>
    [Setting(0, 255)]
    public string TlsHost { get; set; } = "";
    /// <summary>A PEM file with the authorities of which one must have issued the server's certificate; empty for those that the system trusts. Default empty.</summary>
    [Setting(0, 4096)]
    public string CaFile { get; set; } = "";
    /// <summary>The certificate that the server is shown: a PFX file, or a PEM file; empty for none. Default empty.</summary>
    [Setting(0, 4096)]
    public string CertificateFile { get; set; } = "";
    /// <summary>The key of a certificate in PEM form, where it is in a file of its own. Default empty.</summary>
    [Setting(0, 4096)]
    public string CertificateKeyFile { get; set; } = "";
    /// <summary>The password of the certificate's file or key; empty for none. Default empty; up to 1000 characters.</summary>
    [Setting(0, 1000, IsSecret = true)]
    public string CertificatePassword { get; set; } = "";

    /// <summary>What is wrong with the settings together; null for nothing.</summary>
    public string? Fault() => Host.Length == 0 ? $"{nameof(Host)}: found nothing, allowed are 1 to 255 characters"
        : !Tls && Secret.Length == 0 ? $"{nameof(Secret)}: found nothing; over UDP a server needs one"
        : null;
}
