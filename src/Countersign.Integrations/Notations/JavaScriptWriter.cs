using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Countersign.Integrations.Notations;

/// <summary>JavaScript with <c>fetch</c>, as a module: for browsers and Node.js.</summary>
internal sealed class JavaScriptWriter : CodeWriter
{
    public override string Write(NotedRequest request)
    {
        var code = new StringBuilder($"const response = await fetch({Quote(request.WholeUri())}, {{\n  method: {Quote(Template.Literal(request.Method))},\n  headers: [\n");
        foreach (var (name, value) in request.AllHeaders()) code.Append($"    [{Quote(Template.Literal(name))}, {Quote(value.MapLiterals(AsOctets))}],\n");
        if (Authorization(request) is { } authorization) code.Append($"    [\"Authorization\", {authorization}],\n");
        code.Append("  ],\n");
        if (Body(request) is { } body) code.Append($"  body: {body},\n");
        if (!request.FollowsRedirects) code.Append("  redirect: \"manual\",\n");
        if (request.ReadTimeOut is { } timeout) code.Append(CultureInfo.InvariantCulture, $"  signal: AbortSignal.timeout({timeout}),\n");
        code.Append("});\nconsole.log(response.status, await response.text());\n");
        return WithHead("//", name => $"const {name} = \"\";", request, code.ToString());
    }

    private string? Authorization(NotedRequest request) => request.Authentication switch
    {
        { Type: "bearer" } bearer => Quote((Template.Literal("Bearer ") + bearer.Token).MapLiterals(AsOctets)),
        { Type: "oauth2" } => "`Bearer ${access_token}`",
        { Type: "basic" } basic => $"\"Basic \" + btoa(String.fromCharCode(...new TextEncoder().encode({Quote(basic.Username + Template.Literal(":") + basic.Password)})))",
        _ => null,
    };

    private string? Body(NotedRequest request)
    {
        if (request.Body is null) return null;
        if (request.BodyBytes() is { } base64) return $"Uint8Array.from(atob({Quote(Template.Literal(base64))}), (character) => character.charCodeAt(0))";
        if (request.Body is JsonObject form && request.MediaType == FormTemplate.MediaType)
            return $"new URLSearchParams([\n{string.Concat(FormTemplate.Pairs(form).Select(pair => $"    [{Quote(Template.Literal(pair.Name))}, {Quote(pair.Value)}],\n"))}  ])";
        return IsValue(request, IsExactDouble) ? $"JSON.stringify({Value(request.Body, "  ")})" : Quote(request.BodyText()!);
    }

    protected override string Quote(Template text)
    {
        if (text.Text is { } literal) return $"\"{Escape(literal, "\"\\")}\"";
        if (text.Pieces is [{ IsExpression: true } only]) return $"String({Names.Of(only.Text)})";
        return $"`{string.Concat(text.Pieces.Select(piece => piece.IsExpression ? $"${{{Names.Of(piece.Text)}}}" : Escape(piece.Text, "`\\$")))}`";
    }

    protected override string Value(JsonNode? value, string indent)
    {
        var inner = indent + "  ";
        return value switch
        {
            JsonObject { Count: 0 } => "{}",
            JsonObject map => $"{{\n{string.Concat(map.Select(member => $"{inner}{Key(member.Key)}: {Value(member.Value, inner)},\n"))}{indent}}}",
            JsonArray { Count: 0 } => "[]",
            JsonArray list => $"[\n{string.Concat(list.Select(item => $"{inner}{Value(item, inner)},\n"))}{indent}]",
            JsonValue text when text.GetValueKind() == JsonValueKind.String => Template.Parse(text.GetValue<string>()) is { Pieces: [{ IsExpression: true } only] } ? Names.Of(only.Text) : Quote(Template.Parse(text.GetValue<string>())),
            null => "null",
            _ => value.ToJsonString(),
        };
    }

    // As a plain member it would be the prototype.
    private string Key(string name) => name == "__proto__" ? "[\"__proto__\"]" : Quote(Template.Literal(name));

    /// <summary>Headers are octets: beyond ASCII they are UTF-8, and fetch takes one character for each.</summary>
    private static string AsOctets(string text) => text.All(char.IsAscii) ? text : Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(text));
}
