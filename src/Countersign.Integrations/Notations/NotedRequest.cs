using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Countersign.Integrations.Notations;

/// <summary>A request of an HTTP task (workflow contract 8.1) as every notation can say it, its defaults filled in.</summary>
internal sealed record NotedRequest
{
    /// <summary>What is sent for a body and an accepted answer when nothing else is said.</summary>
    public const string Json = "application/json";

    /// <summary>The method, in upper case.</summary>
    public required string Method { get; init; }
    /// <summary>The address.</summary>
    public required Template Uri { get; init; }
    /// <summary>The headers but <c>Accept</c> and <c>Content-Type</c>; a name may occur several times.</summary>
    public ImmutableArray<(string Name, Template Value)> Headers { get; init; } = [];
    /// <summary><c>Accept</c>.</summary>
    public Template Accept { get; init; } = Template.Literal(Json);
    /// <summary><c>Content-Type</c>; null without a body.</summary>
    public Template? ContentType { get; init; }
    /// <summary>The body; null for none.</summary>
    public JsonNode? Body { get; init; }
    /// <summary>Who asks; null for nobody.</summary>
    public NotedAuthentication? Authentication { get; init; }
    /// <summary>Whether redirects are followed.</summary>
    public bool FollowsRedirects { get; init; } = true;
    /// <summary>The longest time until there is a connection, in milliseconds; null for the usual one.</summary>
    public long? ConnectionTimeOut { get; init; }
    /// <summary>The longest silence, in milliseconds; null for the usual one.</summary>
    public long? ReadTimeOut { get; init; }
    /// <summary>The members that other notations have no word for.</summary>
    public ImmutableArray<string> Unsaid { get; init; } = [];

    /// <summary>Whether a body is sent with the method.</summary>
    public static bool TakesBody(string method) => method is not ("GET" or "HEAD" or "TRACE");

    /// <summary>The media type of the body, without parameters and in lower case; null when expressions stand in it.</summary>
    public string? MediaType => ContentType?.Text?.Split(';')[0].Trim().ToLowerInvariant();

    /// <summary>Whether the body is JSON.</summary>
    public bool IsJson => IsJsonType(MediaType);

    /// <summary>Whether a media type says JSON.</summary>
    public static bool IsJsonType(string? mediaType) => mediaType == Json || mediaType?.EndsWith("+json", StringComparison.Ordinal) == true;

    /// <summary>Every header in the order in which it is written, authentication by a header included, but not <c>Authorization</c> from a name and password.</summary>
    public IEnumerable<(string Name, Template Value)> AllHeaders()
    {
        yield return ("Accept", Accept);
        if (ContentType is not null) yield return ("Content-Type", ContentType);
        if (Authentication is { Type: "apiKey", In: "header" } key) yield return (key.Name.ToString(), key.Value);
        foreach (var header in Headers) yield return header;
    }

    /// <summary>The address, with the key of the API where that belongs into the query.</summary>
    public Template WholeUri()
    {
        if (Authentication is not { Type: "apiKey", In: "query" } key) return Uri;
        var separator = Uri.Pieces.Any(piece => !piece.IsExpression && piece.Text.Contains('?', StringComparison.Ordinal)) ? "&" : "?";
        return Uri + Template.Literal(separator) + key.Name.MapLiterals(FormTemplate.Encode) + Template.Literal("=") + key.Value.MapLiterals(FormTemplate.Encode);
    }

    /// <summary>The body as the text that is sent, before expressions are evaluated; null when it is bytes.</summary>
    public Template? BodyText() => Body switch
    {
        null => Template.Empty,
        JsonObject { Count: 1 } bytes when bytes.ContainsKey("base64") => null,
        JsonObject form when MediaType == FormTemplate.MediaType => Joined(FormTemplate.Pairs(form)),
        JsonValue text when text.GetValueKind() == JsonValueKind.String => Template.Parse(text.GetValue<string>()),
        var value => JsonTemplate.Write(value),
    };

    /// <summary>The bytes of a body that is given as Base64; null for any other body.</summary>
    public string? BodyBytes() => Body is JsonObject { Count: 1 } bytes && bytes.TryGetPropertyValue("base64", out var text) && text is JsonValue value && value.TryGetValue(out string? base64) ? base64 : null;

    /// <summary>As <c>http_request</c>.</summary>
    public JsonObject ToJson()
    {
        var request = new JsonObject { ["uri"] = Uri.ToString(), ["method"] = Method };
        var headers = new JsonObject();
        foreach (var group in Headers.GroupBy(header => header.Name, StringComparer.OrdinalIgnoreCase))
        {
            string[] values = [.. group.Select(header => header.Value.ToString())];
            headers[group.First().Name] = values is [var only] ? only : new JsonArray([.. values.Select(value => (JsonNode)value)]);
        }
        if (headers.Count > 0) request["headers"] = headers;
        request["accept"] = Accept.ToString();
        if (ContentType is not null) request["contentType"] = ContentType.ToString();
        if (Body is not null) request["body"] = Body.DeepClone();
        if (Authentication is not null) request["authentication"] = Authentication.ToJson();
        if (!FollowsRedirects) request["followRedirects"] = false;
        if (ConnectionTimeOut is { } connect) request["connectionTimeOut"] = connect;
        if (ReadTimeOut is { } read) request["readTimeOut"] = read;
        return request;
    }

