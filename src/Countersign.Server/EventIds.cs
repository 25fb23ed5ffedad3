namespace Countersign.Server;

/// <summary>The numbers of log messages; never reused.</summary>
internal static class EventIds
{
    public static readonly EventId RequestFailed = new(1001, nameof(RequestFailed));
    public static readonly EventId FirstRun = new(1002, nameof(FirstRun));
}
