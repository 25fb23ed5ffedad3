using System.Collections.Concurrent;
using System.Text;

namespace Countersign.Storage.Users;

/// <summary>Gives every factor type and provider one string, however many times it is read.</summary>
internal static class FactorNames
{
    private static readonly ConcurrentDictionary<string, string> Names = new(StringComparer.Ordinal);
    private static readonly ConcurrentDictionary<string, string>.AlternateLookup<ReadOnlySpan<char>> ByCharacters = Names.GetAlternateLookup<ReadOnlySpan<char>>();

    public static string Intern(ReadOnlySpan<byte> utf8)
    {
        Span<char> characters = stackalloc char[64];
        if (!Encoding.UTF8.TryGetChars(utf8, characters, out var length)) return Encoding.UTF8.GetString(utf8);
        if (ByCharacters.TryGetValue(characters[..length], out var name)) return name;
        var added = new string(characters[..length]);
        return Names.GetOrAdd(added, added);
    }
}
