using System.Net.Sockets;
using System.Text.RegularExpressions;
using Countersign.Outbox;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;

namespace Countersign.Delivery.Smtp;

/// <summary>What the faults of a connection mean, in words that hold no address and no code.</summary>
internal static partial class SmtpFaults
{
    private const int MaxLength = 200;

    /// <summary>Whether it is a fault of the server, of the network or of the settings, not of the program.</summary>
    public static bool IsExpected(Exception fault)
        => fault is CommandException or ProtocolException or IOException or SocketException or AuthenticationException or System.Security.Authentication.AuthenticationException
            or SslHandshakeException or NotSupportedException or ServiceNotConnectedException or ServiceNotAuthenticatedException or TimeoutException or ObjectDisposedException;

    /// <summary>Whether the server, or something on the way, ended the connection. A 421 says so politely (RFC 5321 §3.8).</summary>
    public static bool IsLoss(Exception fault)
        => fault is IOException or SocketException or ProtocolException or ServiceNotConnectedException or SmtpCommandException { StatusCode: SmtpStatusCode.ServiceNotAvailable };

    /// <summary>What became of a message whose sending ended with a fault.</summary>
    public static DeliveryResult Judge(Exception fault, SmtpConnection connection, RenderedMessage message)
    {
        if (fault is SmtpCommandException refusal)
        {
            var answer = $"{(int)refusal.StatusCode} {Quote(refusal.Message, message)}".TrimEnd();
            return IsFinal(refusal) ? new DeliveryResult.Rejected(Cut(answer)) : new DeliveryResult.Failed(Cut(answer));
        }
        return new DeliveryResult.Failed(
            connection.HasTakenRecipient && IsLoss(fault) ? "the connection was lost before the server's last answer; the message may have been accepted" : Describe(fault, connection));
    }

    /// <summary>What went wrong while connecting, logging in or asking.</summary>
    public static string Describe(Exception fault, SmtpConnection connection) => fault switch
    {
        _ when connection.CertificateFault is { } reason => reason,
        // What a server says here may repeat the user name.
        AuthenticationException => "the server refused the user name or the password",
        NotSupportedException when connection.IsReady => "the server takes only ASCII in addresses",
        NotSupportedException when connection.IsConnected => "the server offers no way of logging in that is known here",
        NotSupportedException => "the server does not offer STARTTLS",
        SslHandshakeException or System.Security.Authentication.AuthenticationException => "TLS could not be agreed with the server",
        SmtpCommandException refusal => Cut($"the server answered {(int)refusal.StatusCode} {Quote(refusal.Message, null)}".TrimEnd()),
        ProtocolException or ServiceNotConnectedException => "the server does not speak SMTP, or hung up",
        SocketException socket => $"the server cannot be reached: {socket.SocketErrorCode}",
        TimeoutException => "the server did not answer in time",
        _ => "the connection to the server was lost",
    };

    /// <summary>The server's answer to a message that it took, by which its operator finds it; the message's own id where it would say whose the message is.</summary>
    public static string? Reference(string answer, string? messageId, RenderedMessage message)
    {
        var line = Quote(answer, message);
        return line.Length > 0 && !line.Contains('…', StringComparison.Ordinal) ? Cut(line) : messageId;
    }

    // 550, 551, 553 and 554 say that the mailbox or the message is refused for good (RFC 5321 §4.2.2). Not so with an enhanced code of class 7, security and policy
    // (RFC 3463 §3.8): "relaying denied" is about the sender, whom another provider may serve.
    private static bool IsFinal(SmtpCommandException refusal)
        => (int)refusal.StatusCode is 550 or 551 or 553 or 554
            && refusal.ErrorCode is SmtpErrorCode.RecipientNotAccepted or SmtpErrorCode.MessageNotAccepted
            && !PolicyCode().IsMatch(refusal.Message);

    // Servers like to repeat the address, and filters what they dislike.
    private static string Quote(string answer, RenderedMessage? message)
    {
        var text = Address().Replace(answer, "…");
        if (message is not null)
        {
            text = message.WithoutSecrets(text);
            if (message.Recipient.LastIndexOf('@') is > 0 and var at)
                text = Regex.Replace(text, $@"(?<!\w){Regex.Escape(message.Recipient[..at])}(?!\w)", "…", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);
        }
        return string.Concat(text.Select(character => char.IsControl(character) ? ' ' : character)).Trim();
    }

    private static string Cut(string text) => text.Length <= MaxLength ? text : text[..MaxLength];

    [GeneratedRegex(@"[^\s<>]*@[^\s<>]*", RegexOptions.CultureInvariant)]
    private static partial Regex Address();

    [GeneratedRegex(@"^\s*5\.7\.\d{1,3}\b", RegexOptions.CultureInvariant)]
    private static partial Regex PolicyCode();
}
