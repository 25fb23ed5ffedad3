namespace Countersign.Outbound;

/// <summary>A connection was not made because the guard refused every address. Thrown where a connection is expected, and nowhere else: callers turn it into a value.</summary>
public sealed class OutboundRefusedException(OutboundRefusal refusal) : IOException(refusal.Message)
{
    /// <summary>Why.</summary>
    public OutboundRefusal Refusal { get; } = refusal;

    /// <summary>The refusal behind an exception; null when there is none.</summary>
    public static OutboundRefusal? Find(Exception? exception)
    {
        for (; exception is not null; exception = exception.InnerException)
            if (exception is OutboundRefusedException refused) return refused.Refusal;
        return null;
    }
}
