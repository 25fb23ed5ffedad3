using System.Text.Json;
using System.Text.Json.Nodes;
using Countersign.Integrations.Catalog.Documents;
using Countersign.Integrations.Http;

namespace Countersign.Integrations.Catalog.Reference;

/// <summary>Makes a reference page out of the pieces at hand. Pure: made again with more pieces, it shows more.</summary>
internal sealed class PageReader(CatalogOperation operation, Pieces pieces, string? baseUrl)
{
    private const int Room = 1_500, MostExamples = 20;

    private readonly string _pointer = DocumentOperation.PointerOf(operation.Path, operation.Method);
    private readonly FieldReader _fields = new(pieces, Room);

    /// <summary>The page; null when the operation's own piece is not at hand.</summary>
    public OperationPage? Read()
    {
        if (pieces.At(_pointer) is not { } body || pieces.At($"{_pointer}/item") is not { } item) return null;
        var head = pieces.At(ApiDocument.Head);
        var parameters = Parameters(body, item);
        return new OperationPage
        {
            Operation = operation,
            DescriptionHtml = RichText.ToHtml(Text(body, "description") ?? (Text(body, "summary") is { } summary && summary != operation.Title ? summary : null)),
            Servers = [.. Servers(body, item, head)],
            Parameters = parameters,
            Body = Body(body),
            Responses = [.. Responses(body)],
            Authentication = head is null ? [] : [.. Authentication(body, head.Value)],
            ExternalDocs = body.TryGetProperty("externalDocs", out var docs) && Text(docs, "url") is { } url && WebAddress.TryRead(url, out _)
                ? (url, Text(docs, "description")) : null,
        };
    }

    private Dictionary<string, IReadOnlyList<Field>> Parameters(JsonElement body, JsonElement item)
    {
        var found = new Dictionary<string, List<Field>> { ["path"] = [], ["header"] = [], ["query"] = [], ["cookie"] = [] };
        var seen = new HashSet<(string, string)>();
        // What the operation says counts before what its path says of all.
        foreach (var (from, at) in new[] { (body, _pointer), (item, $"{_pointer}/item") })
        {
            if (!from.TryGetProperty("parameters", out var list) || list.ValueKind != JsonValueKind.Array) continue;
            var index = 0;
            foreach (var one in list.EnumerateArray())
            {
                var (parameter, pointer) = pieces.Resolve(one, $"{at}/parameters/{index++}");
                if (parameter is not { ValueKind: JsonValueKind.Object } given || Text(given, "name") is not { } name || Text(given, "in") is not { } place) continue;
                if (found.TryGetValue(place, out var fields) && seen.Add((place, name))) fields.Add(Parameter(given, name, place, pointer));
            }
        }
        return found.ToDictionary(pair => pair.Key, pair => (IReadOnlyList<Field>)pair.Value);
    }

    private Field Parameter(JsonElement parameter, string name, string place, string pointer)
    {
        var (schema, at) = Schema(parameter, pointer);
        var field = _fields.Field(name, schema, at, Is(parameter, "required") || place == "path", Text(parameter, "description"), 1);
        var example = parameter.TryGetProperty("example", out var given) ? FieldReader.Value(given) : Examples(parameter, pointer).FirstOrDefault().Value;
        return field with { Example = example ?? field.Example, IsDeprecated = field.IsDeprecated || Is(parameter, "deprecated") };
    }

    /// <summary>A parameter's schema: its own, or that of its one content.</summary>
    private static (JsonElement Schema, string Pointer) Schema(JsonElement parameter, string pointer)
    {
        if (parameter.TryGetProperty("schema", out var schema)) return (schema, $"{pointer}/schema");
        if (parameter.TryGetProperty("content", out var contents) && contents.ValueKind == JsonValueKind.Object)
            foreach (var content in contents.EnumerateObject())
                if (content.Value.ValueKind == JsonValueKind.Object && content.Value.TryGetProperty("schema", out var inner)) return (inner, $"{pointer}/content/{Pointers.Escape(content.Name)}/schema");
        return (default, pointer);
    }

    private RequestBody? Body(JsonElement operationBody)
    {
        if (!operationBody.TryGetProperty("requestBody", out var given)) return null;
        var (body, pointer) = pieces.Resolve(given, $"{_pointer}/requestBody");
        return body is { ValueKind: JsonValueKind.Object } found
            ? new RequestBody(Is(found, "required"), RichText.ToHtml(Text(found, "description")), Contents(found, pointer))
            : null;
    }

    private List<BodyContent> Contents(JsonElement holder, string pointer)
    {
        var contents = new List<BodyContent>();
        if (!holder.TryGetProperty("content", out var list) || list.ValueKind != JsonValueKind.Object) return contents;
        foreach (var content in list.EnumerateObject().Take(20))
        {
            var at = $"{pointer}/content/{Pointers.Escape(content.Name)}";
            var (type, fields, choices, _, shape) = content.Value.TryGetProperty("schema", out var schema) ? _fields.Read(schema, $"{at}/schema") : ("Any", [], [], null, null);
            var examples = Examples(content.Value, at);
            if (examples.Count == 0 && FieldReader.Value(shape?.Get("example")) is { } example) examples.Add(("Example", example));
            contents.Add(new BodyContent { ContentType = content.Name, Type = type, Fields = fields, Choices = choices, Examples = examples });
        }
        return contents;
    }

