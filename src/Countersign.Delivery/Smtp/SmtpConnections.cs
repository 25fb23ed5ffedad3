namespace Countersign.Delivery.Smtp;

/// <summary>The connections to one server: no more than are allowed at once, and the unused ones kept for a while. Safe to use from many threads.</summary>
internal sealed class SmtpConnections : IAsyncDisposable
{
    private static readonly TimeSpan FarewellLimit = TimeSpan.FromSeconds(2);
    private readonly SmtpSettings _settings;
    private readonly SmtpTrust _trust;
    private readonly TimeProvider _clock;
    private readonly SemaphoreSlim _places;
    private readonly Lock _lock = new();
    private readonly List<SmtpConnection> _idle = [];   // the one used last is last, so that those not needed grow old
    private readonly ITimer _sweep;
    private bool _isClosed;

    public SmtpConnections(SmtpSettings settings, SmtpTrust trust, TimeProvider clock)
    {
        (_settings, _trust, _clock) = (settings, trust, clock);
        _places = new SemaphoreSlim(settings.MaxConnections);
        var period = settings.IdleTimeout > TimeSpan.Zero ? settings.IdleTimeout : Timeout.InfiniteTimeSpan;
        _sweep = clock.CreateTimer(_ => _ = CloseOldAsync(), null, period, period);
    }

    /// <summary>Lends a connection: an unused one, or a new one.</summary>
    public async Task<Loan> BorrowAsync(bool mustBeNew, CancellationToken cancellationToken)
    {
        await _places.WaitAsync(cancellationToken).ConfigureAwait(false);
        if (!mustBeNew && TakeIdle() is { } idle)
            return new Loan(this, idle, wasIdle: true);
        return new Loan(this, new SmtpConnection(_settings, _trust), wasIdle: false);
    }

    public async ValueTask DisposeAsync()
    {
        SmtpConnection[] idle;
        lock (_lock)
        {
            _isClosed = true;
            idle = [.. _idle];
            _idle.Clear();
        }
        await _sweep.DisposeAsync().ConfigureAwait(false);
        await Task.WhenAll(idle.Select(CloseAsync)).ConfigureAwait(false);
    }

    private SmtpConnection? TakeIdle()
    {
        lock (_lock)
        {
            if (_idle.Count == 0 || IsOld(_idle[^1]))
                return null;
            var connection = _idle[^1];
            _idle.RemoveAt(_idle.Count - 1);
            return connection;
        }
    }

    private void Return(SmtpConnection connection, bool isUsable)
    {
        var isKept = false;
        lock (_lock)
        {
            if (isUsable && !_isClosed && connection.IsConnected && _settings.IdleTimeout > TimeSpan.Zero)
            {
                connection.IdleSince = _clock.GetUtcNow();
                _idle.Add(connection);
                isKept = true;
            }
        }
        if (!isKept && isUsable)
            _ = CloseAsync(connection);
        else if (!isKept)
            connection.Dispose();
        _places.Release();
    }

    private bool IsOld(SmtpConnection connection) => _clock.GetUtcNow() - connection.IdleSince >= _settings.IdleTimeout;

    private async Task CloseOldAsync()
    {
        SmtpConnection[] old;
        lock (_lock)
        {
            old = [.. _idle.Where(IsOld)];
            _idle.RemoveAll(old.Contains);
        }
        await Task.WhenAll(old.Select(CloseAsync)).ConfigureAwait(false);
    }

    // Says goodbye; whether the server hears it does not matter.
    internal static async Task CloseAsync(SmtpConnection connection)
    {
        try
        {
            using var limit = new CancellationTokenSource(FarewellLimit);
            await connection.DisconnectAsync(quit: true, limit.Token).ConfigureAwait(false);
        }
        catch (Exception fault) when (SmtpFaults.IsExpected(fault) || fault is OperationCanceledException)
        {
        }
        finally
        {
            connection.Dispose();
        }
    }

    /// <summary>A connection while it is lent. Unless it is marked as usable it is cut when it is given back.</summary>
    internal sealed class Loan(SmtpConnections owner, SmtpConnection connection, bool wasIdle) : IDisposable
    {
        public SmtpConnection Connection { get; } = connection;
        public bool WasIdle { get; } = wasIdle;
        public bool IsUsable { get; set; }

        public void Dispose() => owner.Return(Connection, IsUsable);
    }
}
