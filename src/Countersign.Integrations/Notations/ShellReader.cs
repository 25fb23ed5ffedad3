using System.Globalization;
using System.Text;

namespace Countersign.Integrations.Notations;

/// <summary>
/// Reads a command as bash does (POSIX.1-2024, Shell Command Language 2.2, and <c>$'…'</c>): quotes, escapes, continued lines, comments, variables and their assignments before the command.
/// Nothing is run: substitutions are faults.
/// </summary>
internal sealed class ShellReader(string text, Findings findings)
{
    private readonly ShellVariables _variables = new(findings);
    private int _at;

    /// <summary>The words of the first command that is more than assignments; empty when there is none.</summary>
    public List<Template> Read()
    {
        while (_at < text.Length && findings.Faults.Count == 0)
        {
            var (words, comment) = ReadCommand();
            var assigned = words.TakeWhile((word, i) => word.Assigns is not null || (i == 0 && word.Value.Text == "export")).ToList();
            foreach (var word in assigned)
                if (word.Assigns is { } name) _variables.Set(name, assigned.Count == 1 && IsExpression(comment) ? Template.Expression(comment) : word.AssignedValue!);
            if (assigned.Count == words.Count) continue;
            if (!text.AsSpan(_at).IsWhiteSpace()) findings.Warn("Only the first command was read.");
            return [.. words.Skip(assigned.Count).Select(word => word.Value)];
        }
        return [];
    }

    private static bool IsExpression(string comment) => Template.EndOfExpression(comment, 0) == comment.Length;

    private (List<Word> Words, string Comment) ReadCommand()
    {
        var words = new List<Word>();
        while (_at < text.Length)
        {
            var character = text[_at];
            if (character is ' ' or '\t' or '\r') _at++;
            else if (IsContinuation(out var length)) _at += length;
            else if (character == '\n')
            {
                _at++;
                break;
            }
            else if (character == '#')
            {
                var end = text.IndexOf('\n', _at) is >= 0 and var newline ? newline : text.Length;
                var comment = text[(_at + 1)..end].Trim();
                _at = end;
                return (words, comment);
            }
            else if (character is '|' or ';' or '&' or '>' or '<' or '(' or ')')
            {
                EndAtOperator(words);
                break;
            }
            else if (ReadWord() is { } word) words.Add(word);
            else break;
        }
        return (words, "");
    }

    private void EndAtOperator(List<Word> words)
    {
        // The number of what is redirected (2>/dev/null) is no word of the command.
        if (text[_at] is '>' or '<' && words is [.., { Value.Text: ['0' or '1' or '2'] }] && char.IsAsciiDigit(text[_at - 1])) words.RemoveAt(words.Count - 1);
        var rest = text[_at..].Trim();
        if (rest is not (";" or "&")) findings.Warn($"What follows from {Findings.Shown(rest)} was left out{(rest[0] == '&' ? "; put an address with & in quotes" : "")}.");
        _at = text.Length;
    }

    private Word? ReadWord()
    {
        var start = _at;
        var assigns = AssignedName(start);
        var (word, value) = (new Template.Builder(), new Template.Builder());
        while (_at < text.Length && text[_at] is not (' ' or '\t' or '\r' or '\n' or '|' or ';' or '&' or '>' or '<' or '(' or ')'))
        {
            if (IsContinuation(out var length))
            {
                _at += length;
                continue;
            }
            var piece = new Template.Builder();
            if (!ReadPiece(piece)) return null;
            var read = piece.ToTemplate();
            word.Append(read);
            if (assigns is not null && _at > start + assigns.Length + 1) value.Append(read);
        }
        return new Word(word.ToTemplate(), assigns, assigns is null ? null : value.ToTemplate());
    }

    private string? AssignedName(int start)
    {
        var end = start;
        while (end < text.Length && ShellVariables.IsNameCharacter(text[end])) end++;
        return end < text.Length && text[end] == '=' && ShellVariables.IsName(text.AsSpan(start, end - start)) ? text[start..end] : null;
    }

    private bool ReadPiece(Template.Builder word)
    {
        switch (text[_at])
        {
            case '\'':
                return ReadSingleQuoted(word);
            case '"':
                return ReadDoubleQuoted(word);
            case '\\':
                if (_at + 1 < text.Length) word.Literal(text[_at + 1]);
                _at = Math.Min(_at + 2, text.Length);
                return true;
            case '`':
                return Fail("command substitution (`…`) is not read");
            case '$' when Next == '\'':
                return ReadEscaped(word);
            case '$' when Next == '"':
                _at++;
                return true;
            case '$':
                return ReadVariable(word);
            default:
                word.Literal(text[_at++]);
                return true;
        }
    }

    private char Next => _at + 1 < text.Length ? text[_at + 1] : '\0';

    private bool ReadSingleQuoted(Template.Builder word)
    {
        var end = text.IndexOf('\'', _at + 1);
        if (end < 0) return Fail("a quote (') is not closed");
        // A definition's expression is written this way by hand; the shell's own variables do not count in single quotes.
        word.Append(ExpressionsIn(text[(_at + 1)..end]));
        _at = end + 1;
        return true;
    }

