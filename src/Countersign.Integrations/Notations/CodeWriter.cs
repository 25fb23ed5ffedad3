using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Countersign.Integrations.Notations;

/// <summary>A notation that a request is written in.</summary>
internal abstract class CodeWriter
{
    /// <summary>The names of the expressions that are met.</summary>
    protected ExpressionNames Names { get; } = new();

    /// <summary>Writes the request as code that can be run.</summary>
    public abstract string Write(NotedRequest request);

    /// <summary>A text as an expression of the language, quoted so that every character arrives.</summary>
    protected abstract string Quote(Template text);

    /// <summary>A value of JSON in the language's own notation.</summary>
    /// <param name="value">The value.</param>
    /// <param name="indent">The blanks before the line that it begins in.</param>
    protected abstract string Value(JsonNode? value, string indent);

    /// <summary>The code with what says which variables stand for expressions before it, and what could not be said.</summary>
    /// <param name="comment">What begins a comment.</param>
    /// <param name="declare">Declares a variable, with an empty text.</param>
    /// <param name="request">The request.</param>
    /// <param name="code">The rest.</param>
    protected string WithHead(string comment, Func<string, string> declare, NotedRequest request, string code)
    {
        var head = new StringBuilder();
        if (request.Unsaid.Length > 0) head.Append(comment).Append(" Not said here: ").Append(ExpressionNames.Comment(string.Join(", ", request.Unsaid))).Append('\n');
        if (Token(request) is { } token) head.Append(comment).Append(" access_token: fetched by client credentials from ").Append(ExpressionNames.Comment(token.ToString())).Append('\n').Append(declare("access_token")).Append('\n');
        foreach (var (name, expression) in Names.All) head.Append(declare(name)).Append("  ").Append(comment).Append(' ').Append(ExpressionNames.Comment(expression)).Append('\n');
        if (head.Length > 0 && comment != "#") head.Append('\n');
        return head.Append(code).ToString();
    }

    /// <summary>Where the token of the request is fetched; null when it needs none.</summary>
    protected static Template? Token(NotedRequest request) => request.Authentication is { Type: "oauth2" } oauth2 ? oauth2.TokenUrl : null;

    /// <summary>Whether the body can be written as a value of the language without changing a number.</summary>
    protected static bool IsValue(NotedRequest request, Func<string, bool> isExact)
        => request.Body is JsonObject or JsonArray && request.IsJson && request.BodyBytes() is null && HasExactNumbers(request.Body, isExact);

    /// <summary>Whether a number reads back from a double as it is written.</summary>
    protected static bool IsExactDouble(string number)
        => double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value) && value.ToString("R", CultureInfo.InvariantCulture) == number && Math.Abs(value) < 1e15;

    private static bool HasExactNumbers(JsonNode? value, Func<string, bool> isExact) => value switch
    {
        JsonObject map => map.All(member => HasExactNumbers(member.Value, isExact)),
        JsonArray list => list.All(item => HasExactNumbers(item, isExact)),
        JsonValue number when number.GetValueKind() == JsonValueKind.Number => isExact(number.ToJsonString()),
        _ => true,
    };

    /// <summary>Text with what the language escapes.</summary>
    /// <param name="text">The text.</param>
    /// <param name="special">The characters that get a backslash.</param>
    protected static string Escape(string text, string special)
    {
        var escaped = new StringBuilder(text.Length + 8);
        foreach (var character in text)
        {
            if (special.Contains(character, StringComparison.Ordinal)) escaped.Append('\\').Append(character);
            else if (character == '\n') escaped.Append("\\n");
            else if (character == '\r') escaped.Append("\\r");
            else if (character == '\t') escaped.Append("\\t");
            else if (char.IsControl(character) || character is '\u2028' or '\u2029' or '\uFEFF' || char.GetUnicodeCategory(character) == UnicodeCategory.Format)
                escaped.Append("\\u").Append(((int)character).ToString("x4", CultureInfo.InvariantCulture));
            else escaped.Append(character);
        }
        return escaped.ToString();
    }
}
