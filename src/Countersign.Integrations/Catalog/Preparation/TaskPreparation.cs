using System.Text;
using System.Text.Json.Nodes;
using Countersign.Integrations.Catalog.Reference;

namespace Countersign.Integrations.Catalog.Preparation;

/// <summary>Prepares the HTTP task of an operation (workflow contract 16.1 to 16.4) from its reference page. Pure.</summary>
public static class TaskPreparation
{
    private static readonly HashSet<string> Repeatable = new(StringComparer.Ordinal) { "GET", "HEAD", "PUT", "DELETE", "OPTIONS", "TRACE", "QUERY" };
    private static readonly HashSet<string> OfTheTask = new(StringComparer.OrdinalIgnoreCase) { "Content-Type", "Accept", "Authorization", "Host", "Content-Length" };

    /// <summary>The task.</summary>
    /// <param name="page">The operation.</param>
    /// <param name="taken">Reference names of the definition.</param>
    public static PreparedTask Prepare(OperationPage page, IReadOnlySet<string> taken)
    {
        var inputs = new List<PreparedInput>();
        var secrets = new List<string>();
        void Note(PreparedInput input)
        {
            if (inputs.All(known => known.Name != input.Name)) inputs.Add(input);
        }
        var query = new List<string>();
        var offeredQuery = new List<Field>();
        foreach (var field in Parameters(page, "query"))
        {
            if (Given(field, "query", Note) is { } value) query.Add($"{Escape(field.Name)}={value}");
            else offeredQuery.Add(field);
        }
        var headers = new JsonObject();
        var offeredHeaders = new List<Field>();
        foreach (var field in Parameters(page, "header").Where(field => !OfTheTask.Contains(field.Name)))
        {
            if (field.IsRequired) headers[field.Name] = Given(field, "header", Note, isText: true);
            else offeredHeaders.Add(field);
        }
        var request = new JsonObject { ["uri"] = "", ["method"] = page.Operation.Method, ["headers"] = headers };
        Authenticate(page, request, headers, query, secrets);
        request["uri"] = Address(page, query, Note);
        var content = page.Operation.Method is "GET" or "HEAD" or "TRACE" ? null : BodyTemplate.Choose(page.Body);
        if (content is not null)
        {
            request["contentType"] = content.ContentType is "*/*" or "" ? "application/json" : content.ContentType;
            if (new BodyTemplate(Note).Of(content, page.Body!.IsRequired) is { } body) request["body"] = body;
        }
        request["accept"] = Accept(page);
        var name = TaskNames.OfTask(page.Operation);
        return new PreparedTask
        {
            Task = new JsonObject
            {
                ["name"] = name,
                ["taskReferenceName"] = TaskNames.Free(name, taken),
                ["type"] = "HTTP",
                ["inputParameters"] = new JsonObject { ["http_request"] = request },
                ["taskDefinition"] = Definition(name, page.Operation.Method),
            },
            Inputs = inputs,
            Secrets = secrets,
            OfferedQuery = offeredQuery,
            OfferedHeaders = offeredHeaders,
        };
    }

    /// <summary>The explicit task definition: without one, nothing would be tried again or end in time (workflow contract 4).</summary>
    private static JsonObject Definition(string name, string method) => new()
    {
        ["name"] = name,
        ["retryCount"] = Repeatable.Contains(method) ? 3 : 0,
        ["retryLogic"] = "EXPONENTIAL_BACKOFF",
        ["retryDelaySeconds"] = 2,
        ["timeoutSeconds"] = 60,
        ["timeoutPolicy"] = "RETRY",
        ["responseTimeoutSeconds"] = 60,
    };

