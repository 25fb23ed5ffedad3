using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Countersign.SystemLog;

/// <summary>What a check of the log against its chain found.</summary>
/// <param name="First">The first event that is kept.</param>
/// <param name="Head">Where the log stood.</param>
/// <param name="FaultAt">The event at which the chain breaks; null when it holds.</param>
/// <param name="Fault">What is wrong there; null when nothing is.</param>
public readonly record struct LogVerdict(long First, LogHead Head, long? FaultAt, string? Fault);

/// <summary>Where the log stands: the number of its last event, and the hash that its last commit ended with (32 bytes). Written <c>number:hexadecimal</c>.</summary>
public readonly record struct LogHead(long Seq, byte[] Hash)
{
    /// <summary>The head of a log in which nothing was written yet.</summary>
    public static readonly LogHead Empty = new(0, new byte[32]);

    /// <summary>Whether it is the same place with the same hash.</summary>
    public bool Is(LogHead other) => Seq == other.Seq && Hash.AsSpan().SequenceEqual(other.Hash);

    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out LogHead head)
    {
        head = default;
        if (text?.Split(':') is not [var seq, { Length: 64 } hash] || !long.TryParse(seq, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || !hash.All(char.IsAsciiHexDigit)) return false;
        head = new LogHead(number, Convert.FromHexString(hash));
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Seq}:{Convert.ToHexStringLower(Hash)}");
}
