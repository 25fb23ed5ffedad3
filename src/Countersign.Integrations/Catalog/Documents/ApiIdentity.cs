using System.Text.Json.Nodes;

namespace Countersign.Integrations.Catalog.Documents;

/// <summary>Finds out what an API is called (workflow contract 14): the provider from <c>x-providerName</c>, else the server's host.</summary>
public static class ApiIdentity
{
    /// <summary>What names the API of a document.</summary>
    /// <param name="root">The document.</param>
    /// <param name="source">Where it came from: an address lends its host.</param>
    public static ApiName Of(JsonObject root, string source)
    {
        var info = root["info"] as JsonObject;
        var title = Text(info, "title") ?? "Untitled API";
        var version = Text(info, "version") ?? "1";
        var given = Text(info, "x-providerName");
        var provider = Bounded(given ?? HostOf(root) ?? (Uri.TryCreate(source, UriKind.Absolute, out var address) && address.Scheme.StartsWith("http", StringComparison.Ordinal) ? address.Host : null) ?? "local");
        var name = given is null ? Slugs.Of(title, longest: 60) : Text(info, "x-serviceName");
        if (name == provider || name is "") name = null;
        var parts = new[] { Slugs.Of(provider, keepsDots: true, 80), Slugs.Of(name, keepsDots: true, 70), Slugs.Of(version, keepsDots: true, 40) };
        var id = string.Join('-', parts.Where(part => part.Length > 0));
        return new ApiName(id.Length > 0 ? id : "api", provider, name is null ? null : Bounded(name), Bounded(version), Bounded(title));
    }

    private static string? HostOf(JsonObject root)
    {
        if (root["host"] is JsonValue host && host.TryGetValue<string>(out var name)) return Plain(name.Split(':')[0]);
        foreach (var server in (root["servers"] as JsonArray ?? []).OfType<JsonObject>())
            if (Text(server, "url") is { } url && Uri.TryCreate(url.Replace("{", "", StringComparison.Ordinal).Replace("}", "", StringComparison.Ordinal), UriKind.Absolute, out var address) && address.Host.Length > 0)
                return Plain(address.Host);
        return null;
    }

    private static string? Plain(string host)
    {
        var name = host.ToLowerInvariant();
        foreach (var first in new[] { "www.", "api." })
            if (name.StartsWith(first, StringComparison.Ordinal) && name.Count(letter => letter == '.') > 1) name = name[first.Length..];
        return name.Length == 0 ? null : name;
    }

    private static string Bounded(string text) => text.Length > 200 ? text[..200] : text;

    private static string? Text(JsonObject? members, string name) => (members?[name] as JsonValue)?.ToString().Trim() is { Length: > 0 } text ? text : null;
}
