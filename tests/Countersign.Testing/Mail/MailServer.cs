using System.Buffers;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using MimeKit;
using SmtpServer;
using SmtpServer.Authentication;
using SmtpServer.Mail;
using SmtpServer.Protocol;
using SmtpServer.Storage;
using Mailbox = System.Threading.Channels.Channel<MimeKit.MimeMessage>;

namespace Countersign.Testing.Mail;

/// <summary>An SMTP server on a loopback port that takes mail over STARTTLS from one user, and hands it to the test.</summary>
public sealed class MailServer : IAsyncDisposable
{
    public const string UserName = "countersign";
    public const string Password = "correct horse battery staple";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly TestAuthority _authority = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<string, Mailbox> _mailboxes = new(StringComparer.OrdinalIgnoreCase);
    private readonly X509Certificate2 _certificate;
    private readonly Task _running;
    private int _sessions;

    private MailServer(Func<TestAuthority, X509Certificate2> certificate, bool isTlsFromStart)
    {
        _certificate = certificate(_authority);
        Port = FreePort();
        var options = new SmtpServerOptionsBuilder()
            .ServerName("localhost")
            .Endpoint(endpoint => endpoint
                .Endpoint(new IPEndPoint(IPAddress.Loopback, Port)).Certificate(_certificate).IsSecure(isTlsFromStart).AuthenticationRequired(true).AllowUnsecureAuthentication(false))
            .Build();
        var services = new SmtpServer.ComponentModel.ServiceProvider();
        services.Add(new DelegatingUserAuthenticator((user, password) => user == UserName && password == Password));
        services.Add((IMailboxFilter)new Filter(this));
        services.Add((IMessageStore)new Store(this));
        var server = new SmtpServer.SmtpServer(options, services);
        server.SessionCreated += (_, _) => Interlocked.Increment(ref _sessions);
        _running = server.StartAsync(_stop.Token);
    }

    /// <summary>Where it listens, on <c>localhost</c>.</summary>
    public int Port { get; }
    /// <summary>The PEM file of the authority that speaks for it.</summary>
    public string CaCertificateFile => _authority.CertificateFile;
    /// <summary>How many connections it has had.</summary>
    public int Sessions => Volatile.Read(ref _sessions);
    /// <summary>What it answers to a recipient instead of taking it, for example <c>(550, "5.1.1 no such user")</c>; null for taking it.</summary>
    public (int Code, string Text)? RecipientFault { get; set; }
    /// <summary>What it answers to a whole message instead of taking it; null for taking it.</summary>
    public (int Code, string Text)? MessageFault { get; set; }

    /// <summary>Starts a server.</summary>
    /// <param name="certificate">Its certificate; by default a good one for <c>localhost</c>.</param>
    /// <param name="isTlsFromStart">Whether it speaks TLS from the first byte instead of STARTTLS.</param>
    public static MailServer Start(Func<TestAuthority, X509Certificate2>? certificate = null, bool isTlsFromStart = false)
        => new(certificate ?? (authority => authority.Issue()), isTlsFromStart);

    /// <summary>The next mail to a recipient; waits for it, but not forever.</summary>
    public async Task<MimeMessage> ReceiveAsync(string recipient)
    {
        using var limit = new CancellationTokenSource(Patience);
        return await Box(recipient).Reader.ReadAsync(limit.Token);
    }

    /// <summary>Whether mail to a recipient lies unread.</summary>
    public bool HasMail(string recipient) => Box(recipient).Reader.TryPeek(out _);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        try
        {
            await _running.WaitAsync(Patience);
        }
        catch (OperationCanceledException)
        {
        }
        _stop.Dispose();
        _certificate.Dispose();
        _authority.Dispose();
    }

    private Mailbox Box(string recipient) => _mailboxes.GetOrAdd(recipient, _ => System.Threading.Channels.Channel.CreateUnbounded<MimeMessage>());

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static SmtpResponse Response((int Code, string Text) fault) => new((SmtpReplyCode)fault.Code, fault.Text);

    private sealed class Filter(MailServer server) : MailboxFilter
    {
        public override Task<bool> CanDeliverToAsync(ISessionContext context, IMailbox to, IMailbox from, CancellationToken cancellationToken)
            => server.RecipientFault is { } fault ? throw new SmtpResponseException(Response(fault)) : Task.FromResult(true);
    }

    private sealed class Store(MailServer server) : MessageStore
    {
        public override async Task<SmtpResponse> SaveAsync(
            ISessionContext context, IMessageTransaction transaction, ReadOnlySequence<byte> buffer, CancellationToken cancellationToken)
        {
            if (server.MessageFault is { } fault)
                return Response(fault);
            foreach (var recipient in transaction.To)
            {
                using var stream = new MemoryStream(buffer.ToArray());
                server.Box(recipient.AsAddress()).Writer.TryWrite(await MimeMessage.LoadAsync(stream, cancellationToken));
            }
            return SmtpResponse.Ok;
        }
    }
}
