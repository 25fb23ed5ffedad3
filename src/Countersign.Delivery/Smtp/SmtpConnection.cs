using System.Text;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;

namespace Countersign.Delivery.Smtp;

/// <summary>A connection to an SMTP server. One caller uses it at a time.</summary>
internal sealed class SmtpConnection : SmtpClient
{
    private readonly SmtpSettings _settings;

    public SmtpConnection(SmtpSettings settings, SmtpTrust trust)
    {
        _settings = settings;
        LocalDomain = settings.EhloDomain;
        // Where revocation lists cannot be fetched, as behind many firewalls, mail would stop; the default of .NET is the same.
        CheckCertificateRevocation = false;
        ServerCertificateValidationCallback = (_, certificate, chain, errors) => (CertificateFault = trust.FindFault(certificate, chain, errors)) is null;
    }

    /// <summary>What was wrong with the server's certificate; null for nothing.</summary>
    public string? CertificateFault { get; private set; }

    /// <summary>Whether the server took the recipient of the message that was sent last: until then it surely has no message.</summary>
    public bool HasTakenRecipient { get; private set; }

    /// <summary>Whether it is connected, and logged in where that is wanted.</summary>
    public bool IsReady => IsConnected && (_settings.UserName is null || IsAuthenticated);

    /// <summary>Since when nobody has used it.</summary>
    public DateTimeOffset IdleSince { get; set; }

    /// <summary>Connects, protects the connection as is set, and logs in.</summary>
    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        var protection = _settings.Security switch
        {
            "starttls" => SecureSocketOptions.StartTls,
            "tls" => SecureSocketOptions.SslOnConnect,
            _ => SecureSocketOptions.None,
        };
        await ConnectAsync(_settings.Host, _settings.Port, protection, cancellationToken).ConfigureAwait(false);
        if (_settings is { UserName: { } user, Password: { } password })
            await AuthenticateAsync(user, password, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Hands over a message and gives the server's answer.</summary>
    public Task<string> HandOverAsync(MimeMessage mail, CancellationToken cancellationToken)
    {
        HasTakenRecipient = false;
        // A name outside of ASCII needs SMTPUTF8 (RFC 6531 §3.2); a domain has an ASCII form.
        if (!Capabilities.HasFlag(SmtpCapabilities.UTF8) && mail.To.Mailboxes.Any(mailbox => !Ascii.IsValid(mailbox.LocalPart)))
            throw new NotSupportedException("The server does not offer SMTPUTF8");
        return SendAsync(mail, cancellationToken);
    }

    protected override void OnRecipientAccepted(MimeMessage message, MailboxAddress mailbox, SmtpResponse response) => HasTakenRecipient = true;
}