    private static Template ExpressionsIn(string quoted)
    {
        var builder = new Template.Builder();
        for (var i = 0; i < quoted.Length;)
            if (Template.EndOfExpression(quoted, i) is { } end)
            {
                builder.Expression(quoted[i..end]);
                i = end;
            }
            else builder.Literal(quoted[i++]);
        return builder.ToTemplate();
    }

    private bool ReadDoubleQuoted(Template.Builder word)
    {
        for (_at++; _at < text.Length;)
        {
            switch (text[_at])
            {
                case '"':
                    _at++;
                    return true;
                case '\\' when IsContinuation(out var length):
                    _at += length;
                    break;
                case '\\' when Next is '\\' or '"' or '$' or '`':
                    word.Literal(Next);
                    _at += 2;
                    break;
                case '`':
                    return Fail("command substitution (`…`) is not read");
                case '$':
                    if (!ReadVariable(word)) return false;
                    break;
                default:
                    word.Literal(text[_at++]);
                    break;
            }
        }
        return Fail("a quote (\") is not closed");
    }

    private bool ReadVariable(Template.Builder word)
    {
        if (Next == '(') return Fail("command substitution ($(…)) is not read");
        if (Next == '{')
        {
            if (Template.EndOfExpression(text, _at) is not { } end) return Fail("a variable (${…}) is not closed");
            var name = text[(_at + 2)..(end - 1)];
            if (ShellVariables.IsName(name)) word.Append(_variables.Get(name));
            else if (name.Contains('.', StringComparison.Ordinal)) word.Expression(text[_at..end]);
            else return Fail($"the expansion ${{{Findings.Shown(name)}}} is not read");
            _at = end;
            return true;
        }
        var last = _at + 1;
        while (last < text.Length && ShellVariables.IsNameCharacter(text[last])) last++;
        if (ShellVariables.IsName(text.AsSpan(_at + 1, last - _at - 1)))
        {
            word.Append(_variables.Get(text[(_at + 1)..last]));
            _at = last;
        }
        else word.Literal(text[_at++]);
        return true;
    }

    /// <summary><c>$'…'</c>: escapes as in C.</summary>
    private bool ReadEscaped(Template.Builder word)
    {
        var bytes = new List<byte>();
        for (_at += 2; _at < text.Length;)
        {
            if (text[_at] == '\'')
            {
                _at++;
                word.Literal(Encoding.UTF8.GetString([.. bytes]));
                return true;
            }
            if (text[_at] != '\\' || _at + 1 >= text.Length)
            {
                Rune.DecodeFromUtf16(text.AsSpan(_at), out var rune, out var used);
                Add(rune);
                _at += used;
                continue;
            }
            var escape = text[_at + 1];
            _at += 2;
            if (escape is >= '0' and <= '7') bytes.Add((byte)Digits(_at - 1, 3, 8));
            else if (escape == 'x' && IsHex(_at)) bytes.Add((byte)Digits(_at, 2, 16));
            else if (escape is 'u' or 'U' && IsHex(_at)) Add(Rune.TryCreate(Digits(_at, escape == 'u' ? 4 : 8, 16), out var rune) ? rune : Rune.ReplacementChar);
            else if (escape == 'c' && _at < text.Length) bytes.Add((byte)(text[_at++] & 0x1F));
            else if ("abeEfnrtv\\'\"?".IndexOf(escape, StringComparison.Ordinal) is >= 0 and var i) bytes.Add((byte)"\a\b\u001B\u001B\f\n\r\t\v\\'\"?"[i]);
            else bytes.AddRange(Encoding.UTF8.GetBytes($"\\{escape}"));
        }
        return Fail("a quote ($') is not closed");

        void Add(Rune rune)
        {
            Span<byte> utf8 = stackalloc byte[4];
            bytes.AddRange(utf8[..rune.EncodeToUtf8(utf8)]);
        }
    }

    private bool IsHex(int at) => at < text.Length && char.IsAsciiHexDigit(text[at]);

    private int Digits(int from, int most, int radix)
    {
        var end = from;
        while (end < text.Length && end - from < most && (radix == 16 ? char.IsAsciiHexDigit(text[end]) : text[end] is >= '0' and <= '7')) end++;
        _at = end;
        return radix == 16 ? (int)Math.Min(uint.Parse(text.AsSpan(from, end - from), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture), int.MaxValue) : Convert.ToInt32(text[from..end], 8);
    }

    private bool IsContinuation(out int length)
    {
        length = text[_at] != '\\' ? 0 : Next == '\n' ? 2 : Next == '\r' && _at + 2 < text.Length && text[_at + 2] == '\n' ? 3 : 0;
        return length > 0;
    }

    private bool Fail(string fault)
    {
        findings.Fault($"command: {fault}");
        _at = text.Length;
        return false;
    }

    /// <summary>A word; of an assignment also the name and the value.</summary>
    private readonly record struct Word(Template Value, string? Assigns, Template? AssignedValue);
}
