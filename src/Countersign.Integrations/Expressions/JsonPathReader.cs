using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Countersign.Integrations.Expressions;

/// <summary>Reads the text of a path from left to right.</summary>
internal ref struct JsonPathReader(ReadOnlySpan<char> text)
{
    /// <summary>The deepest nesting of filters and parentheses.</summary>
    private const int DeepestFilter = 16;

    private readonly ReadOnlySpan<char> _text = text;
    private int _at;
    private int _depth;
    private string? _fault;

    private readonly bool IsAtEnd => _at >= _text.Length;
    private readonly char Next => _at < _text.Length ? _text[_at] : '\0';

    /// <summary>The whole text as a path; null and the fault when it is none.</summary>
    public JsonPath? Read(out string? fault)
    {
        var path = ReadPath(isInFilter: false);
        if (path is not null && !IsAtEnd) path = Refuse<JsonPath>($"\"{_text[_at..]}\" is left over");
        fault = _fault;
        return path;
    }

    private T? Refuse<T>(string fault) where T : class
    {
        _fault ??= fault + ".";
        return null;
    }

    private JsonPath? ReadPath(bool isInFilter)
    {
        var steps = ImmutableArray.CreateBuilder<PathStep>();
        PathFunction? function = null;
        while (!IsAtEnd && function is null && Next is '.' or '[')
        {
            if (Next is '.')
            {
                _at++;
                if (Next is '.')
                {
                    _at++;
                    steps.Add(new DescendStep());
                    if (Next is '[') continue;
                }
                if (Next is '[') return Refuse<JsonPath>("A name is missing after a dot");
                if (Next is '*')
                {
                    _at++;
                    steps.Add(new WildcardStep());
                    continue;
                }
                var name = ReadBareName(isInFilter);
                if (name.Length == 0) return Refuse<JsonPath>("A name is missing after a dot");
                if (Next is '(')
                {
                    if (!_text[_at..].StartsWith("()")) return Refuse<JsonPath>($"The function {name} takes no arguments");
                    _at += 2;
                    function = PathFunction.Find(name);
                    if (function is null) return Refuse<JsonPath>($"There is no function {name}(); there are {PathFunction.Names}");
                    continue;
                }
                steps.Add(new NameStep(name));
            }
            else
            {
                if (ReadBracket() is not { } step) return null;
                steps.Add(step);
            }
        }
        return new JsonPath(steps.DrainToImmutable(), function);
    }

    private string ReadBareName(bool isInFilter)
    {
        var from = _at;
        while (!IsAtEnd && Next is not ('.' or '[' or '('))
        {
            if (isInFilter && Next is ' ' or ')' or '=' or '!' or '<' or '>' or '&' or '|' or ']') break;
            _at++;
        }
        return _text[from.._at].ToString();
    }

    private PathStep? ReadBracket()
    {
        _at++;
        SkipBlanks();
        if (Next is '*')
        {
            _at++;
            return Close(new WildcardStep());
        }
        if (Next is '?')
        {
            _at++;
            return ReadFilter() is { } filter ? Close(new FilterStep(filter)) : null;
        }
        var members = ImmutableArray.CreateBuilder<PathStep>();
        while (true)
        {
            SkipBlanks();
            if (Next is '\'' or '"')
            {
                if (ReadQuoted() is not { } name) return null;
                members.Add(new NameStep(name));
            }
            else
            {
                if (ReadIndexOrSlice() is not { } step) return null;
                members.Add(step);
            }
            SkipBlanks();
            if (Next is not ',') break;
            _at++;
        }
        return Close(members.Count == 1 ? members[0] : new UnionStep(members.DrainToImmutable()));
    }

    private PathStep? Close(PathStep step)
    {
        SkipBlanks();
        if (Next is not ']') return Refuse<PathStep>("A bracket is not closed");
        _at++;
        return step;
    }

    private PathStep? ReadIndexOrSlice()
    {
        if (!TryReadInteger(out var first)) return null;
        SkipBlanks();
        if (Next is not ':')
        {
            return first is { } index ? new IndexStep(index) : Refuse<PathStep>("Between brackets stands an index, a quoted name, a slice, * or a filter");
        }
        _at++;
        if (!TryReadInteger(out var end)) return null;
        int? step = null;
        SkipBlanks();
        if (Next is ':')
        {
            _at++;
            if (!TryReadInteger(out step)) return null;
            if (step is 0) return Refuse<PathStep>("The step of a slice is not 0");
        }
        return new SliceStep(first, end, step);
    }

    private bool TryReadInteger(out int? number)
    {
        SkipBlanks();
        var from = _at;
        if (Next is '-') _at++;
        while (char.IsAsciiDigit(Next)) _at++;
        number = null;
        if (_at == from) return true;
        if (int.TryParse(_text[from.._at], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var read))
        {
            number = read;
            return true;
        }
        _ = Refuse<string>($"\"{_text[from.._at]}\" is no index");
        return false;
    }

    private string? ReadQuoted()
    {
        var quote = Next;
        _at++;
        var name = new StringBuilder();
        while (!IsAtEnd && Next != quote)
        {
            if (Next is '\\' && _at + 1 < _text.Length) _at++;
            name.Append(Next);
            _at++;
        }
        if (IsAtEnd) return Refuse<string>("A quoted name is not closed");
        _at++;
        return name.ToString();
    }

    private PathFilter? ReadFilter()
    {
        if (++_depth > DeepestFilter) return Refuse<PathFilter>($"Filters nest at most {DeepestFilter} deep");
        SkipBlanks();
        if (Next is not '(') return Refuse<PathFilter>("A filter stands in parentheses after the question mark");
        _at++;
        var filter = ReadEither();
        if (filter is null) return null;
        SkipBlanks();
        if (Next is not ')') return Refuse<PathFilter>("A parenthesis of a filter is not closed");
        _at++;
        _depth--;
        return filter;
    }

    private PathFilter? ReadEither()
    {
        var left = ReadBoth();
        while (left is not null && TakeIf("||"))
        {
            if (ReadBoth() is not { } right) return null;
            left = new EitherFilter(left, right);
        }
        return left;
    }

    private PathFilter? ReadBoth()
    {
        var left = ReadTest();
        while (left is not null && TakeIf("&&"))
        {
            if (ReadTest() is not { } right) return null;
            left = new BothFilter(left, right);
        }
        return left;
    }

    private PathFilter? ReadTest()
    {
        SkipBlanks();
        if (Next is '!' && !_text[_at..].StartsWith("!="))
        {
            _at++;
            if (++_depth > DeepestFilter) return Refuse<PathFilter>($"Filters nest at most {DeepestFilter} deep");
            var inner = ReadTest();
            _depth--;
            return inner is null ? null : new NotFilter(inner);
        }
        if (Next is '(') return ReadFilter();
        if (ReadOperand() is not { } left) return null;
        foreach (var comparison in (ReadOnlySpan<string>)["==", "!=", "<=", ">=", "<", ">"])
        {
            if (TakeIf(comparison)) return ReadOperand() is { } right ? new ComparisonFilter(left, comparison, right) : null;
        }
        return left.Path is { } path ? new ExistsFilter(path) : Refuse<PathFilter>("A comparison is missing in a filter");
    }

    private FilterOperand? ReadOperand()
    {
        SkipBlanks();
        if (Next is '@')
        {
            _at++;
            return ReadPath(isInFilter: true) is { } path ? new FilterOperand(path, default) : null;
        }
        if (Next is '\'' or '"') return ReadQuoted() is { } text ? new FilterOperand(null, JsonBuilder.Text(text)) : null;
        var from = _at;
        while (!IsAtEnd && (char.IsAsciiLetterOrDigit(Next) || Next is '-' or '+' or '.')) _at++;
        try
        {
            if (_at > from) return new FilterOperand(null, JsonBuilder.Read(_text[from.._at].ToString()));
        }
        catch (JsonException)
        {
            // The refusal below says it.
        }
        _ = Refuse<string>("A filter compares paths that start with @, texts in quotes, numbers, true, false and null");
        return null;
    }

    private bool TakeIf(string word)
    {
        SkipBlanks();
        if (!_text[_at..].StartsWith(word)) return false;
        _at += word.Length;
        return true;
    }

    private void SkipBlanks()
    {
        while (Next is ' ') _at++;
    }
}
