using System.Globalization;
using System.Text;

namespace Countersign.Integrations.Secrets;

/// <summary>Recognises a value whose characters may each be written as they are, percent-encoded, or escaped as JSON does, once or several times over.</summary>
internal static class EscapedForms
{
    /// <summary>How many bytes at the beginning stand for the value; 0 when they do not.</summary>
    public static int Match(ReadOnlySpan<byte> text, ReadOnlySpan<byte> value)
    {
        var at = 0;
        for (var i = 0; i < value.Length;)
        {
            var taken = MatchOne(text[at..], value[i..], out var matched);
            if (taken == 0) return 0;
            at += taken;
            i += matched;
        }
        return at;
    }

    /// <summary>Matches the next byte of the value, or the next character where an escape stands for all its bytes.</summary>
    private static int MatchOne(ReadOnlySpan<byte> text, ReadOnlySpan<byte> value, out int matched)
    {
        matched = 1;
        if (text.IsEmpty) return 0;
        var wanted = value[0];
        if (text[0] == '\\' && MatchBackslashes(text, value, out matched) is var escaped and > 0) return escaped;
        matched = 1;
        if (text[0] == wanted) return 1;
        if (text[0] == '%' && text.Length >= 3 && byte.TryParse(text.Slice(1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var decoded) && decoded == wanted) return 3;
        return text[0] == '+' && wanted == ' ' ? 1 : 0;
    }

    private static int MatchBackslashes(ReadOnlySpan<byte> text, ReadOnlySpan<byte> value, out int matched)
    {
        matched = 1;
        var slashes = text.IndexOfAnyExcept((byte)'\\');
        if (slashes < 0) slashes = text.Length;
        // Each escaping doubles backslashes: a run of them may be one, or several.
        if (value[0] == '\\')
        {
            var wanted = value.IndexOfAnyExcept((byte)'\\') is var run and >= 0 ? run : value.Length;
            matched = wanted;
            if (wanted == value.Length) return slashes < wanted ? 0 : Math.Min(slashes, 2 * wanted);
            // The last one may belong to the escape of the next character.
            var taken = slashes < text.Length && text[slashes] == value[wanted] ? slashes : slashes - 1;
            return taken < wanted ? 0 : taken;
        }
        if (slashes == text.Length) return 0;
        var next = text[slashes];
        var rest = text[slashes..];
        if (next == 'u') return MatchCodePoint(rest, text, slashes, value, out matched);
        var meant = next switch { (byte)'n' => '\n', (byte)'r' => '\r', (byte)'t' => '\t', (byte)'b' => '\b', (byte)'f' => '\f', (byte)'"' => '"', (byte)'/' => '/', (byte)'\'' => '\'', _ => '\0' };
        return meant != '\0' && meant == value[0] ? slashes + 1 : 0;
    }

    private static int MatchCodePoint(ReadOnlySpan<byte> rest, ReadOnlySpan<byte> text, int slashes, ReadOnlySpan<byte> value, out int matched)
    {
        matched = 1;
        if (!TryReadUnit(rest, out var unit)) return 0;
        var taken = slashes + 5;
        Rune rune;
        if (char.IsHighSurrogate(unit))
        {
            var low = text[taken..];
            var between = low.IndexOfAnyExcept((byte)'\\');
            if (between <= 0 || !TryReadUnit(low[between..], out var second) || !Rune.TryCreate(unit, second, out rune)) return 0;
            taken += between + 5;
        }
        else if (!Rune.TryCreate(unit, out rune)) return 0;
        Span<byte> utf8 = stackalloc byte[4];
        matched = rune.EncodeToUtf8(utf8);
        return value.StartsWith(utf8[..matched]) ? taken : 0;
    }

    private static bool TryReadUnit(ReadOnlySpan<byte> text, out char unit)
    {
        unit = '\0';
        if (text.Length < 5 || text[0] != 'u' || !ushort.TryParse(text.Slice(1, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var read)) return false;
        unit = (char)read;
        return true;
    }
}
