using System.Collections.Concurrent;
using System.Threading.Channels;
using Countersign.Outbox;

namespace Countersign.Delivery.Tests.Pump;

/// <summary>A provider that does what it is told, and tells what it was given.</summary>
internal sealed class ScriptedProvider(string name) : IDeliveryProvider
{
    private readonly Channel<RenderedMessage> _received = System.Threading.Channels.Channel.CreateUnbounded<RenderedMessage>();
    private readonly ConcurrentQueue<Func<CancellationToken, Task<DeliveryResult>>> _script = [];

    public string Name => name;

    /// <summary>What is done once the script is at its end.</summary>
    public DeliveryResult Usually { get; set; } = new DeliveryResult.Accepted($"{name}-reference");

    /// <summary>Every message that came, in its order.</summary>
    public ConcurrentQueue<RenderedMessage> All { get; } = [];

    public void Then(DeliveryResult result) => _script.Enqueue(_ => Task.FromResult(result));

    public void Then(Func<CancellationToken, Task<DeliveryResult>> answer) => _script.Enqueue(answer);

    /// <summary>The next message that comes.</summary>
    public Task<RenderedMessage> ReceiveAsync() => _received.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(20));

    public async ValueTask<DeliveryResult> SendAsync(RenderedMessage message, CancellationToken cancellationToken)
    {
        All.Enqueue(message);
        _received.Writer.TryWrite(message);
        return _script.TryDequeue(out var answer) ? await answer(cancellationToken) : Usually;
    }

    public ValueTask<ProviderHealth> CheckAsync(CancellationToken cancellationToken) => new(new ProviderHealth(true, "as told"));
}
