using System.Net;
using Countersign.Settings;
using MimeKit;

namespace Countersign.Delivery.Smtp;

/// <summary>How mail is handed to an SMTP server (RFC 5321, RFC 6409).</summary>
public sealed class SmtpSettings
{
    /// <summary>The server's name, which its certificate must bear. Required; 1 to 255 characters.</summary>
    [Setting(1, 255)]
    public string Host { get; set; } = "";
    /// <summary>The server's port. Default 587, for submission; 1 to 65,535.</summary>
    [Setting(1, 65_535)]
    public int Port { get; set; } = 587;
    /// <summary>
    /// How the connection is protected. <c>starttls</c>: by STARTTLS, and nothing is sent where it is not offered; <c>tls</c>: from its first byte (usually port 465);
    /// <c>none</c>: not at all, which is refused together with a user name unless the server is on this machine. Default <c>starttls</c>.
    /// </summary>
    [Setting(Allowed = ["starttls", "tls", "none"])]
    public string Security { get; set; } = "starttls";
    /// <summary>The user to log in as; absent: none. 1 to 255 characters.</summary>
    [Setting(1, 255)]
    public string? UserName { get; set; }
    /// <summary>That user's password. 1 to 1,000 characters.</summary>
    [Setting(1, 1000, IsSecret = true)]
    public string? Password { get; set; }
    /// <summary>The address that mail comes from, for example <c>no-reply@example.com</c>. Required; 3 to 254 characters.</summary>
    [Setting(3, 254)]
    public string From { get; set; } = "";
    /// <summary>The name shown beside it; absent: none. 1 to 100 characters.</summary>
    [Setting(1, 100)]
    public string? FromName { get; set; }
    /// <summary>A PEM file with certificates of authorities that are trusted besides those of the operating system; absent: none. 1 to 4,096 characters.</summary>
    [Setting(1, 4096)]
    public string? CaCertificateFile { get; set; }
    /// <summary>The name that the server is greeted with (EHLO). Default: the address of this machine; 1 to 255 characters.</summary>
    [Setting(1, 255)]
    public string? EhloDomain { get; set; }
    /// <summary>Connections open at once; further messages wait for one. Default 4; 1 to 100.</summary>
    [Setting(1, 100)]
    public int MaxConnections { get; set; } = 4;
    /// <summary>How long an unused connection is kept for the next message; zero: each message has its own. Default 30 seconds; zero to 10 minutes.</summary>
    [Setting(0, 600)]
    public TimeSpan IdleTimeout { get; set; } = TimeSpan.FromSeconds(30);
    /// <summary>How long handing over a message may take, from the wait for a connection to the server's last answer. Default 30 seconds; 1 second to 10 minutes.</summary>
    [Setting(1, 600)]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Checks what the bounds of single settings do not say.</summary>
    /// <exception cref="SettingsException">They do not fit together.</exception>
    internal void Check(string provider)
    {
        if (Host.Length == 0)
            throw Fault(provider, nameof(Host), "is missing");
        if (Security is not ("starttls" or "tls" or "none"))
            throw Fault(provider, nameof(Security), $"is '{Security}'; allowed are 'starttls', 'tls', 'none'");
        if (!MailboxAddress.TryParse(From, out var from) || from.Address != From || from.Domain.Length == 0)
            throw Fault(provider, nameof(From), "is not an e-mail address such as no-reply@example.com");
        if (UserName is null != Password is null)
            throw Fault(provider, UserName is null ? nameof(UserName) : nameof(Password), "is missing: a user name and a password belong together");
        if (Security == "none" && UserName is not null && !IsLoopback(Host))
            throw Fault(provider, nameof(Security), "is 'none', which would send the password in the clear; use 'starttls' or 'tls'");
    }

    private static bool IsLoopback(string host)
        => host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));

    private static SettingsException Fault(string provider, string setting, string fault) => new($"{setting} of the SMTP provider '{provider}' {fault}.");
}
