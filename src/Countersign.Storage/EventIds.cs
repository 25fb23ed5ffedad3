using Microsoft.Extensions.Logging;

namespace Countersign.Storage;

/// <summary>The numbers of what storage writes to the process's own log; never reused.</summary>
internal static class EventIds
{
    public static readonly EventId SignalsNotHeard = new(3001, nameof(SignalsNotHeard));
    public static readonly EventId SignalsHeard = new(3002, nameof(SignalsHeard));
    public static readonly EventId SignalsNotSent = new(3003, nameof(SignalsNotSent));
}