    private List<(string Name, JsonNode? Value)> Examples(JsonElement holder, string pointer)
    {
        var examples = new List<(string, JsonNode?)>();
        if (holder.TryGetProperty("example", out var only) && FieldReader.Value(only) is { } value) examples.Add(("Example", value));
        if (!holder.TryGetProperty("examples", out var list) || list.ValueKind != JsonValueKind.Object) return examples;
        foreach (var one in list.EnumerateObject().Take(MostExamples))
        {
            var (example, _) = pieces.Resolve(one.Value, $"{pointer}/examples/{Pointers.Escape(one.Name)}");
            if (example is { ValueKind: JsonValueKind.Object } found && found.TryGetProperty("value", out var shown) && FieldReader.Value(shown) is { } node)
                examples.Add((Text(found, "summary") ?? one.Name, node));
        }
        return examples;
    }

    private IEnumerable<Response> Responses(JsonElement body)
    {
        if (!body.TryGetProperty("responses", out var list) || list.ValueKind != JsonValueKind.Object) yield break;
        foreach (var one in list.EnumerateObject().Take(60))
        {
            var (response, pointer) = pieces.Resolve(one.Value, $"{_pointer}/responses/{Pointers.Escape(one.Name)}");
            if (response is not { ValueKind: JsonValueKind.Object } found) continue;
            var headers = new List<Field>();
            if (found.TryGetProperty("headers", out var given) && given.ValueKind == JsonValueKind.Object)
                foreach (var header in given.EnumerateObject().Take(60))
                {
                    var (target, at) = pieces.Resolve(header.Value, $"{pointer}/headers/{Pointers.Escape(header.Name)}");
                    if (target is { ValueKind: JsonValueKind.Object } there) headers.Add(Parameter(there, header.Name, "header", at));
                }
            yield return new Response(one.Name, RichText.ToHtml(Text(found, "description")), headers, Contents(found, pointer));
        }
    }

    private IEnumerable<Server> Servers(JsonElement body, JsonElement item, JsonElement? head)
    {
        foreach (var holder in new[] { body, item, head ?? default })
        {
            if (holder.ValueKind != JsonValueKind.Object || !holder.TryGetProperty("servers", out var list) || list.ValueKind != JsonValueKind.Array || list.GetArrayLength() == 0) continue;
            foreach (var server in list.EnumerateArray().Take(50))
                if (Text(server, "url") is { } url) yield return new Server(Absolute(url), PlainText.Of(Text(server, "description")), [.. Variables(server)]);
            yield break;
        }
        if (baseUrl is not null) yield return new Server(Absolute("/"), null, []);
    }

    private static IEnumerable<ServerVariable> Variables(JsonElement server)
    {
        if (!server.TryGetProperty("variables", out var list) || list.ValueKind != JsonValueKind.Object) yield break;
        foreach (var variable in list.EnumerateObject().Take(50))
        {
            List<string> values = variable.Value.TryGetProperty("enum", out var given) && given.ValueKind == JsonValueKind.Array ? [.. given.EnumerateArray().Select(value => value.ToString()).Take(200)] : [];
            yield return new ServerVariable(variable.Name, variable.Value.TryGetProperty("default", out var usual) ? usual.ToString() : null, values, PlainText.Of(Text(variable.Value, "description")));
        }
    }

    /// <summary>An address that begins with the server's own is completed by where the document came from.</summary>
    private string Absolute(string url)
    {
        var trimmed = url.TrimEnd('/');
        if (baseUrl is null || trimmed.Contains("://", StringComparison.Ordinal) || trimmed.StartsWith('{')) return trimmed;
        if (trimmed.Length == 0) return baseUrl.TrimEnd('/');
        if (trimmed.StartsWith("//", StringComparison.Ordinal)) return "https:" + trimmed;
        return Uri.TryCreate(baseUrl, UriKind.Absolute, out var from) ? from.GetLeftPart(UriPartial.Authority) + (trimmed.StartsWith('/') ? trimmed : "/" + trimmed) : trimmed;
    }

    private static IEnumerable<Authentication> Authentication(JsonElement body, JsonElement head)
    {
        var requirements = body.TryGetProperty("security", out var own) ? own : head.TryGetProperty("security", out var all) ? all : default;
        if (requirements.ValueKind != JsonValueKind.Array || !head.TryGetProperty("securitySchemes", out var schemes)) yield break;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var requirement in requirements.EnumerateArray().Where(requirement => requirement.ValueKind == JsonValueKind.Object))
            foreach (var needed in requirement.EnumerateObject())
            {
                if (!schemes.TryGetProperty(needed.Name, out var scheme) || Text(scheme, "type") is not { } type || !seen.Add(needed.Name)) continue;
                yield return new Authentication
                {
                    Name = needed.Name,
                    Type = type,
                    In = Text(scheme, "in"),
                    Parameter = Text(scheme, "name"),
                    Scheme = Text(scheme, "scheme")?.ToLowerInvariant(),
                    Scopes = needed.Value.ValueKind == JsonValueKind.Array ? [.. needed.Value.EnumerateArray().Select(scope => scope.ToString())] : [],
                    TokenUrl = TokenUrl(scheme),
                    DescriptionHtml = RichText.ToHtml(Text(scheme, "description")),
                };
            }
    }

    private static string? TokenUrl(JsonElement scheme)
    {
        if (!scheme.TryGetProperty("flows", out var flows) || flows.ValueKind != JsonValueKind.Object) return Text(scheme, "openIdConnectUrl");
        if (flows.TryGetProperty("clientCredentials", out var client) && Text(client, "tokenUrl") is { } url) return url;
        return flows.EnumerateObject().Select(flow => Text(flow.Value, "tokenUrl")).FirstOrDefault(address => address is not null);
    }

    private static string? Text(JsonElement holder, string name)
        => holder.ValueKind == JsonValueKind.Object && holder.TryGetProperty(name, out var text) && text.ValueKind == JsonValueKind.String && text.GetString() is { Length: > 0 } given ? given : null;

    private static bool Is(JsonElement holder, string name) => holder.TryGetProperty(name, out var flag) && flag.ValueKind == JsonValueKind.True;
}