    private static Template Joined(IEnumerable<(string Name, Template Value)> pairs)
    {
        var builder = new Template.Builder();
        foreach (var (index, (name, value)) in pairs.Index())
        {
            if (index > 0) builder.Literal('&');
            builder.Literal(FormTemplate.Encode(name));
            builder.Literal('=');
            builder.Append(value.MapLiterals(FormTemplate.Encode));
        }
        return builder.ToTemplate();
    }
}

/// <summary>The <c>authentication</c> of a request: our own member of <c>http_request</c>.</summary>
/// <param name="Type"><c>bearer</c>, <c>basic</c>, <c>apiKey</c> or <c>oauth2</c>.</param>
internal sealed record NotedAuthentication(string Type)
{
    /// <summary>The members of each type.</summary>
    public static readonly ImmutableDictionary<string, string[]> Members = ImmutableDictionary.CreateRange(
    [
        KeyValuePair.Create("bearer", new[] { "token" }),
        KeyValuePair.Create("basic", new[] { "username", "password" }),
        KeyValuePair.Create("apiKey", new[] { "in", "name", "value" }),
        KeyValuePair.Create("oauth2", new[] { "tokenUrl", "clientId", "clientSecret", "scope", "audience" }),
    ]);

    /// <summary>The values of the members that are there, in their order.</summary>
    public ImmutableArray<(string Name, Template Value)> Values { get; init; } = [];

    /// <summary>The token of <c>bearer</c>.</summary>
    public Template Token => Of("token");
    /// <summary>The name of <c>basic</c>.</summary>
    public Template Username => Of("username");
    /// <summary>The password of <c>basic</c>.</summary>
    public Template Password => Of("password");
    /// <summary>Where the key of <c>apiKey</c> goes: <c>header</c> or <c>query</c>.</summary>
    public string? In => Of("in").Text;
    /// <summary>The name of the key.</summary>
    public Template Name => Of("name");
    /// <summary>The key.</summary>
    public Template Value => Of("value");
    /// <summary>Where a token of <c>oauth2</c> is fetched.</summary>
    public Template TokenUrl => Of("tokenUrl");

    /// <summary>As the member of <c>http_request</c>.</summary>
    public JsonObject ToJson()
    {
        var member = new JsonObject { ["type"] = Type };
        foreach (var (name, value) in Values) member[name] = value.ToString();
        return member;
    }

    private Template Of(string name) => Values.FirstOrDefault(member => member.Name == name).Value ?? Template.Empty;
}

/// <summary>Reads <c>http_request</c> as a <see cref="NotedRequest"/>.</summary>
internal static class NotedRequests
{
    private static readonly ImmutableHashSet<string> Methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"];
    private static readonly ImmutableHashSet<string> Said =
        ["uri", "method", "headers", "body", "contentType", "accept", "connectionTimeOut", "readTimeOut", "followRedirects", "authentication"];

    /// <summary>The request, or what keeps it from being one.</summary>
    public static NotedRequest? TryRead(JsonObject request, out List<string> faults)
    {
        faults = [];
        try
        {
            return Read(request, faults) is var read && faults.Count == 0 ? read : null;
        }
        catch (InvalidOperationException)
        {
            faults.Add("http_request: a text in it is not valid Unicode");
            return null;
        }
    }

    private static NotedRequest Read(JsonObject request, List<string> faults)
    {
        var method = ValueTemplate.Of(request, "method")?.Text?.ToUpperInvariant() ?? "";
        if (!Methods.Contains(method)) faults.Add("http_request.method: must be GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS or TRACE");
        var uri = ValueTemplate.Of(request, "uri")?.Trim() ?? Template.Empty;
        if (uri.IsEmpty) faults.Add("http_request.uri: is missing");
        var encodes = !(request.TryGetPropertyValue("encode", out var encode) && encode is JsonValue flag && flag.TryGetValue(out bool isOn) && !isOn);
        if (encodes) uri = uri.MapLiterals(UriText.Encode);
        var headers = Headers(request, faults);
        var body = NotedRequest.TakesBody(method) ? request["body"] : null;
        var type = First(headers, "Content-Type") ?? ValueTemplate.Of(request, "contentType")?.Trim() ?? Template.Literal(NotedRequest.Json);
        var read = new NotedRequest
        {
            Method = method,
            Uri = uri,
            Headers = [.. headers.Where(header => !Is(header, "Accept") && !Is(header, "Content-Type"))],
            Accept = First(headers, "Accept") ?? Accepted(request) ?? Template.Literal(NotedRequest.Json),
            ContentType = body is null ? null : type,
            Authentication = Authentication(request, faults),
            FollowsRedirects = !(request["followRedirects"] is JsonValue follows && follows.TryGetValue(out bool follow) && !follow),
            ConnectionTimeOut = Milliseconds(request, "connectionTimeOut"),
            ReadTimeOut = Milliseconds(request, "readTimeOut"),
            Unsaid = [.. request.Where(member => member.Value is not null && !Said.Contains(member.Key) && !(member.Key == "encode" && encodes)).Select(member => member.Key)],
        };
        return read with { Body = Body(body, read, faults) };
    }

