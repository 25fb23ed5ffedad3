using System.Globalization;
using Countersign.Factors;
using Countersign.Factors.Transactions;
using Countersign.Signals;
using Countersign.Users;

namespace Countersign.Server.Waiting;

/// <summary>
/// Requests that wait until a transaction is answered. While they do they hold nothing but memory: they watch first and look then, so that nothing is missed; look again when they are
/// signalled, when the transaction's time is over, and every few seconds, for a signal may be lost; and end, still waiting, when the server stops.
/// </summary>
internal sealed class WaitingRequests(ISignals signals, PollingSettings settings, TimeProvider clock, IHostApplicationLifetime lifetime)
{
    private readonly PollingSettings _settings = settings;
    private readonly TimeProvider _clock = clock;
    private readonly CancellationToken _stopping = lifetime.ApplicationStopping;
    private int _count;

    /// <summary>Looks once; or, where the request prefers to wait (RFC 7240) and may, until the transaction does not wait any more.</summary>
    /// <param name="http">The request.</param>
    /// <param name="user">Whose transaction it is.</param>
    /// <param name="look">Looks how it stands. It is told which transaction was seen waiting before; null the first time.</param>
    public async Task<FactorOutcome> LookAsync(HttpContext http, UserId user, Func<string?, Task<FactorOutcome>> look)
    {
        if (WaitPreference.Read(http.Request.Headers["Prefer"], _settings.LongestWait) is not { } wait || Begin(http, user) is not { } waiting) return await look(null);
        using (waiting)
        {
            http.Response.Headers["Preference-Applied"] = $"wait={wait.TotalSeconds.ToString(CultureInfo.InvariantCulture)}";
            var end = _clock.GetUtcNow() + wait;
            string? seen = null;
            for (var goesOn = true; ;)
            {
                var outcome = await look(seen);
                var left = end - _clock.GetUtcNow();
                if (!goesOn || left <= TimeSpan.Zero || TransactionOf(outcome) is not { } transaction) return outcome;
                seen = transaction.Id;
                // What was seen is looked at again and not kept meanwhile: very many may wait.
                goesOn = await waiting.WaitAsync(transaction.ExpiresAt, left);
            }
        }
    }

    /// <summary>Begins to wait, with the watch; null when as many wait as may, or the server stops.</summary>
    public Waiting? Begin(HttpContext http, UserId user)
    {
        if (Interlocked.Increment(ref _count) <= _settings.MostWaiting && !_stopping.IsCancellationRequested)
            return new Waiting(this, signals.Watch(user), http.RequestAborted);
        Interlocked.Decrement(ref _count);
        return null;
    }

    /// <summary>The transaction that the outcome says is waiting; null when there is nothing to wait for.</summary>
    public static FactorTransaction? TransactionOf(FactorOutcome outcome)
        => outcome is FactorOutcome.Verified { Verification: { Result: FactorResult.Waiting, Transaction: { } transaction } } ? transaction : null;

    /// <summary>One request that waits.</summary>
    internal sealed class Waiting(WaitingRequests requests, ISignalWatch watch, CancellationToken gone) : IDisposable
    {
        private readonly CancellationTokenSource _end = CancellationTokenSource.CreateLinkedTokenSource(gone, requests._stopping);

        /// <summary>Waits until it is time to look again; false when the server stops.</summary>
        /// <param name="expires">When the time of what is waited for is over.</param>
        /// <param name="atMost">The longest wait.</param>
        /// <exception cref="OperationCanceledException">The client is gone.</exception>
        public async ValueTask<bool> WaitAsync(DateTimeOffset expires, TimeSpan atMost)
        {
            TimeSpan left = expires - requests._clock.GetUtcNow(), look = requests._settings.LookInterval;
            try
            {
                await watch.WaitAsync(Shortest(left, look, atMost), _end.Token);
                return true;
            }
            catch (OperationCanceledException) when (!gone.IsCancellationRequested)
            {
                return false;
            }
        }

        public void Dispose()
        {
            Interlocked.Decrement(ref requests._count);
            watch.Dispose();
            _end.Dispose();
        }

        private static TimeSpan Shortest(TimeSpan one, TimeSpan other, TimeSpan third) => TimeSpan.FromTicks(Math.Min(one.Ticks, Math.Min(other.Ticks, third.Ticks)));
    }
}
