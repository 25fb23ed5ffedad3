using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;

namespace Countersign.Bench.Passcodes;

/// <summary>RFC 6238 with SHA-1, 6 digits and steps of 30 seconds, written apart from the product so that it cannot share its mistakes.</summary>
internal static class Passcode
{
    public const int StepSeconds = 30;

    public static long StepAt(DateTimeOffset instant) => instant.ToUnixTimeSeconds() / StepSeconds;

    public static string At(ReadOnlySpan<byte> secret, long step) => Write(Number(secret, step));

    /// <summary>A code that is none of the codes from <paramref name="steps"/> before <paramref name="step"/> to as many after it.</summary>
    public static string WrongAround(ReadOnlySpan<byte> secret, long step, int steps)
    {
        Span<int> right = stackalloc int[2 * steps + 1];
        for (var i = 0; i < right.Length; i++) right[i] = Number(secret, step - steps + i);
        var wrong = 123_456;
        while (right.Contains(wrong)) wrong++;
        return Write(wrong);
    }

    private static int Number(ReadOnlySpan<byte> secret, long step)
    {
        Span<byte> message = stackalloc byte[8], mac = stackalloc byte[HMACSHA1.HashSizeInBytes];
        BinaryPrimitives.WriteInt64BigEndian(message, step);
#pragma warning disable CA5350 // the hash that RFC 6238 and every authenticator app take when none is named
        HMACSHA1.HashData(secret, message, mac);
#pragma warning restore CA5350
        return (BinaryPrimitives.ReadInt32BigEndian(mac[(mac[^1] & 15)..]) & 0x7fffffff) % 1_000_000;
    }

    private static string Write(int number) => number.ToString("D6", CultureInfo.InvariantCulture);
}