    private static string Address(OperationPage page, List<string> query, Action<PreparedInput> note)
    {
        var address = new StringBuilder(page.Servers.Count > 0 ? page.Servers[0].Usual().TrimEnd('/') : "https://");
        var path = page.Operation.Path;
        // Some documents tell operations of one address apart by a fragment, which no server sees.
        if (path.IndexOf('#', StringComparison.Ordinal) is >= 0 and var fragment) path = path[..fragment];
        for (var i = 0; i < path.Length; i++)
        {
            var end = path[i] == '{' ? path.IndexOf('}', i) : -1;
            if (end < 0)
            {
                address.Append(path[i]);
                continue;
            }
            var name = path[(i + 1)..end];
            var field = Parameters(page, "path").FirstOrDefault(one => one.Name == name);
            var input = TaskNames.OfInput(name);
            note(new PreparedInput(input, "path", true, field?.DescriptionHtml, field?.Default ?? field?.Example));
            address.Append("${workflow.input.").Append(input).Append('}');
            i = end;
        }
        for (var i = 0; i < query.Count; i++) address.Append(i == 0 && !path.Contains('?', StringComparison.Ordinal) ? '?' : '&').Append(query[i]);
        return address.ToString();
    }

    /// <summary>A parameter's value in the task; null when it is only offered.</summary>
    private static string? Given(Field field, string place, Action<PreparedInput> note, bool isText = false)
    {
        if (field.IsDeprecated && !field.IsRequired) return null;
        if ((field.Default ?? (field.Enum.Count == 1 ? field.Enum[0] : null) ?? (field.IsRequired ? null : field.Example)) is JsonValue known) return isText ? known.ToString() : Escape(known.ToString());
        if (!field.IsRequired) return null;
        var name = TaskNames.OfInput(field.Name);
        note(new PreparedInput(name, place, true, field.DescriptionHtml, field.Example));
        return $"${{workflow.input.{name}}}";
    }

    private static void Authenticate(OperationPage page, JsonObject request, JsonObject headers, List<string> query, List<string> secrets)
    {
        // A token is one secret, a name and password are two.
        foreach (var way in page.Authentication.OrderBy(way => way.Scheme == "basic"))
        {
            switch (way)
            {
                case { Type: "apiKey", In: "header", Parameter: { } header } when page.Operation.IsOwn && header == "Authorization":
                    headers[header] = $"SSWS {Secret("TOKEN")}";
                    return;
                case { Type: "apiKey", In: "header", Parameter: { } header }:
                    headers[header] = Secret("API_KEY");
                    return;
                case { Type: "apiKey", In: "query", Parameter: { } parameter }:
                    query.RemoveAll(one => one.StartsWith($"{Escape(parameter)}=", StringComparison.Ordinal));
                    query.Add($"{Escape(parameter)}={Secret("API_KEY")}");
                    return;
                case { Type: "apiKey", In: "cookie", Parameter: { } cookie }:
                    headers["Cookie"] = $"{cookie}={Secret("API_KEY")}";
                    return;
                case { Type: "http", Scheme: "basic" }:
                    request["authentication"] = new JsonObject { ["type"] = "basic", ["username"] = Secret("USERNAME"), ["password"] = Secret("PASSWORD") };
                    return;
                case { Type: "http" or "oauth2" or "openIdConnect" }:
                    headers["Authorization"] = $"Bearer {Secret("TOKEN")}";
                    return;
            }
        }

        string Secret(string kind)
        {
            var name = TaskNames.OfSecret(page.Operation, kind);
            secrets.Add(name);
            return $"${{workflow.secrets.{name}}}";
        }
    }

    private static string Accept(OperationPage page)
    {
        var types = page.Responses.Where(response => response.Status.StartsWith('2') || response.Status == "default").SelectMany(response => response.Contents).Select(content => content.ContentType).ToList();
        return types.FirstOrDefault(type => type.StartsWith("application/json", StringComparison.OrdinalIgnoreCase)) ?? types.FirstOrDefault(type => type.Contains("json", StringComparison.OrdinalIgnoreCase))
            ?? types.FirstOrDefault() ?? "application/json";
    }

    private static IReadOnlyList<Field> Parameters(OperationPage page, string place) => page.Parameters.TryGetValue(place, out var fields) ? fields : [];

    private static string Escape(string text) => Uri.EscapeDataString(text);
}
