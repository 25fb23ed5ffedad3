using Countersign.Delivery.Smtp;
using Countersign.Testing.Mail;
using Microsoft.Extensions.Logging.Abstractions;

namespace Countersign.Delivery.Tests.Smtp;

/// <summary>Providers for the servers of these tests.</summary>
internal static class SmtpProviders
{
    /// <summary>The right settings for a server.</summary>
    public static SmtpSettings For(MailServer server) => new()
    {
        Host = "localhost",
        Port = server.Port,
        UserName = MailServer.UserName,
        Password = MailServer.Password,
        From = "no-reply@example.org",
        FromName = "Bücher & Söhne",
        CaCertificateFile = server.CaCertificateFile,
    };

    /// <summary>The right settings for a scripted server.</summary>
    public static SmtpSettings For(ScriptedMailServer server) => new() { Host = "127.0.0.1", Port = server.Port, Security = "none", From = "no-reply@example.org" };

    public static SmtpProvider Create(SmtpSettings settings, TimeProvider? clock = null) => new("mail", settings, clock ?? TimeProvider.System, NullLogger.Instance);
}
