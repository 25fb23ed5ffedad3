using Microsoft.Extensions.Primitives;

namespace Countersign.Server.Waiting;

/// <summary>Reads the preference <c>wait</c> of <c>Prefer</c> (RFC 7240 §2, §4.3). What is no preference, or not one that is served, is as if it were not there.</summary>
internal static class WaitPreference
{
    private const string Name = "wait";
    private const int MostDigits = 9;
    private static readonly char[] Blanks = [' ', '\t'];

    /// <summary>The time that the client prefers to wait at most, cut at the longest; null when it prefers nothing of the kind. Whole seconds.</summary>
    public static TimeSpan? Read(StringValues prefer, TimeSpan longest)
    {
        // Of a preference that is said twice the first counts (RFC 7240 §2).
        foreach (var line in prefer)
            foreach (var preference in Split(line ?? "", ','))
            {
                var word = Split(preference, ';').First();
                var (name, value) = word.IndexOf('=') is >= 0 and var sign ? (word[..sign], word[(sign + 1)..]) : (word, "");
                if (name.Trim(Blanks).Equals(Name, StringComparison.OrdinalIgnoreCase)) return Seconds(value.Trim(Blanks), longest);
            }
        return null;
    }

    private static TimeSpan? Seconds(string value, TimeSpan longest)
    {
        if (value is ['"', .. var quoted, '"']) value = quoted;
        if (value.Length == 0 || !value.All(char.IsAsciiDigit)) return null;
        var digits = value.TrimStart('0');
        if (digits.Length == 0) return null;
        var most = TimeSpan.FromSeconds(Math.Floor(longest.TotalSeconds));
        return digits.Length > MostDigits || TimeSpan.FromSeconds(int.Parse(digits)) is var wait && wait > most ? most : wait;
    }

    /// <summary>The parts between separators that stand in no quotes; at least one.</summary>
    private static IEnumerable<string> Split(string text, char separator)
    {
        var (start, isQuoted) = (0, false);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '"') isQuoted = !isQuoted;
            else if (isQuoted && text[i] == '\\') i++;
            else if (!isQuoted && text[i] == separator)
            {
                yield return text[start..i];
                start = i + 1;
            }
        }
        yield return text[start..];
    }
}
