namespace Countersign.SendLimits;

/// <summary>
/// A limit that holds over all users and nodes: so long between two sends, and so many in a window. It is judged and taken in the commit that sends, so that of
/// racing sends one passes. A send that is refused leaves it as it is (contract 4.2).
/// </summary>
/// <param name="Kind">What the bound of the window protects; spacing has a kind of its own.</param>
/// <param name="Key">What is counted, for example <c>sms/+14155550142</c>; at most 300 characters.</param>
/// <param name="Spacing">The least time between two sends; zero: none.</param>
/// <param name="Most">The most sends in a window; 0: no such bound.</param>
/// <param name="Window">The window.</param>
public sealed record SendLimit(SendLimitKind Kind, string Key, TimeSpan Spacing, int Most, TimeSpan Window)
{
    /// <summary>The refusal of a further send; null when it passes.</summary>
    public SendRefusal? Judge(SendCount count, DateTimeOffset now)
    {
        var at = now.ToUnixTimeMilliseconds();
        var next = count.Last + (long)Spacing.TotalMilliseconds;
        if (count.Last > 0 && at < next) return new SendRefusal(SendLimitKind.Spacing, DateTimeOffset.FromUnixTimeMilliseconds(next));
        return Most > 0 && count.Count >= Most && !HasPassed(count, at)
            ? new SendRefusal(Kind, DateTimeOffset.FromUnixTimeMilliseconds(count.StartedAt + (long)Window.TotalMilliseconds)) : null;
    }

    /// <summary>The count with one more send in it.</summary>
    public SendCount Take(SendCount count, DateTimeOffset now)
    {
        var at = now.ToUnixTimeMilliseconds();
        return HasPassed(count, at) ? new SendCount(at, 1, at) : count with { Count = count.Count + 1, Last = at };
    }

    private bool HasPassed(SendCount count, long at) => at >= count.StartedAt + (long)Window.TotalMilliseconds;
}

/// <summary>What is remembered of sends under one key.</summary>
/// <param name="StartedAt">Unix milliseconds at which the window began; 0 when none has.</param>
/// <param name="Count">Sends since then.</param>
/// <param name="Last">Unix milliseconds of the last send; 0 when there was none.</param>
public readonly record struct SendCount(long StartedAt, int Count, long Last);

/// <summary>Why a send was refused, and until when it will be.</summary>
/// <param name="Kind">The limit.</param>
/// <param name="Until">When the next send passes.</param>
public readonly record struct SendRefusal(SendLimitKind Kind, DateTimeOffset Until);

/// <summary>What a limit protects; the error follows from it.</summary>
public enum SendLimitKind
{
    /// <summary>The time between two sends to one number or address (contract 4.2).</summary>
    Spacing,
    /// <summary>A day's sends to one number or address.</summary>
    Recipient,
    /// <summary>A day's sends to one user.</summary>
    User,
    /// <summary>The sends that one client address causes.</summary>
    Address,
    /// <summary>The sends to one range of numbers.</summary>
    Prefix,
    /// <summary>All sends of the organisation.</summary>
    Organization,
}
