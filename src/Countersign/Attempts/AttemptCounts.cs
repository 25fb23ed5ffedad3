namespace Countersign.Attempts;

/// <summary>
/// What is remembered of a user's tries, over all of their factors (contract 11.2, 4.2). One-time codes and answers are counted
/// apart from passwords, and beside the lockout a window bounds the wrong tries per time.
/// </summary>
/// <param name="WrongInARow">Wrong answers since the last right one; the lockout's count.</param>
/// <param name="WrongPasswordsInARow">Wrong passwords since the last right one.</param>
/// <param name="Wrong">Wrong answers in the current window.</param>
/// <param name="Activations">Activation tries, right or wrong, in the current window.</param>
public readonly record struct AttemptCounts(int WrongInARow, int WrongPasswordsInARow, AttemptWindow Wrong, AttemptWindow Activations);

/// <summary>A count that starts anew when its window has passed.</summary>
/// <param name="StartedAt">Unix seconds at which the window began; 0 when none has.</param>
/// <param name="Count">Tries since then.</param>
public readonly record struct AttemptWindow(long StartedAt, int Count)
{
    /// <summary>When a full window lets the next try pass, or null while there is room.</summary>
    public DateTimeOffset? FullUntil(DateTimeOffset now, int limit, TimeSpan length)
        => Count >= limit && !HasPassed(now, length) ? DateTimeOffset.FromUnixTimeSeconds(StartedAt + (long)length.TotalSeconds) : null;

    /// <summary>The window with one more try in it.</summary>
    public AttemptWindow Add(DateTimeOffset now, TimeSpan length)
        => HasPassed(now, length) ? new(now.ToUnixTimeSeconds(), 1) : this with { Count = Count + 1 };

    private bool HasPassed(DateTimeOffset now, TimeSpan length) => now.ToUnixTimeSeconds() >= StartedAt + (long)length.TotalSeconds;
}
