using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Countersign.Filtering;

/// <summary>
/// Reads the SCIM-style filters of the contract (5): <c>attribute op "value"</c>, <c>attribute pr</c>, <c>and</c> before <c>or</c>, <c>not</c>, parentheses;
/// strings in double or single quotes, in which a backslash stands before a quote or a backslash; <c>true</c>, <c>false</c> and numbers bare. Attribute names
/// are case-sensitive, operators are not.
/// </summary>
public static class FilterParser
{
    /// <summary>Characters that a filter may have.</summary>
    public const int MaxLength = 8_192;
    /// <summary>Comparisons that a filter may have.</summary>
    public const int MaxComparisons = 64;
    /// <summary>Parentheses and negations that may be open at once.</summary>
    public const int MaxDepth = 32;
    /// <summary>The form that dates are brought into, always in UTC.</summary>
    public const string DateFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    /// <summary>Reads a filter under a resource's rules. No text makes it throw.</summary>
    public static bool TryParse(string text, FilterRules rules, [NotNullWhen(true)] out FilterExpression? filter, out FilterFault fault)
    {
        (filter, fault) = (null, FilterFault.Unparsable);
        if (text.Length > MaxLength || text.Contains('\0')) return false;
        var reader = new Reader(text, rules);
        filter = reader.ReadWhole();
        fault = filter is null ? reader.Fault : FilterFault.None;
        return filter is not null;
    }

    /// <summary>A recursive descent over the text. What it cannot read is null, and <see cref="Fault"/> says why.</summary>
    private ref struct Reader(ReadOnlySpan<char> text, FilterRules rules)
    {
        private ReadOnlySpan<char> _rest = text;
        private int _depth, _comparisons;

        public FilterFault Fault { get; private set; } = FilterFault.Unparsable;

        public FilterExpression? ReadWhole()
        {
            var filter = ReadOr();
            SkipBlanks();
            return _rest.IsEmpty ? filter : null;
        }

        private FilterExpression? ReadOr()
        {
            var left = ReadAnd();
            while (left is not null && TryWord("or")) left = ReadAnd() is { } right ? new FilterExpression.Or(left, right) : null;
            return left;
        }

        private FilterExpression? ReadAnd()
        {
            var left = ReadOne();
            while (left is not null && TryWord("and")) left = ReadOne() is { } right ? new FilterExpression.And(left, right) : null;
            return left;
        }

        private FilterExpression? ReadOne()
        {
            var negated = TryWord("not");
            if (negated && !rules.AllowsNot) return Refuse(FilterFault.Unsupported);
            if (!IsNext('(')) return negated ? null : ReadComparison();
            if (++_depth > MaxDepth) return null;
            _rest = _rest[1..];
            var inner = ReadOr();
            if (!IsNext(')')) return null;
            _rest = _rest[1..];
            _depth--;
            return inner is null ? null : negated ? new FilterExpression.Not(inner) : inner;
        }

        private FilterExpression.Comparison? ReadComparison()
        {
            if (++_comparisons > MaxComparisons) return null;
            var name = TakeWord().ToString();
            if (name.Length == 0 || !char.IsAsciiLetter(name[0]) || OperatorOf(TakeWord()) is not { } @operator) return null;
            var value = "";
            if (@operator != FilterOperators.Present && !TryValue(out value)) return null;
            if (rules.Find(name) is not { } attribute || !attribute.Operators.HasFlag(@operator)) return Refuse(FilterFault.Unsupported);
            if (attribute.IsDate && @operator != FilterOperators.Present && !TryDate(ref value)) return Refuse(FilterFault.InvalidDate);
            return new FilterExpression.Comparison(name, @operator, attribute.IgnoresCase ? value.ToLowerInvariant() : value);
        }

        private bool TryValue(out string value)
        {
            SkipBlanks();
            value = "";
            if (_rest.IsEmpty) return false;
            if (_rest[0] is '"' or '\'') return TryQuoted(_rest[0], out value);
            var word = TakeWord();
            if (word is not ("true" or "false") && !decimal.TryParse(word, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out _))
                return false;
            value = word.ToString();
            return true;
        }

        private bool TryQuoted(char quote, out string value)
        {
            var unescaped = new System.Text.StringBuilder();
            for (var i = 1; i < _rest.Length; i++)
            {
                if (_rest[i] == quote)
                {
                    _rest = _rest[(i + 1)..];
                    value = unescaped.ToString();
                    return true;
                }
                if (_rest[i] == '\\' && i + 1 < _rest.Length && _rest[i + 1] is '"' or '\'' or '\\') i++;
                unescaped.Append(_rest[i]);
            }
            value = "";
            return false;
        }

        private static bool TryDate(ref string value)
        {
            if (!DateTimeOffset.TryParse(value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var date)) return false;
            value = date.UtcDateTime.ToString(DateFormat, CultureInfo.InvariantCulture);
            return true;
        }

        private bool TryWord(string word)
        {
            var before = _rest;
            if (TakeWord().Equals(word, StringComparison.OrdinalIgnoreCase)) return true;
            _rest = before;
            return false;
        }

        private ReadOnlySpan<char> TakeWord()
        {
            SkipBlanks();
            var length = 0;
            while (length < _rest.Length && (char.IsAsciiLetterOrDigit(_rest[length]) || _rest[length] is '.' or '_' or '-' or '$' or ':' or '+')) length++;
            var word = _rest[..length];
            _rest = _rest[length..];
            return word;
        }

        private bool IsNext(char expected)
        {
            SkipBlanks();
            return !_rest.IsEmpty && _rest[0] == expected;
        }

        private void SkipBlanks() => _rest = _rest.TrimStart();

        private FilterExpression.Comparison? Refuse(FilterFault fault)
        {
            Fault = fault;
            return null;
        }

        private static FilterOperators? OperatorOf(ReadOnlySpan<char> word)
        {
            Span<char> lower = stackalloc char[2];
            if (word.Length != 2 || word.ToLowerInvariant(lower) != 2) return null;
            return lower switch
            {
                "eq" => FilterOperators.Equal,
                "ne" => FilterOperators.NotEqual,
                "gt" => FilterOperators.Greater,
                "ge" => FilterOperators.GreaterOrEqual,
                "lt" => FilterOperators.Less,
                "le" => FilterOperators.LessOrEqual,
                "sw" => FilterOperators.StartsWith,
                "co" => FilterOperators.Contains,
                "ew" => FilterOperators.EndsWith,
                "pr" => FilterOperators.Present,
                _ => null,
            };
        }
    }
}
