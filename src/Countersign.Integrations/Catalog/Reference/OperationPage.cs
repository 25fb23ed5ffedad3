using System.Text.Json.Nodes;

namespace Countersign.Integrations.Catalog.Reference;

/// <summary>The reference page of an operation (workflow contract 15).</summary>
public sealed record OperationPage
{
    /// <summary>What lists show of it.</summary>
    public required CatalogOperation Operation { get; init; }
    /// <summary>Safe HTML.</summary>
    public string? DescriptionHtml { get; init; }
    /// <summary>Where it can be asked; the first is the usual one.</summary>
    public IReadOnlyList<Server> Servers { get; init; } = [];
    /// <summary>Parameters by where they stand: <c>path</c>, <c>header</c>, <c>query</c>, <c>cookie</c>.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<Field>> Parameters { get; init; } = new Dictionary<string, IReadOnlyList<Field>>();
    /// <summary>The body; null when there is none.</summary>
    public RequestBody? Body { get; init; }
    /// <summary>What may be answered.</summary>
    public IReadOnlyList<Response> Responses { get; init; } = [];
    /// <summary>Ways of showing who asks; any of them will do.</summary>
    public IReadOnlyList<Authentication> Authentication { get; init; } = [];
    /// <summary>More, elsewhere.</summary>
    public (string Url, string? Description)? ExternalDocs { get; init; }

    /// <summary>As JSON (docs/integrations-api.md).</summary>
    public JsonObject ToJson()
    {
        var json = HitJson.Of(Operation);
        Set(json, "descriptionHtml", DescriptionHtml);
        json["servers"] = Array(Servers.Select(server => server.ToJson()));
        json["parameters"] = new JsonObject([.. Parameters.Where(parameters => parameters.Value.Count > 0).Select(parameters => KeyValuePair.Create(parameters.Key, (JsonNode?)Field.ToJson(parameters.Value)))]);
        if (Body is not null) json["body"] = Body.ToJson();
        json["responses"] = Array(Responses.Select(response => response.ToJson()));
        json["authentication"] = Array(Authentication.Select(authentication => authentication.ToJson()));
        if (ExternalDocs is { } docs)
        {
            var link = new JsonObject { ["url"] = docs.Url };
            Set(link, "description", docs.Description);
            json["externalDocs"] = link;
        }
        return json;
    }

    internal static JsonArray Array(IEnumerable<JsonObject> items) => new([.. items.Select(item => (JsonNode?)item)]);

    internal static void Set(JsonObject json, string name, string? value)
    {
        if (value is not null) json[name] = value;
    }
}

/// <summary>A server's address.</summary>
/// <param name="Url">With its variables in braces.</param>
/// <param name="Description">Safe HTML.</param>
/// <param name="Variables">The variables.</param>
public sealed record Server(string Url, string? Description, IReadOnlyList<ServerVariable> Variables)
{
    /// <summary>The address with every variable at its default.</summary>
    public string Usual() => Variables.Aggregate(Url, (url, variable) => url.Replace($"{{{variable.Name}}}", variable.Default ?? variable.Name, StringComparison.Ordinal));

    internal JsonObject ToJson()
    {
        var json = new JsonObject { ["url"] = Url };
        OperationPage.Set(json, "description", Description);
        json["variables"] = OperationPage.Array(Variables.Select(variable =>
        {
            var one = new JsonObject { ["name"] = variable.Name };
            OperationPage.Set(one, "default", variable.Default);
            if (variable.Enum.Count > 0) one["enum"] = new JsonArray([.. variable.Enum.Select(value => (JsonNode?)value)]);
            OperationPage.Set(one, "description", variable.Description);
            return one;
        }));
        return json;
    }
}

/// <summary>A variable of a server's address.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Default">What it usually is.</param>
/// <param name="Enum">What it may be.</param>
/// <param name="Description">Plain text.</param>
public sealed record ServerVariable(string Name, string? Default, IReadOnlyList<string> Enum, string? Description);

