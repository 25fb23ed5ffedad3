using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using Microsoft.OpenApi.Reader;

namespace Countersign.Integrations.Catalog.Documents;

/// <summary>Is told of a fault: how grave, where, what.</summary>
public delegate void Report(Severity severity, string place, string reason);

/// <summary>
/// A document that was read: OpenAPI 2.0, 3.0, 3.1 or 3.2, JSON or YAML. Its pieces come out in the form of 3.1 and one by one, with their <c>$ref</c>s as they are, so that nothing
/// that refers to itself is ever unfolded.
/// </summary>
public sealed class ApiDocument
{
    /// <summary>More operations are not taken from a document.</summary>
    public const int MostOperations = 60_000;
    /// <summary>The pointer of the piece that says what concerns the API as a whole.</summary>
    public const string Head = "#";

    private static readonly Uri Location = new("https://document.invalid/");

    private readonly OpenApiDocument _document;
    private readonly Report _report;

    private ApiDocument(ApiName name, string? description, OpenApiDocument document, Report report) => (Name, Description, _document, _report) = (name, description, document, report);

    /// <summary>What names the API.</summary>
    public ApiName Name { get; }
    /// <summary>Markdown; at most 65,536 characters.</summary>
    public string? Description { get; }

    /// <summary>Whether a text may be such a document at all: cheap, for files of an archive.</summary>
    public static bool MayBe(ReadOnlySpan<byte> text) => text.IndexOf("openapi"u8) >= 0 || text.IndexOf("swagger"u8) >= 0;

    /// <summary>Reads a document.</summary>
    /// <param name="text">JSON or YAML.</param>
    /// <param name="source">Where it came from.</param>
    /// <param name="report">Is told of errors and warnings.</param>
    /// <exception cref="DocumentException">The document cannot be taken.</exception>
    public static ApiDocument Read(ReadOnlyMemory<byte> text, string source, Report report)
    {
        if (DocumentText.Parse(text, Warn) is not JsonObject root) throw new DocumentException("", "The document is no object.");
        var version = VersionOf(root);
        Repairs.Run(root, Warn);
        if (version.StartsWith("3.", StringComparison.Ordinal) && !version.StartsWith("3.0", StringComparison.Ordinal) && !version.StartsWith("3.1", StringComparison.Ordinal))
        {
            if (!version.StartsWith("3.2", StringComparison.Ordinal)) report(Severity.Warning, "#/openapi", $"OpenAPI {version} is read as 3.2.");
            Version32.Run(root, Warn);
        }
        var name = ApiIdentity.Of(root, source);
        var description = (root["info"] as JsonObject)?["description"]?.ToString();
        var (document, diagnostic) = Parse(root);
        if (document is null) throw new DocumentException("", diagnostic?.Errors.FirstOrDefault()?.Message ?? "The document cannot be read.");
        foreach (var error in diagnostic?.Errors ?? []) report(Severity.Error, error.Pointer ?? "", Bounded(error.Message));
        foreach (var warning in diagnostic?.Warnings ?? []) report(Severity.Warning, warning.Pointer ?? "", Bounded(warning.Message));
        return new ApiDocument(name, description is { Length: > 65_536 } ? description[..65_536] : description, document, report);

        void Warn(string place, string reason) => report(Severity.Warning, place, reason);
    }

    /// <summary>The document's operations in its order.</summary>
    public IEnumerable<DocumentOperation> Operations()
    {
        var count = 0;
        foreach (var (key, item) in _document.Paths ?? [])
        {
            if (item.Operations is not { Count: > 0 } operations) continue;
            var isMoved = Version32.TryMethod(key, out var moved, out var path);
            foreach (var (method, operation) in operations)
            {
                if (++count > MostOperations)
                {
                    _report(Severity.Error, "#/paths", $"There are more than {MostOperations} operations; the rest is left out.");
                    yield break;
                }
                if (Write(isMoved ? moved : method.Method.ToUpperInvariant(), path, item, operation) is { } written) yield return written;
            }
        }
    }

    /// <summary>The other pieces: the head, the paths' parameters and the components.</summary>
    public IEnumerable<Fragment> Fragments()
    {
        yield return new Fragment(Head, WriteHead());
        foreach (var (key, item) in _document.Paths ?? [])
            if (item.Parameters is { Count: > 0 } parameters && !Version32.TryMethod(key, out _, out _)) yield return WriteParameters(key, parameters);
        if (_document.Components is not { } components) yield break;
        foreach (var (kind, parts) in Kinds(components))
            foreach (var (name, part) in parts)
            {
                var pointer = Pointers.Of("components", kind, name);
                if (Serialize(part, pointer) is { } body) yield return new Fragment(pointer, body);
            }
    }

