using Microsoft.Extensions.Logging;

namespace Countersign.Delivery;

/// <summary>The numbers of log messages; never reused.</summary>
internal static class EventIds
{
    public static readonly EventId FeedFailed = new(2001, nameof(FeedFailed));
}
