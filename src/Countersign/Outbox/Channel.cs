namespace Countersign.Outbox;

/// <summary>How a message travels.</summary>
public enum Channel
{
    /// <summary>A text message to a phone.</summary>
    Sms,
    /// <summary>A call that speaks the code.</summary>
    Call,
    /// <summary>An e-mail.</summary>
    Email,
    /// <summary>Events of the system log to an event hook (contract 15.3).</summary>
    EventHook,
    /// <summary>Web Push to a device of the user's (RFC 8030).</summary>
    Push,
}

/// <summary>The channels' names.</summary>
public static class Channels
{
    private static readonly string[] Names = ["sms", "call", "email", "eventHook", "push"];

    extension(Channel channel)
    {
        /// <summary>The name that is stored, set and shown, for example <c>sms</c>.</summary>
        public string Name => Names[(int)channel];
    }

    /// <summary>Reads a name.</summary>
    public static bool TryParse(string? name, out Channel channel)
    {
        channel = (Channel)Array.IndexOf(Names, name);
        return (int)channel >= 0;
    }

    /// <summary>Reads a name that was stored.</summary>
    public static Channel Parse(string name) => TryParse(name, out var channel) ? channel : throw new FormatException($"'{name}' is not a channel");
}