    private static IEnumerable<(string Kind, IEnumerable<(string, IOpenApiSerializable)> Parts)> Kinds(OpenApiComponents components) =>
    [
        ("schemas", Parts(components.Schemas)), ("responses", Parts(components.Responses)), ("parameters", Parts(components.Parameters)), ("examples", Parts(components.Examples)),
        ("requestBodies", Parts(components.RequestBodies)), ("headers", Parts(components.Headers)), ("securitySchemes", Parts(components.SecuritySchemes)),
    ];

    private static IEnumerable<(string, IOpenApiSerializable)> Parts<T>(IDictionary<string, T>? parts) where T : IOpenApiSerializable
        => parts?.Where(part => part.Value is not null).Select(part => (part.Key, (IOpenApiSerializable)part.Value)) ?? [];

    private DocumentOperation? Write(string method, string path, IOpenApiPathItem item, OpenApiOperation operation)
    {
        var pointer = DocumentOperation.PointerOf(path, method);
        if (Serialize(operation, pointer) is not { } body) return null;
        using var bytes = new MemoryStream(body.Length + 200);
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteString("path"u8, path);
            json.WriteString("method"u8, method);
            WriteList(json, "parameters", item.Parameters, pointer);
            WriteList(json, "servers", item.Servers, pointer);
            json.WritePropertyName("operation"u8);
            json.WriteRawValue(body, skipInputValidation: true);
            json.WriteEndObject();
        }
        var description = operation.Description ?? item.Description;
        return new DocumentOperation
        {
            Method = method,
            Path = path,
            OperationId = operation.OperationId is { Length: > 0 and <= 500 } id ? id : null,
            Title = Title(operation, method, path),
            Summary = PlainText.FirstSentence(operation.Summary is { Length: > 0 } && operation.Description is not { Length: > 0 } ? operation.Summary : description),
            Description = PlainText.Of($"{operation.Summary} {description}"),
            IsDeprecated = operation.Deprecated,
            Tags = [.. (operation.Tags ?? new HashSet<OpenApiTagReference>()).Select(tag => tag.Reference?.Id ?? tag.Name ?? "").Where(tag => tag.Length is > 0 and <= 200 && !tag.Any(char.IsControl)).Distinct().Take(20)],
            Body = bytes.ToArray(),
        };
    }

    private static string Title(OpenApiOperation operation, string method, string path)
    {
        if (PlainText.Of(operation.Summary, 300)?.Trim('.', ' ') is { Length: > 0 and <= 120 } summary) return summary;
        if (Humanized(operation.OperationId) is { } named) return named;
        var sentence = PlainText.FirstSentence(operation.Summary ?? operation.Description, 200)?.TrimEnd('.', ' ');
        if (sentence is { Length: > 0 and <= 60 }) return sentence;
        // A path's last word says more than a long sentence.
        if (path.Split('/', '#').LastOrDefault(part => part.Length > 1 && !part.Contains('{', StringComparison.Ordinal)) is { } last && Humanized(last.Split('?')[0].Split('=')[^1]) is { } placed) return placed;
        return sentence is { Length: > 0 and <= 120 } ? sentence : $"{method} {path}";
    }

    /// <summary><c>post_chat.postMessage</c> becomes <c>Post chat post message</c>.</summary>
    private static string? Humanized(string? operationId)
    {
        if (operationId is not { Length: > 1 and <= 200 }) return null;
        var words = Slugs.Spaced(operationId)!.Split([' ', '_', '-', '.', '/', ':'], StringSplitOptions.RemoveEmptyEntries);
        if (words.Length == 0 || !words.Any(word => word.Any(char.IsLetter))) return null;
        var text = string.Join(' ', words.Select(word => word.Length > 1 && word.All(letter => char.IsUpper(letter) || char.IsDigit(letter)) ? word : word.ToLowerInvariant()));
        return char.ToUpperInvariant(text[0]) + text[1..];
    }

    /// <summary>What a path says for all of its operations: others refer to it too.</summary>
    private Fragment WriteParameters(string path, IList<IOpenApiParameter> parameters)
    {
        var pointer = Pointers.Of("paths", path, "parameters");
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartArray();
            foreach (var parameter in parameters)
                if (Serialize(parameter, pointer) is { } body) json.WriteRawValue(body, skipInputValidation: true);
            json.WriteEndArray();
        }
        return new Fragment(pointer, bytes.ToArray());
    }

    private byte[] WriteHead()
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            WriteList(json, "servers", _document.Servers, Head);
            WriteList(json, "security", _document.Security, Head);
            WriteList(json, "tags", _document.Tags, Head);
            json.WriteStartObject("securitySchemes"u8);
            foreach (var (name, scheme) in _document.Components?.SecuritySchemes ?? new Dictionary<string, IOpenApiSecurityScheme>())
            {
                if (Serialize(scheme, Pointers.Of("components", "securitySchemes", name)) is not { } body) continue;
                json.WritePropertyName(name);
                json.WriteRawValue(body, skipInputValidation: true);
            }
            json.WriteEndObject();
            json.WriteEndObject();
        }
        return bytes.ToArray();
    }

    private void WriteList<T>(Utf8JsonWriter json, string name, IEnumerable<T>? parts, string place) where T : IOpenApiSerializable
    {
        if (parts is null) return;
        json.WriteStartArray(name);
        foreach (var part in parts)
            if (Serialize(part, place) is { } body) json.WriteRawValue(body, skipInputValidation: true);
        json.WriteEndArray();
    }

    private byte[]? Serialize(IOpenApiSerializable part, string place)
    {
        try
        {
            using var text = new StringWriter();
            part.SerializeAsV31(new OpenApiJsonWriter(text, new OpenApiJsonWriterSettings { Terse = true }));
            return Encoding.UTF8.GetBytes(text.ToString());
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // The library has no closed list of what it throws on what it cannot write.
            _report(Severity.Error, place, $"It cannot be written in the form of OpenAPI 3.1 and is left out: {Bounded(exception.Message)}");
            return null;
        }
    }

    private static string VersionOf(JsonObject root)
    {
        var swagger = (root["swagger"] as JsonValue)?.ToString();
        var openapi = (root["openapi"] as JsonValue)?.ToString();
        if (swagger is not null && openapi is null)
        {
            if (swagger is not ("2.0" or "2")) throw new DocumentException("#/swagger", $"This is Swagger {Bounded(swagger)}; read are OpenAPI 2.0, 3.0, 3.1 and 3.2.");
            root["swagger"] = "2.0";
            return "2.0";
        }
        if (openapi is null) throw new DocumentException("#", "The document is no OpenAPI document: it has neither 'openapi' nor 'swagger'.");
        if (!openapi.StartsWith("3.", StringComparison.Ordinal) && openapi != "3") throw new DocumentException("#/openapi", $"This is OpenAPI {Bounded(openapi)}; read are 2.0, 3.0, 3.1 and 3.2.");
        if (openapi is "3" or "3.0" or "3.1") root["openapi"] = openapi = openapi == "3.1" ? "3.1.0" : "3.0.3";
        else root["openapi"] = openapi;
        return openapi;
    }

    private static (OpenApiDocument?, OpenApiDiagnostic?) Parse(JsonObject root)
    {
        try
        {
            var read = new OpenApiJsonReader().Read(root, Location, new OpenApiReaderSettings { LoadExternalRefs = false });
            return (read.Document, read.Diagnostic);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // What the reader throws on what it does not expect is any exception at all.
            throw new DocumentException((exception as OpenApiException)?.Pointer ?? "", $"The document cannot be read: {Bounded(exception.Message)}");
        }
    }

    private static string Bounded(string text) => text.Length > 500 ? text[..500] : text;
}

/// <summary>An operation as its document has it.</summary>
public sealed record DocumentOperation
{
    /// <summary>Upper case.</summary>
    public required string Method { get; init; }
    /// <summary>The path's template.</summary>
    public required string Path { get; init; }
    /// <summary>The document's own name for it.</summary>
    public string? OperationId { get; init; }
    /// <summary>For people.</summary>
    public required string Title { get; init; }
    /// <summary>The first sentence, plain.</summary>
    public string? Summary { get; init; }
    /// <summary>Summary and description, plain, for the search.</summary>
    public string? Description { get; init; }
    /// <summary>Whether it should no longer be used.</summary>
    public bool IsDeprecated { get; init; }
    /// <summary>Its tags.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];
    /// <summary>Path, method, what the path says for all of its operations, and the operation: JSON in the form of OpenAPI 3.1.</summary>
    public required byte[] Body { get; init; }

    /// <summary>Where it stands in the document.</summary>
    public string Pointer => PointerOf(Path, Method);

    /// <summary>Where the operation of a path and method stands.</summary>
    public static string PointerOf(string path, string method) => Pointers.Of("paths", path, method.ToLowerInvariant());
}
