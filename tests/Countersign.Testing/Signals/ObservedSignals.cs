using Countersign.Signals;
using Countersign.Users;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.Testing.Signals;

/// <summary>The host's own signals, which tell a test when somebody waits for one: what is done after that is done to a request that waits.</summary>
public sealed class ObservedSignals : ISignals, IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly List<(Func<bool> IsSo, TaskCompletionSource Seen)> _awaited = [];
    private ISignals? _signals;
    private int _waits, _watches, _raised;

    /// <summary>Takes the place of the host's signals, and passes everything on to them.</summary>
    public void Replace(IServiceCollection services)
    {
        var real = services.Last(service => service.ServiceType == typeof(ISignals)).ImplementationFactory!;
        services.AddSingleton<ISignals>(provider =>
        {
            _signals = (ISignals)real(provider);
            return this;
        });
    }

    /// <summary>Signals that were raised here.</summary>
    public int Raised => Volatile.Read(ref _raised);

    /// <summary>Until so many wait at once.</summary>
    public Task WaitingAsync(int count) => SeeAsync(() => _waits == count);

    /// <summary>Until nobody watches.</summary>
    public Task UnwatchedAsync() => SeeAsync(() => _watches == 0);

    /// <inheritdoc/>
    public void Raise(UserId user)
    {
        Interlocked.Increment(ref _raised);
        _signals!.Raise(user);
    }

    /// <inheritdoc/>
    public ISignalWatch Watch(params ReadOnlySpan<UserId> users)
    {
        var watch = _signals!.Watch(users);
        Note(() => _watches++);
        return new ObservedWatch(this, watch);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _signals is IAsyncDisposable disposable ? disposable.DisposeAsync() : ValueTask.CompletedTask;

    private async Task SeeAsync(Func<bool> isSo)
    {
        var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Note(() => _awaited.Add((isSo, seen)));
        await seen.Task.WaitAsync(TimeSpan.FromMinutes(1));
    }

    private void Note(Action change)
    {
        lock (_gate)
        {
            change();
            _awaited.RemoveAll(one => one.IsSo() && one.Seen.TrySetResult());
        }
    }

    private sealed class ObservedWatch(ObservedSignals signals, ISignalWatch watch) : ISignalWatch
    {
        public async ValueTask<bool> WaitAsync(TimeSpan atMost, CancellationToken cancellationToken)
        {
            var wait = watch.WaitAsync(atMost, cancellationToken).AsTask();
            if (wait.IsCompleted) return await wait;
            signals.Note(() => signals._waits++);
            try
            {
                return await wait;
            }
            finally
            {
                signals.Note(() => signals._waits--);
            }
        }

        public void Dispose()
        {
            watch.Dispose();
            signals.Note(() => signals._watches--);
        }
    }
}
