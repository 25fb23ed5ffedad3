using System.Globalization;
using System.Text;

namespace Countersign.Integrations.Secrets;

/// <summary>Recognises a value whose characters may each be written as they are, percent-encoded, or escaped as JSON does, once or several times over.</summary>
internal static class EscapedForms
{
    // Places that one comparison may come back to: what another side answers must not take for ever to look through.
    private const int MostPlaces = 10_000;

    /// <summary>How many bytes at the beginning stand for the value; 0 when they do not.</summary>
    public static int Match(ReadOnlySpan<byte> text, ReadOnlySpan<byte> value)
    {
        Span<(int Taken, int Matched)> ways = stackalloc (int, int)[4];
        Stack<(int At, int Matched)>? open = null;
        HashSet<(int At, int Matched)>? seen = null;
        var (at, i) = (0, 0);
        while (true)
        {
            if (i == value.Length) return at;
            var count = Ways(text[at..], value[i..], ways);
            if (count == 1)
            {
                (at, i) = (at + ways[0].Taken, i + ways[0].Matched);
                continue;
            }
            // Read in several ways, each is tried; a place that was come to before leads nowhere again. The first way, which alone may end the value, is the last to be tried.
            for (var way = 0; way < count; way++)
            {
                var next = (at + ways[way].Taken, i + ways[way].Matched);
                if ((way > 0 && next.Item2 == value.Length) || (seen ??= []).Count >= MostPlaces || !seen.Add(next)) continue;
                // Below the others, in the order in which they are taken from the top.
                (open ??= []).Push(next);
            }
            if (open is not { Count: > 0 }) return 0;
            (at, i) = open.Pop();
        }
    }

    /// <summary>In which ways the next byte of the value may be written here, or the next character where an escape stands for all its bytes.</summary>
    private static int Ways(ReadOnlySpan<byte> text, ReadOnlySpan<byte> value, Span<(int Taken, int Matched)> ways)
    {
        if (text.IsEmpty) return 0;
        var (wanted, count) = (value[0], 0);
        if (text[0] == '\\')
        {
            if (wanted == '\\') return Backslashes(text, value, ways);
            if (Escape(text, value, out var matched) is var taken and > 0) ways[count++] = (taken, matched);
            return count;
        }
        if (text[0] == '%' && text.Length >= 3 && byte.TryParse(text.Slice(1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var decoded) && decoded == wanted) ways[count++] = (3, 1);
        if (text[0] == wanted || (text[0] == '+' && wanted == ' ')) ways[count++] = (1, 1);
        return count;
    }

    /// <summary>A run of backslashes in the value: each escaping doubles it, and the last ones may belong to the escape of the next character.</summary>
    private static int Backslashes(ReadOnlySpan<byte> text, ReadOnlySpan<byte> value, Span<(int Taken, int Matched)> ways)
    {
        var (there, run, count) = (RunOf(text), RunOf(value), 0);
        foreach (var taken in (ReadOnlySpan<int>)[there, 4 * run, 2 * run, run])
            if (taken >= run && taken <= there && (run < value.Length || taken <= 4 * run)) ways[count++] = (taken, run);
        return count;
    }

    private static int RunOf(ReadOnlySpan<byte> bytes) => bytes.IndexOfAnyExcept((byte)'\\') is var run and >= 0 ? run : bytes.Length;

    private static int Escape(ReadOnlySpan<byte> text, ReadOnlySpan<byte> value, out int matched)
    {
        matched = 1;
        var slashes = RunOf(text);
        if (slashes == text.Length) return 0;
        var next = text[slashes];
        if (next == 'u') return CodePoint(text, slashes, value, out matched);
        var meant = next switch { (byte)'n' => '\n', (byte)'r' => '\r', (byte)'t' => '\t', (byte)'b' => '\b', (byte)'f' => '\f', (byte)'"' => '"', (byte)'/' => '/', (byte)'\'' => '\'', _ => '\0' };
        return meant != '\0' && meant == value[0] ? slashes + 1 : 0;
    }

    private static int CodePoint(ReadOnlySpan<byte> text, int slashes, ReadOnlySpan<byte> value, out int matched)
    {
        matched = 1;
        if (!TryReadUnit(text[slashes..], out var unit)) return 0;
        var taken = slashes + 5;
        Rune rune;
        if (char.IsHighSurrogate(unit))
        {
            var low = text[taken..];
            var between = RunOf(low);
            if (between == 0 || !TryReadUnit(low[between..], out var second) || !Rune.TryCreate(unit, second, out rune)) return 0;
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
