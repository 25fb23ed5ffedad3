using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Countersign.Integrations.Notations;

/// <summary>Python with <c>requests</c>.</summary>
internal sealed class PythonWriter : CodeWriter
{
    public override string Write(NotedRequest request)
    {
        var imports = new StringBuilder();
        if (request.BodyBytes() is not null) imports.Append("import base64\n");
        var isJson = IsValue(request, number => number.All(c => char.IsAsciiDigit(c) || c == '-') ? number != "-0" : IsExactDouble(number));
        if (isJson) imports.Append("import json\n");
        var code = new StringBuilder($"response = requests.request(\n    {Quote(Template.Literal(request.Method))},\n    {Quote(request.WholeUri())},\n    headers={{\n");
        foreach (var group in request.AllHeaders().GroupBy(header => header.Name, StringComparer.OrdinalIgnoreCase))
            code.Append($"        {Quote(Template.Literal(group.Key))}: {Octets(Joined(group.Select(header => header.Value)))},\n");
        if (Authorization(request) is { } authorization) code.Append($"        \"Authorization\": {authorization},\n");
        code.Append("    },\n");
        if (request.Authentication is { Type: "basic" } basic) code.Append($"    auth=({Quote(basic.Username)}.encode(), {Quote(basic.Password)}.encode()),\n");
        if (Body(request, isJson) is { } body) code.Append($"    data={body},\n");
        if (!request.FollowsRedirects) code.Append("    allow_redirects=False,\n");
        code.Append($"    timeout=({Seconds(request.ConnectionTimeOut ?? 3_000)}, {Seconds(request.ReadTimeOut ?? 30_000)}),\n)\nprint(response.status_code, response.text)\n");
        return imports + "import requests\n\n" + WithHead("#", name => $"{name} = \"\"", request, code.ToString());
    }

    private string? Authorization(NotedRequest request) => request.Authentication switch
    {
        { Type: "bearer" } bearer => Octets(Template.Literal("Bearer ") + bearer.Token),
        { Type: "oauth2" } => "f\"Bearer {access_token}\"",
        _ => null,
    };

    private string? Body(NotedRequest request, bool isJson)
    {
        if (request.Body is null) return null;
        if (request.BodyBytes() is { } base64) return $"base64.b64decode({Quote(Template.Literal(base64))})";
        if (request.Body is JsonObject form && request.MediaType == FormTemplate.MediaType)
            return $"[\n{string.Concat(FormTemplate.Pairs(form).Select(pair => $"        ({Quote(Template.Literal(pair.Name))}, {Quote(pair.Value)}),\n"))}    ]";
        return isJson ? $"json.dumps({Value(request.Body, "    ")})" : $"{Quote(request.BodyText()!)}.encode()";
    }

    // Text would be sent in Latin-1.
    private string Octets(Template value) => value.Text?.All(char.IsAscii) == true ? Quote(value) : $"{Quote(value)}.encode()";

    private static Template Joined(IEnumerable<Template> values)
    {
        var builder = new Template.Builder();
        foreach (var (index, value) in values.Index())
        {
            if (index > 0) builder.Literal(", ");
            builder.Append(value);
        }
        return builder.ToTemplate();
    }

    private static string Seconds(long milliseconds) => milliseconds == 0 ? "None" : (milliseconds / 1000m).ToString(CultureInfo.InvariantCulture);

    protected override string Quote(Template text)
    {
        if (text.Text is { } literal) return $"\"{Escape(literal, "\"\\")}\"";
        if (text.Pieces is [{ IsExpression: true } only]) return $"str({Names.Of(only.Text)})";
        return $"f\"{string.Concat(text.Pieces.Select(piece => piece.IsExpression ? $"{{{Names.Of(piece.Text)}}}" : Doubled(Escape(piece.Text, "\"\\"))))}\"";
    }

    private static string Doubled(string text) => text.Replace("{", "{{", StringComparison.Ordinal).Replace("}", "}}", StringComparison.Ordinal);

    protected override string Value(JsonNode? value, string indent)
    {
        var inner = indent + "    ";
        return value switch
        {
            JsonObject { Count: 0 } => "{}",
            JsonObject map => $"{{\n{string.Concat(map.Select(member => $"{inner}{Quote(Template.Literal(member.Key))}: {Value(member.Value, inner)},\n"))}{indent}}}",
            JsonArray { Count: 0 } => "[]",
            JsonArray list => $"[\n{string.Concat(list.Select(item => $"{inner}{Value(item, inner)},\n"))}{indent}]",
            JsonValue text when text.GetValueKind() == JsonValueKind.String => Template.Parse(text.GetValue<string>()) is { Pieces: [{ IsExpression: true } only] } ? Names.Of(only.Text) : Quote(Template.Parse(text.GetValue<string>())),
            null => "None",
            _ => value.GetValueKind() switch { JsonValueKind.True => "True", JsonValueKind.False => "False", _ => value.ToJsonString() },
        };
    }
}
