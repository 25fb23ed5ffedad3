using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Countersign.Integrations.Notations;

/// <summary>A command for curl in bash. What it writes, <see cref="CurlReader"/> reads as the same request.</summary>
internal sealed class CurlWriter : CodeWriter
{
    public override string Write(NotedRequest request)
    {
        var lines = new List<string>();
        var uri = request.WholeUri();
        lines.Add($"curl{Method(request)} {Quote(uri)}");
        // Otherwise brackets and braces would be patterns.
        if (uri.HasExpressions || uri.Text!.AsSpan().IndexOfAny("[]{}") >= 0) lines.Add("--globoff");
        if (request.FollowsRedirects) lines.Add("--location");
        if (Authentication(request.Authentication) is { } authentication) lines.Add(authentication);
        foreach (var (name, value) in request.AllHeaders()) lines.Add($"--header {Quote(value.IsEmpty ? Template.Literal($"{name};") : Template.Literal($"{name}: ") + value)}");
        lines.AddRange(Body(request));
        if (request.ConnectionTimeOut is { } connect) lines.Add($"--connect-timeout {Seconds(connect)}");
        if (request.ReadTimeOut is { } read) lines.Add($"--max-time {Seconds(read)}");
        var command = string.Join(" \\\n  ", lines) + "\n";
        if (request.BodyBytes() is { } base64) command = $"printf %s '{base64}' | base64 -d | {command}";
        return WithHead("#", name => $"{name}=''", request, command);
    }

    private static string Method(NotedRequest request) => request switch
    {
        { Method: "HEAD" } => " --head",
        { Method: "GET" } => "",
        _ => $" --request {request.Method}",
    };

    private string? Authentication(NotedAuthentication? authentication) => authentication?.Type switch
    {
        "basic" => $"--user {Quote(authentication.Username + Template.Literal(":") + authentication.Password)}",
        "bearer" => $"--oauth2-bearer {Quote(authentication.Token)}",
        "oauth2" => "--oauth2-bearer \"${access_token}\"",
        _ => null,
    };

    private IEnumerable<string> Body(NotedRequest request)
    {
        if (request.Body is null)
        {
            // A POST that has nothing to send says so, as the task does.
            if (request.Method is "POST" or "PUT" or "PATCH") yield return "--header 'Content-Length: 0'";
        }
        else if (request.BodyText() is not { } text) yield return "--data-binary @-";
        else if (request.Body is JsonObject form && request.MediaType == FormTemplate.MediaType && text.HasExpressions)
            foreach (var (name, value) in FormTemplate.Pairs(form)) yield return $"--data-urlencode {Quote(Template.Literal($"{FormTemplate.Encode(name)}=") + value)}";
        else yield return $"--data-raw {Quote(text)}";
    }

    private static string Seconds(long milliseconds) => (milliseconds / 1000m).ToString(CultureInfo.InvariantCulture);

    /// <summary>A word: literal text in single quotes, variables in double ones.</summary>
    protected override string Quote(Template text)
    {
        if (text.IsEmpty) return "''";
        var word = new StringBuilder();
        foreach (var piece in text.Pieces)
            if (piece.IsExpression) word.Append("\"${").Append(Names.Of(piece.Text)).Append("}\"");
            else word.Append(Quote(piece.Text));
        return word.ToString();
    }

    private static string Quote(string text)
    {
        if (text.Any(char.IsControl)) return QuoteEscaped(text);
        // Apart, ${ is no expression for whoever reads it again.
        return $"'{text.Replace("'", "'\\''", StringComparison.Ordinal).Replace("${", "$''{", StringComparison.Ordinal)}'";
    }

    private static string QuoteEscaped(string text)
    {
        var word = new StringBuilder("$'");
        foreach (var character in text)
            _ = character switch
            {
                '\'' or '\\' => word.Append('\\').Append(character),
                '\n' => word.Append("\\n"),
                '\r' => word.Append("\\r"),
                '\t' => word.Append("\\t"),
                < ' ' or '\u007F' => word.Append("\\x").Append(((int)character).ToString("x2", CultureInfo.InvariantCulture)),
                _ => word.Append(character),
            };
        return word.Append('\'').ToString();
    }

    protected override string Value(JsonNode? value, string indent) => throw new NotSupportedException("a command has no values");
}
