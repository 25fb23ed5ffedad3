using System.Collections.Concurrent;
using Countersign.SystemLog;

namespace Countersign.Outbound;

/// <summary>Writes refusals to the system log: each once a minute, so that no loop of requests becomes a flood of events. Thread-safe.</summary>
public sealed class OutboundEvents(ISystemLog log, TimeProvider clock)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);
    private const int MostRemembered = 1_000;

    private readonly ConcurrentDictionary<(string, string?, string), long> _written = new();

    /// <summary>Notes a refusal.</summary>
    /// <param name="refusal">What was refused.</param>
    /// <param name="caller">What wanted to call: <c>HTTP</c>, <c>test request</c>, <c>hook</c> …</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task WriteAsync(OutboundRefusal refusal, string caller, CancellationToken cancellationToken)
    {
        var (key, now) = ((refusal.Host, refusal.Address, caller), clock.GetTimestamp());
        if (_written.TryGetValue(key, out var last) && clock.GetElapsedTime(last, now) < Pause) return;
        if (_written.Count >= MostRemembered) _written.Clear();
        _written[key] = now;
        var host = refusal.Host.Length > 253 ? refusal.Host[..253] : refusal.Host;
        await log.WriteAsync(new LogEvent
        {
            EventType = LogEventTypes.OutboundRefused,
            Outcome = "DENY",
            Severity = "WARN",
            Reason = refusal.Rule,
            Actor = LogSubject.System,
            Targets = [new LogSubject(refusal.Address ?? host, "Address", host, host)],
            Details = new Dictionary<string, string> { ["caller"] = caller, ["setting"] = refusal.Setting },
        }, cancellationToken).ConfigureAwait(false);
    }
}