    /// <summary>The body in one form of the several that mean the same.</summary>
    private static JsonNode? Body(JsonNode? body, NotedRequest request, List<string> faults)
    {
        if (body is JsonObject { Count: 1 } bytes && bytes.TryGetPropertyValue("base64", out var base64))
        {
            if (base64 is not JsonValue value || !value.TryGetValue(out string? text) || !IsBase64(text)) faults.Add("http_request.body.base64: must be Base64 text");
            return body.DeepClone();
        }
        if (body is JsonObject map && request.MediaType == FormTemplate.MediaType) return map.Count == 0 ? JsonValue.Create("") : FormTemplate.Body([.. FormTemplate.Pairs(map)]);
        return Bodies.Of(request.MediaType, body switch
        {
            null => null,
            JsonValue value when value.GetValueKind() == JsonValueKind.String => Template.Parse(value.GetValue<string>()),
            _ => JsonTemplate.Write(body),
        });
    }

    private static bool IsBase64(string text) => Convert.TryFromBase64String(text, new byte[text.Length], out _);

    private static List<(string Name, Template Value)> Headers(JsonObject request, List<string> faults)
    {
        var headers = new List<(string, Template)>();
        if (request["headers"] is not { } given) return headers;
        if (given is not JsonObject map)
        {
            faults.Add("http_request.headers: must be an object");
            return headers;
        }
        foreach (var (name, value) in map)
        {
            if (!HeaderText.IsName(name)) faults.Add($"http_request.headers: '{Quoted(name)}' is no name of a header");
            foreach (var item in value is JsonArray list ? [.. list] : new[] { value })
            {
                if (item is null) continue;
                var text = ValueTemplate.Of(item).Trim();
                if (text.Pieces.Any(piece => !piece.IsExpression && piece.Text.AsSpan().IndexOfAny('\r', '\n', '\0') >= 0)) faults.Add($"http_request.headers.{Quoted(name)}: no line breaks are allowed");
                headers.Add((name, text));
            }
        }
        return headers;
    }

    private static NotedAuthentication? Authentication(JsonObject request, List<string> faults)
    {
        if (request["authentication"] is not { } given) return null;
        if (given is not JsonObject member || ValueTemplate.Of(member, "type")?.Text is not { } type || !NotedAuthentication.Members.TryGetValue(type, out var names))
        {
            faults.Add("http_request.authentication.type: must be bearer, basic, apiKey or oauth2");
            return null;
        }
        if (type == "apiKey" && ValueTemplate.Of(member, "in")?.Text is not ("header" or "query")) faults.Add("http_request.authentication.in: must be header or query");
        if (type == "apiKey" && ValueTemplate.Of(member, "in")?.Text == "header" && ValueTemplate.Of(member, "name")?.Text is var name && (name is null || !HeaderText.IsName(name)))
            faults.Add("http_request.authentication.name: is no name of a header");
        return new NotedAuthentication(type) { Values = [.. names.Select(name => (name, ValueTemplate.Of(member, name)!)).Where(value => value.Item2 is not null)] };
    }

    private static Template? Accepted(JsonObject request)
    {
        if (request["accept"] is not JsonArray list) return ValueTemplate.Of(request, "accept")?.Trim();
        var builder = new Template.Builder();
        foreach (var (index, type) in list.Where(type => type is not null).Index())
        {
            if (index > 0) builder.Literal(", ");
            builder.Append(ValueTemplate.Of(type!));
        }
        return builder.ToTemplate() is { IsEmpty: false } accepted ? accepted : null;
    }

    private static long? Milliseconds(JsonObject request, string name)
        => ValueTemplate.Of(request, name)?.Text is { } text && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number < int.MaxValue ? number : null;

    private static Template? First(List<(string Name, Template Value)> headers, string name) => headers.Find(header => Is(header, name)).Value;

    private static bool Is((string Name, Template Value) header, string name) => header.Name.Equals(name, StringComparison.OrdinalIgnoreCase);

    private static string Quoted(string name) => Findings.Shown(name);
}
