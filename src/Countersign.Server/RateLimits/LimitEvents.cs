using Countersign.Requests;
using Countersign.SystemLog;
using Countersign.Users;

namespace Countersign.Server.RateLimits;

/// <summary>Writes the events of rate limits (contract 16.3): once a bucket and window, so that no flood of requests becomes a flood of events.</summary>
internal sealed class LimitEvents(ISystemLog log, ILogger<LimitEvents> logger)
{
    public async Task WriteAsync(LimitNotice notice, string group, RequestContext by, CancellationToken cancellationToken)
    {
        var isViolation = notice == LimitNotice.Violation;
        try
        {
            await log.WriteAsync(new LogEvent
            {
                EventType = isViolation ? LogEventTypes.RateLimitViolation : LogEventTypes.RateLimitWarning,
                Outcome = isViolation ? "RATE_LIMIT" : "SUCCESS",
                Reason = group,
                Severity = "WARN",
                Actor = by.Actor,
                Targets = [new LogSubject(group, "Bucket", "unknown", group)],
                Request = by,
            }, cancellationToken);
        }
        catch (CommitFailedException exception)
        {
            // The request itself is answered all the same.
            logger.LogError(EventIds.LimitNotLogged, exception, "The use of rate limit {Group} could not be logged", group);
        }
    }
}