/// <summary>The body of a request.</summary>
/// <param name="IsRequired">Whether it must be there.</param>
/// <param name="DescriptionHtml">Safe HTML.</param>
/// <param name="Contents">The forms in which it can be sent.</param>
public sealed record RequestBody(bool IsRequired, string? DescriptionHtml, IReadOnlyList<BodyContent> Contents)
{
    internal JsonObject ToJson()
    {
        var json = new JsonObject { ["required"] = IsRequired };
        OperationPage.Set(json, "descriptionHtml", DescriptionHtml);
        json["contents"] = OperationPage.Array(Contents.Select(content => content.ToJson()));
        return json;
    }
}

/// <summary>What may be answered.</summary>
/// <param name="Status">A status, <c>2XX</c> or <c>default</c>.</param>
/// <param name="DescriptionHtml">Safe HTML.</param>
/// <param name="Headers">Its headers.</param>
/// <param name="Contents">The forms of its body.</param>
public sealed record Response(string Status, string? DescriptionHtml, IReadOnlyList<Field> Headers, IReadOnlyList<BodyContent> Contents)
{
    internal JsonObject ToJson()
    {
        var json = new JsonObject { ["status"] = Status };
        OperationPage.Set(json, "descriptionHtml", DescriptionHtml);
        if (Headers.Count > 0) json["headers"] = Field.ToJson(Headers);
        json["contents"] = OperationPage.Array(Contents.Select(content => content.ToJson()));
        return json;
    }
}

/// <summary>A way of showing who asks.</summary>
public sealed record Authentication
{
    /// <summary>The document's name for it.</summary>
    public required string Name { get; init; }
    /// <summary><c>apiKey</c>, <c>http</c>, <c>oauth2</c>, <c>openIdConnect</c> or <c>mutualTLS</c>.</summary>
    public required string Type { get; init; }
    /// <summary>Where an API key stands: <c>header</c>, <c>query</c>, <c>cookie</c>.</summary>
    public string? In { get; init; }
    /// <summary>What the API key's header or parameter is called.</summary>
    public string? Parameter { get; init; }
    /// <summary><c>bearer</c>, <c>basic</c> and the like.</summary>
    public string? Scheme { get; init; }
    /// <summary>What the token must be allowed.</summary>
    public IReadOnlyList<string> Scopes { get; init; } = [];
    /// <summary>Where a token is had.</summary>
    public string? TokenUrl { get; init; }
    /// <summary>Safe HTML.</summary>
    public string? DescriptionHtml { get; init; }

    internal JsonObject ToJson()
    {
        var json = new JsonObject { ["name"] = Name, ["type"] = Type };
        OperationPage.Set(json, "in", In);
        OperationPage.Set(json, "parameter", Parameter);
        OperationPage.Set(json, "scheme", Scheme);
        if (Scopes.Count > 0) json["scopes"] = new JsonArray([.. Scopes.Select(scope => (JsonNode?)scope)]);
        OperationPage.Set(json, "tokenUrl", TokenUrl);
        OperationPage.Set(json, "descriptionHtml", DescriptionHtml);
        return json;
    }
}

/// <summary>What lists show of an operation, as JSON.</summary>
public static class HitJson
{
    /// <summary>The operation.</summary>
    public static JsonObject Of(CatalogOperation operation)
    {
        var json = new JsonObject
        {
            ["id"] = operation.Id,
            ["api"] = Of(operation.Api),
            ["method"] = operation.Method,
            ["path"] = operation.Path,
            ["title"] = operation.Title,
        };
        OperationPage.Set(json, "summary", operation.Summary);
        json["deprecated"] = operation.IsDeprecated;
        json["tags"] = new JsonArray([.. operation.Tags.Select(tag => (JsonNode?)tag)]);
        return json;
    }

    /// <summary>What names an API.</summary>
    public static JsonObject Of(ApiName api)
    {
        var json = new JsonObject { ["id"] = api.Id, ["provider"] = api.Provider };
        OperationPage.Set(json, "name", api.Name);
        json["version"] = api.Version;
        json["title"] = api.Title;
        return json;
    }
}
