using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Countersign.Integrations.Notations;

/// <summary>C# with <c>HttpClient</c>, as top-level statements.</summary>
internal sealed class CSharpWriter : CodeWriter
{
    // What belongs to the content cannot be added to the request.
    private static readonly string[] OfContent = ["Allow", "Content-Disposition", "Content-Encoding", "Content-Language", "Content-Location", "Content-MD5", "Content-Range", "Content-Type", "Expires", "Last-Modified"];

    public override string Write(NotedRequest request)
    {
        var code = new StringBuilder("using var handler = new SocketsHttpHandler\n{\n    RequestHeaderEncodingSelector = (_, _) => Encoding.UTF8,\n    UseCookies = false,\n");
        if (!request.FollowsRedirects) code.Append("    AllowAutoRedirect = false,\n");
        if (request.ConnectionTimeOut is > 0 and var connect) code.Append(CultureInfo.InvariantCulture, $"    ConnectTimeout = TimeSpan.FromMilliseconds({connect}),\n");
        code.Append("};\nusing var client = new HttpClient(handler);\n");
        if (request.ReadTimeOut is > 0 and var read) code.Append(CultureInfo.InvariantCulture, $"client.Timeout = TimeSpan.FromMilliseconds({read});\n");
        code.Append($"using var request = new HttpRequestMessage(new HttpMethod({Quote(Template.Literal(request.Method))}), {Quote(request.WholeUri())});\n");
        var headers = request.AllHeaders().ToList();
        if (Authorization(request) is { } authorization) code.Append($"request.Headers.TryAddWithoutValidation(\"Authorization\", {authorization});\n");
        foreach (var (name, value) in headers.Where(header => !IsOfContent(header.Name))) code.Append($"request.Headers.TryAddWithoutValidation({Quote(Template.Literal(name))}, {Quote(value)});\n");
        var ofContent = headers.Where(header => IsOfContent(header.Name)).ToList();
        if (Body(request) is { } body) code.Append($"request.Content = new ByteArrayContent({body});\n");
        else if (ofContent.Count > 0) code.Append("request.Content = new ByteArrayContent([]);\n");
        foreach (var (name, value) in ofContent) code.Append($"request.Content.Headers.TryAddWithoutValidation({Quote(Template.Literal(name))}, {Quote(value)});\n");
        code.Append("\nusing var response = await client.SendAsync(request);\nConsole.WriteLine($\"{(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}\");\n");
        return "using System.Text;\nusing System.Text.Json;\nusing System.Text.Json.Nodes;\n\n" + WithHead("//", name => $"var {name} = \"\";", request, code.ToString());
    }

    private static bool IsOfContent(string name) => OfContent.Contains(name, StringComparer.OrdinalIgnoreCase);

    private string? Authorization(NotedRequest request) => request.Authentication switch
    {
        { Type: "bearer" } bearer => Quote(Template.Literal("Bearer ") + bearer.Token),
        { Type: "oauth2" } => "$\"Bearer {access_token}\"",
        { Type: "basic" } basic => $"\"Basic \" + Convert.ToBase64String(Encoding.UTF8.GetBytes({Quote(basic.Username + Template.Literal(":") + basic.Password)}))",
        _ => null,
    };

    private string? Body(NotedRequest request)
    {
        if (request.Body is null) return null;
        if (request.BodyBytes() is { } base64) return $"Convert.FromBase64String({Quote(Template.Literal(base64))})";
        if (request.Body is JsonObject form && request.MediaType == FormTemplate.MediaType)
        {
            var pairs = FormTemplate.Pairs(form).Select(pair => $"    {Quote(Template.Literal(FormTemplate.Encode(pair.Name) + "="))} + Uri.EscapeDataString({Quote(pair.Value)})");
            return $"Encoding.UTF8.GetBytes(string.Join(\"&\",\n{string.Join(",\n", pairs)}))";
        }
        return IsValue(request, number => long.TryParse(number, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) ? whole.ToString(CultureInfo.InvariantCulture) == number : IsExactDouble(number) && number.Contains('.', StringComparison.Ordinal))
            ? $"JsonSerializer.SerializeToUtf8Bytes({Value(request.Body, "")})"
            : $"Encoding.UTF8.GetBytes({Quote(request.BodyText()!)})";
    }

    protected override string Quote(Template text)
    {
        if (text.Text is { } literal) return $"\"{Escape(literal, "\"\\")}\"";
        return $"$\"{string.Concat(text.Pieces.Select(piece => piece.IsExpression ? $"{{{Names.Of(piece.Text)}}}" : Doubled(Escape(piece.Text, "\"\\"))))}\"";
    }

    private static string Doubled(string text) => text.Replace("{", "{{", StringComparison.Ordinal).Replace("}", "}}", StringComparison.Ordinal);

    protected override string Value(JsonNode? value, string indent)
    {
        var inner = indent + "    ";
        return value switch
        {
            JsonObject { Count: 0 } => "new JsonObject()",
            JsonObject map => $"new JsonObject\n{indent}{{\n{string.Concat(map.Select(member => $"{inner}[{Quote(Template.Literal(member.Key))}] = {Value(member.Value, inner)},\n"))}{indent}}}",
            JsonArray { Count: 0 } => "new JsonArray()",
            JsonArray list => $"new JsonArray\n{indent}{{\n{string.Concat(list.Select(item => $"{inner}{(item is null ? "(JsonNode?)null" : Value(item, inner))},\n"))}{indent}}}",
            JsonValue text when text.GetValueKind() == JsonValueKind.String => Template.Parse(text.GetValue<string>()) is { Pieces: [{ IsExpression: true } only] } ? Names.Of(only.Text) : Quote(Template.Parse(text.GetValue<string>())),
            null => "null",
            _ => value.ToJsonString(),
        };
    }
}
