namespace Countersign.Outbox;

/// <summary>Where a message of the outbox stands.</summary>
public enum OutboxStatus
{
    /// <summary>To be sent, or being sent.</summary>
    Waiting,
    /// <summary>Nobody sends on its channel: the outbox alone keeps it.</summary>
    Kept,
    /// <summary>A provider accepted it.</summary>
    Sent,
    /// <summary>The provider said that it arrived.</summary>
    Delivered,
    /// <summary>The provider said that it will not arrive.</summary>
    Undelivered,
    /// <summary>It was refused, or no provider took it in time.</summary>
    Failed,
    /// <summary>Its code ended before it could be sent.</summary>
    Expired,
    /// <summary>A newer message of the same factor took its place before it could be sent.</summary>
    Superseded,
}

/// <summary>The statuses' names.</summary>
public static class OutboxStatuses
{
    private static readonly string[] Names = ["WAITING", "KEPT", "SENT", "DELIVERED", "UNDELIVERED", "FAILED", "EXPIRED", "SUPERSEDED"];

    extension(OutboxStatus status)
    {
        /// <summary>The name that is stored and shown, for example <c>SENT</c>.</summary>
        public string Name => Names[(int)status];
    }

    /// <summary>Reads a name.</summary>
    public static bool TryParse(string? name, out OutboxStatus status)
    {
        status = (OutboxStatus)Array.IndexOf(Names, name);
        return (int)status >= 0;
    }

    /// <summary>Reads a name that was stored.</summary>
    public static OutboxStatus Parse(string name) => TryParse(name, out var status) ? status : throw new FormatException($"'{name}' is not the status of a message");
}
