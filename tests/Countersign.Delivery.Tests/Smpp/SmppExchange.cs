using System.Threading.Channels;
using Countersign.Delivery.Smpp;
using Countersign.Outbox;
using Microsoft.Extensions.Logging;
using Channel = System.Threading.Channels.Channel;

namespace Countersign.Delivery.Tests.Smpp;

/// <summary>A provider and the message center that it is set up for.</summary>
internal sealed class SmppExchange : IAsyncDisposable
{
    public SmppExchange(Action<SmppSettings>? configure = null, SmppServer? server = null, Action<SmppServer>? prepare = null)
    {
        Server = server ?? new SmppServer();
        prepare?.Invoke(Server);
        var settings = new SmppSettings
        {
            Host = "127.0.0.1",
            Port = Server.Port,
            SystemId = SmppServer.SystemId,
            Password = SmppServer.Password,
            From = "Countersign",
            Reconnect = TimeSpan.FromMilliseconds(20),
            ResponseTimeout = TimeSpan.FromSeconds(15),
        };
        configure?.Invoke(settings);
        Server.Window = settings.Window;
        Provider = new SmppProvider("smpp-one", settings, Receipts, TimeProvider.System, Log);
    }

    public SmppServer Server { get; }
    public SmppProvider Provider { get; }
    public Receipts Receipts { get; } = new();
    public LogLines Log { get; } = new();

    /// <summary>A message that is valid for five minutes from now.</summary>
    public static RenderedMessage Message(string text = "Your verification code is 482915.")
        => Messages.Of(Outbox.Channel.Sms) with { Text = text, Expires = TimeProvider.System.GetUtcNow().AddMinutes(5) };

    public async Task<DeliveryResult> SendAsync(string text = "Your verification code is 482915.")
        => await Provider.SendAsync(Message(text), CancellationToken.None).AsTask().WaitAsync(Signals.Limit);

    public async Task<ProviderHealth> CheckAsync() => await Provider.CheckAsync(CancellationToken.None).AsTask().WaitAsync(Signals.Limit);

    public async ValueTask DisposeAsync()
    {
        await Provider.DisposeAsync();
        await Server.DisposeAsync();
        Log.HasNoSecrets();
    }
}

/// <summary>Keeps what is logged, to see that no secret is.</summary>
internal sealed class LogLines : ILogger
{
    private readonly List<string> _lines = [];

    /// <summary>The lines as they come.</summary>
    public Channel<string> Coming { get; } = Channel.CreateUnbounded<string>();


    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;
    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        var line = formatter(state, exception) + exception;
        lock (_lines) _lines.Add(line);
        Coming.Writer.TryWrite(line);
    }

    public void HasNoSecrets()
    {
        lock (_lines)
            Assert.All(_lines, line => Assert.All(["482915", "1415555", SmppServer.Password], secret => Assert.DoesNotContain(secret, line, StringComparison.Ordinal)));
    }
}
