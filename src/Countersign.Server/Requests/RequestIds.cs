using System.Security.Cryptography;

namespace Countersign.Server.Requests;

/// <summary>Ids of requests and errors: unique, not secret. A number drawn at the start of the process and a counter, mixed, so that no random bytes are drawn with each request.</summary>
internal static class RequestIds
{
    /// <summary>Characters of an error id (contract 3.1).</summary>
    public const int ErrorIdLength = 25;

    private const string Alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static readonly ulong Process = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8));
    private static long _counter;

    /// <summary>A new request id: <c>req</c> and 22 characters.</summary>
    public static string Next() => string.Create(25, Draw(), static (text, drawn) =>
    {
        Span<byte> ascii = stackalloc byte[22];
        Fill(ascii, drawn);
        "req".CopyTo(text);
        for (var i = 0; i < ascii.Length; i++) text[3 + i] = (char)ascii[i];
    });

    /// <summary>Writes a new error id: <c>oae</c> and 22 characters.</summary>
    public static void WriteErrorId(Span<byte> utf8)
    {
        "oae"u8.CopyTo(utf8);
        Fill(utf8[3..ErrorIdLength], Draw());
    }

    private static (ulong, ulong) Draw()
    {
        var number = (ulong)Interlocked.Increment(ref _counter);
        return (Mix(Process + number), Mix(Process ^ (number * 0x9E3779B97F4A7C15)));
    }

    private static void Fill(Span<byte> ascii, (ulong, ulong) drawn)
    {
        var (first, second) = drawn;
        for (var i = 0; i < 11; i++, first /= 62, second /= 62)
        {
            ascii[i] = (byte)Alphabet[(int)(first % 62)];
            ascii[11 + i] = (byte)Alphabet[(int)(second % 62)];
        }
    }

    /// <summary>The finaliser of SplitMix64: a bijection, so that different numbers stay different.</summary>
    private static ulong Mix(ulong number)
    {
        number = (number ^ (number >> 30)) * 0xBF58476D1CE4E5B9;
        number = (number ^ (number >> 27)) * 0x94D049BB133111EB;
        return number ^ (number >> 31);
    }
}
