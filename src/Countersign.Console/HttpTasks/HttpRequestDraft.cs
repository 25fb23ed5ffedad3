using System.Text.Json.Nodes;

namespace Countersign.Console.HttpTasks;

/// <summary>How a body is edited.</summary>
public enum BodyForm
{
    /// <summary>There is none.</summary>
    None,

    /// <summary>Field by field.</summary>
    Fields,

    /// <summary>As JSON text.</summary>
    Json,

    /// <summary>As text that is sent as it is.</summary>
    Raw,
}

/// <summary>An <c>http_request</c> (workflow contract 8.1) while a person edits it. What the editor does not know is kept.</summary>
public sealed class HttpRequestDraft
{
    private const string ContentTypeHeader = "Content-Type", Json = "application/json";

    private readonly JsonObject _request;
    private string _uri;

    /// <summary>Begins with a request; it is not changed.</summary>
    public HttpRequestDraft(JsonObject request)
    {
        _request = request.DeepClone().AsObject();
        _uri = Text("uri");
        Method = Text("method") is { Length: > 0 } method ? method.ToUpperInvariant() : "GET";
        Headers = [.. ReadHeaders(_request["headers"] as JsonObject)];
        Authentication = _request["authentication"]?.DeepClone() as JsonObject;
        Body = _request["body"]?.DeepClone();
        Query = UriText.Split(_uri).Query;
        Form = Body switch
        {
            null => BodyForm.None,
            JsonObject when IsJson || IsForm => BodyForm.Fields,
            JsonValue value when value.TryGetValue<string>(out _) => BodyForm.Raw,
            _ => BodyForm.Json,
        };
        BodyText = TextOf(Body);
    }

    /// <summary>The HTTP method in capitals.</summary>
    public string Method { get; set; }

    /// <summary>The whole address; its query is <see cref="Query"/>.</summary>
    public string Uri
    {
        get => _uri;
        set => (_uri, Query) = (value, UriText.Split(value).Query);
    }

    /// <summary>The query's parameters; after a change, <see cref="QueryChanged"/> puts them into the address.</summary>
    public List<NamedValue> Query { get; private set; }

    /// <summary>The headers; a name may stand there several times.</summary>
    public List<NamedValue> Headers { get; }

    /// <summary>The authentication helper; null for none.</summary>
    public JsonObject? Authentication { get; set; }

    /// <summary>The body; null for none.</summary>
    public JsonNode? Body { get; private set; }

    /// <summary>How it is edited.</summary>
    public BodyForm Form { get; private set; }

    /// <summary>The body as it is typed, as JSON or raw.</summary>
    public string BodyText { get; private set; }

    /// <summary>Why the typed text is no JSON; null when it is.</summary>
    public string? BodyFault { get; private set; }

    /// <summary>What the body is; a header wins over the member of its own.</summary>
    public string ContentType
    {
        get => ContentTypeRow?.Value ?? (Text("contentType") is { Length: > 0 } type ? type : Json);
        set
        {
            if (ContentTypeRow is { } row)
                row.Value = value;
            else
                _request["contentType"] = value;
        }
    }

    /// <summary>Whether the body is JSON by its type.</summary>
    public bool IsJson => MediaType is Json || MediaType.EndsWith("+json", StringComparison.Ordinal);

    /// <summary>Whether the body is the form of a web page.</summary>
    public bool IsForm => MediaType is "application/x-www-form-urlencoded";

    private string MediaType => ContentType.Split(';')[0].Trim().ToLowerInvariant();

    private NamedValue? ContentTypeRow => Headers.Find(header => header.Name.Equals(ContentTypeHeader, StringComparison.OrdinalIgnoreCase));

    /// <summary>Puts the parameters into the address.</summary>
    public void QueryChanged() => _uri = UriText.Join(UriText.Split(_uri).Address, Query);

    /// <summary>A member that the editor shows as it is, as <c>readTimeOut</c>; empty when it is absent.</summary>
    public string Text(string name) => _request[name] switch
    {
        null => "",
        JsonValue value when value.TryGetValue<string>(out var text) => text,
        var other => Shell.JsonText.CompactOf(other),
    };

    /// <summary>Sets such a member; null takes it away.</summary>
    public void Set(string name, JsonNode? value)
    {
        if (value is null)
            _request.Remove(name);
        else
            _request[name] = value;
    }

    /// <summary>Edits the body in another way; nothing of it is lost on the way, unless there is to be none.</summary>
    public void Choose(BodyForm form)
    {
        if (form == Form)
            return;
        if (form == BodyForm.None)
            (Body, BodyText) = (null, "");
        else if (form == BodyForm.Fields)
            Body = Body as JsonObject ?? (Shell.JsonText.TryParse(BodyText, out var parsed, out _) ? parsed as JsonObject : null) ?? [];
        else if (form == BodyForm.Json)
            BodyText = Form == BodyForm.Raw ? BodyText : Shell.JsonText.Of(Body ?? new JsonObject());
        else
            BodyText = Form == BodyForm.Json ? BodyText : TextOf(Body);
        (Form, BodyFault) = (form, null);
        if (form is BodyForm.Json or BodyForm.Raw)
            Type(BodyText);
    }

    /// <summary>Takes what is typed as the body.</summary>
    public void Type(string text)
    {
        BodyText = text;
        if (Form == BodyForm.Raw)
            Body = text is "" ? null : JsonValue.Create(text);
        else if (Shell.JsonText.TryParse(text, out var parsed, out var fault))
            (Body, BodyFault) = (parsed, null);
        else
            BodyFault = fault;
    }

    /// <summary>The request as a task or a test has it.</summary>
    public JsonObject ToJson()
    {
        var request = _request.DeepClone().AsObject();
        request["uri"] = _uri.Trim();
        request["method"] = Method;
        Put(request, "headers", WrittenHeaders());
        Put(request, "authentication", Authentication?.DeepClone());
        Put(request, "body", Body?.DeepClone());
        return request;
    }

    private JsonObject? WrittenHeaders()
    {
        var written = new JsonObject();
        foreach (var group in Headers.Where(header => header.Name.Trim() is not "").GroupBy(header => header.Name.Trim()))
            written[group.Key] = group.Count() == 1 ? group.First().Value : new JsonArray([.. group.Select(header => (JsonNode)JsonValue.Create(header.Value))]);
        return written.Count == 0 ? null : written;
    }

    private static IEnumerable<NamedValue> ReadHeaders(JsonObject? headers)
    {
        foreach (var (name, value) in headers ?? [])
        {
            if (value is JsonArray several)
                foreach (var one in several)
                    yield return new(name, TextOf(one));
            else if (value is not null)
                yield return new(name, TextOf(value));
        }
    }

    private static void Put(JsonObject target, string name, JsonNode? value)
    {
        if (value is null)
            target.Remove(name);
        else
            target[name] = value;
    }

    private static string TextOf(JsonNode? node)
        => node is null ? "" : node is JsonValue value && value.TryGetValue<string>(out var text) ? text : Shell.JsonText.Of(node);
}
