using System.Buffers;
using System.Security.Cryptography;

namespace Countersign.Identifiers;

/// <summary>
/// Makes the contract's identifiers: 20 characters of <c>[A-Za-z0-9]</c>, case-sensitive, of which the first three name the
/// thing (contract 1.3). The next eight are the milliseconds of its making, so that ids sort by creation and new rows land side by side in an index;
/// the last nine are drawn at random (53 bits). An id is a name, never a secret.
/// </summary>
public static class Identifier
{
    /// <summary>Characters in every identifier.</summary>
    public const int Length = 20;

    private const string Alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private const int TimeLength = 8;
    private static readonly SearchValues<char> Characters = SearchValues.Create(Alphabet);

    /// <summary>A new identifier that begins with <paramref name="prefix"/> (three characters).</summary>
    public static string New(string prefix, DateTimeOffset now)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(prefix.Length, 3);
        Span<char> id = stackalloc char[Length];
        prefix.CopyTo(id);
        var time = now.ToUnixTimeMilliseconds();
        for (var i = TimeLength - 1; i >= 0; i--, time /= Alphabet.Length)
            id[3 + i] = Alphabet[(int)(time % Alphabet.Length)];
        RandomNumberGenerator.GetItems(Alphabet, id[(3 + TimeLength)..]);
        return new string(id);
    }

    /// <summary>A token that is itself a secret: <paramref name="length"/> characters drawn at random (5.95 bits each).</summary>
    public static string NewSecret(int length) => RandomNumberGenerator.GetString(Alphabet, length);

    /// <summary>Whether <paramref name="text"/> has the form of an identifier with this prefix.</summary>
    public static bool HasForm(ReadOnlySpan<char> text, string prefix)
        => text.Length == Length && text.StartsWith(prefix, StringComparison.Ordinal) && !text.ContainsAnyExcept(Characters);
}
