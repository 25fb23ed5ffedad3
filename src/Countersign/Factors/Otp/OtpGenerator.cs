using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Countersign.Factors.Otp;

/// <summary>
/// The passcodes of one shared secret (RFC 4226). Keeps the keyed hash ready, so that looking through a window of counters costs one
/// key set-up. Not thread-safe; knows nothing of clocks: time-based codes are the codes of a step number (RFC 6238 §4.2).
/// </summary>
public sealed class OtpGenerator : IDisposable
{
    /// <summary>The shortest passcode that RFC 4226 §5.3 allows.</summary>
    public const int MinDigits = 6;
    /// <summary>The longest passcode that a 31-bit number fills.</summary>
    public const int MaxDigits = 10;

    private static readonly long[] PowersOfTen = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000, 10_000_000_000];

    private readonly HmacSha1Lanes _lanes;
    private readonly IncrementalHash? _hmac;
    private readonly int _digits;

    /// <summary>A generator over <paramref name="secret"/> (raw bytes), <paramref name="digits"/> 6 to 10.</summary>
    public OtpGenerator(ReadOnlySpan<byte> secret, int digits, OtpAlgorithm algorithm)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(digits, MinDigits);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(digits, MaxDigits);
        _digits = digits;
        if (algorithm == OtpAlgorithm.Sha1) _lanes = new HmacSha1Lanes(secret);
        else _hmac = IncrementalHash.CreateHMAC(algorithm.HashName(), secret);
    }

    /// <summary>The passcode of a counter as a number.</summary>
    public long Code(long counter)
    {
        Span<long> one = stackalloc long[1];
        Codes(counter, one);
        return one[0];
    }

    /// <summary>The passcode of a counter as text, padded with zeros to the number of digits.</summary>
    public string Passcode(long counter) => Code(counter).ToString($"D{_digits}");

    /// <summary>
    /// Looks for <paramref name="code"/> among the counters <paramref name="first"/> to <paramref name="last"/>, the one nearest to
    /// <paramref name="around"/> winning. Every counter is computed, whichever matches, so that time tells nothing.
    /// </summary>
    /// <returns>The counter that matches, or null.</returns>
    public long? Find(long code, long first, long last, long around)
    {
        long? found = null;
        Span<long> codes = stackalloc long[HmacSha1Lanes.Lanes];
        for (var start = Math.Max(first, 0); start <= last; start += codes.Length)
        {
            codes = codes[..(int)Math.Min(codes.Length, last - start + 1)];
            Codes(start, codes);
            for (var i = 0; i < codes.Length; i++)
                if (codes[i] == code && (found is null || Math.Abs(start + i - around) < Math.Abs(found.Value - around))) found = start + i;
        }
        return found;
    }

    /// <summary>
    /// Looks for the first two consecutive counters from <paramref name="first"/> to <paramref name="last"/> whose codes are these.
    /// </summary>
    /// <returns>The counter of the first of the two, or null.</returns>
    public long? FindPair(long code, long nextCode, long first, long last)
    {
        long? found = null;
        long before = -1;
        Span<long> codes = stackalloc long[HmacSha1Lanes.Lanes];
        for (var start = Math.Max(first, 0); start <= last; start += codes.Length)
        {
            codes = codes[..(int)Math.Min(codes.Length, last - start + 1)];
            Codes(start, codes);
            for (var i = 0; i < codes.Length; before = codes[i++])
                if (before == code && codes[i] == nextCode) found ??= start + i - 1;
        }
        return found;
    }

    /// <summary>Reads a passcode of the given number of digits; anything but exactly that many ASCII digits is refused.</summary>
    public static bool TryParse(ReadOnlySpan<char> passcode, int digits, out long code)
    {
        code = 0;
        if (passcode.Length != digits) return false;
        foreach (var character in passcode)
        {
            if (!char.IsAsciiDigit(character)) return false;
            code = code * 10 + (character - '0');
        }
        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => _hmac?.Dispose();

    /// <summary>The codes of up to eight consecutive counters.</summary>
    private void Codes(long first, Span<long> codes)
    {
        Span<uint> truncated = stackalloc uint[HmacSha1Lanes.Lanes];
        truncated = truncated[..codes.Length];
        if (_hmac is null) _lanes.Truncate(first, truncated);
        else for (var i = 0; i < codes.Length; i++) truncated[i] = Truncate(first + i);
        for (var i = 0; i < codes.Length; i++) codes[i] = truncated[i] % PowersOfTen[_digits];
    }

    /// <summary>Dynamic truncation (RFC 4226 §5.3).</summary>
    private uint Truncate(long counter)
    {
        Span<byte> message = stackalloc byte[8], mac = stackalloc byte[64];
        BinaryPrimitives.WriteInt64BigEndian(message, counter);
        _hmac!.AppendData(message);
        var length = _hmac.GetHashAndReset(mac);
        return BinaryPrimitives.ReadUInt32BigEndian(mac[(mac[length - 1] & 0xf)..]) & 0x7fff_ffff;
    }
}
