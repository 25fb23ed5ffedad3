namespace Countersign.Console.HttpTasks;

/// <summary>A stretch of a text: letters as they are, or an expression.</summary>
/// <param name="Text">The stretch, with <c>${</c> and <c>}</c> when it is an expression.</param>
/// <param name="Path">What stands between them; null for letters.</param>
internal readonly record struct ExpressionSegment(string Text, string? Path);

/// <summary>Finds the expressions in a text (workflow contract 5): <c>${root.path}</c>, which may hold others; <c>$${</c> is none.</summary>
internal static class ExpressionText
{
    /// <summary>The text in stretches. An expression that never ends is letters.</summary>
    public static IEnumerable<ExpressionSegment> Segments(string text)
    {
        var letters = 0;
        for (var at = 0; at < text.Length;)
        {
            if (IsEscape(text, at))
                at += 3;
            else if (IsStart(text, at) && End(text, at) is { } end)
            {
                if (at > letters)
                    yield return new(text[letters..at], null);
                yield return new(text[at..end], text[(at + 2)..(end - 1)]);
                letters = at = end;
            }
            else
                at++;
        }

        if (letters < text.Length)
            yield return new(text[letters..], null);
    }

    /// <summary>The paths of all expressions, those within others too, the inner ones first.</summary>
    public static IEnumerable<string> Paths(string text)
        => Segments(text).Where(segment => segment.Path is not null).SelectMany(segment => Paths(segment.Path!).Append(segment.Path!.Trim()));

    /// <summary>Whether an expression begins and never ends.</summary>
    public static bool IsBroken(string text)
    {
        for (var at = 0; at < text.Length;)
        {
            if (IsEscape(text, at))
                at += 3;
            else if (!IsStart(text, at))
                at++;
            else if (End(text, at) is { } end)
                at = end;
            else
                return true;
        }

        return false;
    }

    /// <summary>Whether there is any expression.</summary>
    public static bool HasAny(string text) => Segments(text).Any(segment => segment.Path is not null);

    /// <summary>The expression that is being typed at a place: where it begins and what has been typed of its path.</summary>
    public static (int Start, string Typed)? Open(string text, int caret)
    {
        var before = text[..Math.Clamp(caret, 0, text.Length)];
        var start = before.LastIndexOf("${", StringComparison.Ordinal);
        if (start < 0 || (start > 0 && before[start - 1] == '$'))
            return null;
        var typed = before[(start + 2)..];
        return typed.Contains('}') || typed.Contains('\n') ? null : (start, typed);
    }

    private static bool IsStart(string text, int at) => at + 1 < text.Length && text[at] == '$' && text[at + 1] == '{';

    private static bool IsEscape(string text, int at) => text[at] == '$' && IsStart(text, at + 1);

    private static int? End(string text, int start)
    {
        var depth = 0;
        for (var at = start; at < text.Length; at++)
        {
            if (IsStart(text, at))
                (depth, at) = (depth + 1, at + 1);
            else if (text[at] == '}' && --depth == 0)
                return at + 1;
        }

        return null;
    }
}
