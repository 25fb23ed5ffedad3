namespace Countersign.Server;

/// <summary>The numbers of log messages; never reused.</summary>
internal static class EventIds
{
    public static readonly EventId RequestFailed = new(1001, nameof(RequestFailed));
    public static readonly EventId FirstRun = new(1002, nameof(FirstRun));
    public static readonly EventId SettingUnread = new(1003, nameof(SettingUnread));
    public static readonly EventId Stopping = new(1004, nameof(Stopping));
    public static readonly EventId NotReady = new(1005, nameof(NotReady));
    public static readonly EventId RetentionFailed = new(1006, nameof(RetentionFailed));
    public static readonly EventId LimitNotLogged = new(1007, nameof(LimitNotLogged));
    public static readonly EventId ImportFailed = new(1020, nameof(ImportFailed));
    public static readonly EventId OwnApiNotDescribed = new(1021, nameof(OwnApiNotDescribed));
    public static readonly EventId TaskNotWoken = new(1041, nameof(TaskNotWoken));
}
