using System.Text;

namespace Countersign.Integrations.Notations;

/// <summary>
/// Reads a command as Windows does: first <c>cmd</c> takes its carets (<c>^</c>) away, then the program splits the line by the rules of the C runtime. It is what browsers copy as “cURL (cmd)”.
/// </summary>
internal static class CmdReader
{
    /// <summary>Whether a command is meant for <c>cmd</c> rather than bash.</summary>
    public static bool IsMeant(string text)
    {
        if (text.AsSpan().TrimStart().StartsWith("curl.exe", StringComparison.OrdinalIgnoreCase)) return true;
        // What is quoted first says it: a caret's quote or line is cmd's, an apostrophe or a backslash's line is bash's.
        for (var i = 0; i + 1 < text.Length; i++)
        {
            var next = text[i + 1];
            if (text[i] == '^' && (next is '"' or '\r' or '\n')) return true;
            if (text[i] == '\'' || (text[i] == '\\' && (next is '\r' or '\n'))) return false;
            if (text[i] == '\\') i++;
            else if (text[i] == '"')
                for (i++; i < text.Length && text[i] != '"'; i++)
                    if (text[i] == '\\') i++;
        }
        return false;
    }

    /// <summary>The words of the command.</summary>
    public static List<Template> Read(string text, Findings findings)
    {
        var line = WithoutCarets(text, findings);
        var words = new List<Template>();
        for (var at = 0; ;)
        {
            while (at < line.Length && line[at] is ' ' or '\t') at++;
            if (at >= line.Length) return words;
            words.Add(Word(line, ref at, findings));
        }
    }

    private static string WithoutCarets(string text, Findings findings)
    {
        var (line, isQuoted) = (new StringBuilder(text.Length), false);
        for (var i = 0; i < text.Length; i++)
        {
            var character = text[i];
            if (character == '^' && !isQuoted && i + 1 < text.Length)
            {
                i += IsLineEnd(text, i + 1, out var length) ? length : 0;
                // After a continued line the next character stands for itself, a line's end too.
                if (i + 1 < text.Length) line.Append(IsLineEnd(text, i + 1, out var own) && Skip(ref i, own - 1) ? '\n' : text[i + 1]);
                i++;
            }
            else if (IsLineEnd(text, i, out _))
            {
                if (!text.AsSpan(i).IsWhiteSpace()) findings.Warn("Only the first line was read.");
                break;
            }
            else if (!isQuoted && character is '|' or '&' or '<' or '>')
            {
                findings.Warn($"What follows from {Findings.Shown(text[i..].Trim())} was left out.");
                break;
            }
            else
            {
                if (character == '"') isQuoted = !isQuoted;
                line.Append(character);
            }
        }
        return line.ToString();
    }

    private static bool Skip(ref int at, int count)
    {
        at += count;
        return true;
    }

    private static bool IsLineEnd(string text, int at, out int length)
    {
        length = at >= text.Length ? 0 : text[at] == '\n' ? 1 : text[at] == '\r' && at + 1 < text.Length && text[at + 1] == '\n' ? 2 : 0;
        return length > 0;
    }

    private static Template Word(string line, ref int at, Findings findings)
    {
        var (word, isQuoted) = (new StringBuilder(), false);
        while (at < line.Length && (isQuoted || line[at] is not (' ' or '\t')))
        {
            var backslashes = 0;
            while (at + backslashes < line.Length && line[at + backslashes] == '\\') backslashes++;
            var isBeforeQuote = at + backslashes < line.Length && line[at + backslashes] == '"';
            word.Append('\\', isBeforeQuote ? backslashes / 2 : backslashes);
            at += backslashes;
            if (!isBeforeQuote)
            {
                if (backslashes == 0) word.Append(line[at++]);
                continue;
            }
            if (backslashes % 2 == 1) word.Append('"');
            else if (isQuoted && at + 1 < line.Length && line[at + 1] == '"')
            {
                word.Append('"');
                at++;
            }
            else isQuoted = !isQuoted;
            at++;
        }
        if (isQuoted) findings.Fault("command: a quote (\") is not closed");
        return Template.Parse(word.ToString());
    }
}
