using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Countersign.Integrations.Runs;

/// <summary>Reads the query language of searches (workflow contract 12.1): comparisons, <c>IN</c> and <c>BETWEEN</c>, joined by <c>AND</c>, <c>OR</c> and parentheses.</summary>
public sealed class SearchQuery
{
    private const int LongestQuery = 4_096, MostConditions = 100, DeepestNesting = 16;

    /// <summary>The fields of executions; those of numbers.</summary>
    public static readonly FrozenDictionary<string, bool> ExecutionFields = new Dictionary<string, bool>(StringComparer.Ordinal)
    {
        ["workflowId"] = false,
        ["workflowType"] = false,
        ["version"] = true,
        ["status"] = false,
        ["correlationId"] = false,
        ["startTime"] = true,
        ["endTime"] = true,
        ["updateTime"] = true,
        ["failedReferenceTaskNames"] = false,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The fields of tasks; those of numbers.</summary>
    public static readonly FrozenDictionary<string, bool> TaskFields = new Dictionary<string, bool>(StringComparer.Ordinal)
    {
        ["taskId"] = false,
        ["workflowId"] = false,
        ["taskDefName"] = false,
        ["taskType"] = false,
        ["status"] = false,
        ["updateTime"] = true,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private readonly string _text;
    private readonly FrozenDictionary<string, bool> _fields;
    private int _at, _depth, _conditions;

    private SearchQuery(string text, FrozenDictionary<string, bool> fields) => (_text, _fields) = (text, fields);

    /// <summary>Reads a query.</summary>
    /// <param name="text">The query; empty or <c>*</c>: no condition.</param>
    /// <param name="fields">The fields that there are; true for numbers.</param>
    /// <param name="condition">The condition; null when there is none.</param>
    /// <param name="fault">What is wrong with it, with the place; null when nothing is.</param>
    public static bool TryRead(string? text, FrozenDictionary<string, bool> fields, out SearchCondition? condition, out string? fault)
    {
        (condition, fault) = (null, null);
        if (string.IsNullOrWhiteSpace(text) || text.Trim() == "*") return true;
        if (text.Length > LongestQuery)
        {
            fault = $"The query is longer than {LongestQuery} characters.";
            return false;
        }
        try
        {
            var query = new SearchQuery(text, fields);
            condition = query.Or();
            query.Blank();
            if (query._at < text.Length) throw query.Wrong("AND, OR or the end");
            return true;
        }
        catch (FormatException exception)
        {
            fault = exception.Message;
            return false;
        }
    }

    private SearchCondition Or()
    {
        if (++_depth > DeepestNesting) throw new FormatException($"The query is nested more than {DeepestNesting} deep.");
        var conditions = ImmutableArray.CreateBuilder<SearchCondition>();
        do conditions.Add(And());
        while (TryWord("OR"));
        _depth--;
        return conditions.Count == 1 ? conditions[0] : new SearchCondition.Or(conditions.ToImmutable());
    }

    private SearchCondition And()
    {
        var conditions = ImmutableArray.CreateBuilder<SearchCondition>();
        do conditions.Add(One());
        while (TryWord("AND"));
        return conditions.Count == 1 ? conditions[0] : new SearchCondition.And(conditions.ToImmutable());
    }

    private SearchCondition One()
    {
        if (TrySign('('))
        {
            var inner = Or();
            return TrySign(')') ? inner : throw Wrong("a closing parenthesis");
        }
        if (++_conditions > MostConditions) throw new FormatException($"The query has more than {MostConditions} conditions.");
        var place = Blank();
        var field = Bare();
        if (field.Length == 0) throw Wrong("a field");
        if (!_fields.TryGetValue(field, out var isNumber))
            throw new FormatException($"At character {place + 1} of the query: there is no field '{field}'; fields are {string.Join(", ", _fields.Keys.Order(StringComparer.Ordinal))}.");
        if (TryWord("IN")) return new SearchCondition.In(field, List(isNumber));
        if (TryWord("BETWEEN"))
        {
            var least = Value(isNumber);
            if (!TryWord("AND")) throw Wrong("AND");
            return new SearchCondition.And([new SearchCondition.Compare(field, ">=", least), new SearchCondition.Compare(field, "<=", Value(isNumber))]);
        }
        foreach (var comparison in (ReadOnlySpan<string>)["!=", "<=", ">=", "=", "<", ">"])
        {
            if (!string.Equals(Ahead(comparison.Length), comparison, StringComparison.Ordinal)) continue;
            _at += comparison.Length;
            return new SearchCondition.Compare(field, comparison, Value(isNumber));
        }
        throw Wrong("a comparison");
    }

    private ImmutableArray<object> List(bool isNumber)
    {
        if (!TrySign('(')) throw Wrong("an opening parenthesis");
        var values = ImmutableArray.CreateBuilder<object>();
        do values.Add(Value(isNumber));
        while (TrySign(',') && values.Count <= MostConditions);
        return TrySign(')') ? values.ToImmutable() : throw Wrong("a closing parenthesis");
    }

    private object Value(bool isNumber)
    {
        var place = Blank();
        var text = _at < _text.Length && _text[_at] is '"' or '\'' ? Quoted() : Bare();
        if (text is null || (text.Length == 0 && place == _at)) throw Wrong("a value");
        if (!isNumber) return text;
        return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number
            : throw new FormatException($"At character {place + 1} of the query: '{text}' is no whole number.");
    }

    private string Quoted()
    {
        var (quote, start, text) = (_text[_at], _at, new StringBuilder());
        for (_at++; _at < _text.Length; _at++)
        {
            if (_text[_at] == quote)
            {
                _at++;
                return text.ToString();
            }
            if (_text[_at] == '\\' && _at + 1 < _text.Length) _at++;
            text.Append(_text[_at]);
        }
        throw new FormatException($"At character {start + 1} of the query: the quote does not end.");
    }

    private string Bare()
    {
        Blank();
        var start = _at;
        while (_at < _text.Length && !char.IsWhiteSpace(_text[_at]) && !"()=<>!,\"'".Contains(_text[_at], StringComparison.Ordinal)) _at++;
        return _text[start.._at];
    }

    private bool TryWord(string word)
    {
        Blank();
        var after = _at + word.Length;
        if (!string.Equals(Ahead(word.Length), word, StringComparison.OrdinalIgnoreCase)) return false;
        if (after < _text.Length && !char.IsWhiteSpace(_text[after]) && _text[after] is not ('(' or '"' or '\'')) return false;
        _at = after;
        return true;
    }

    private bool TrySign(char sign)
    {
        Blank();
        if (_at >= _text.Length || _text[_at] != sign) return false;
        _at++;
        return true;
    }

    private string Ahead(int count)
    {
        Blank();
        return _text.Substring(_at, Math.Min(count, _text.Length - _at));
    }

    private int Blank()
    {
        while (_at < _text.Length && char.IsWhiteSpace(_text[_at])) _at++;
        return _at;
    }

    private FormatException Wrong(string expected) => new($"At character {_at + 1} of the query: {expected} was expected, {(_at < _text.Length ? $"not '{_text[_at]}'" : "not the end")}.");
}
