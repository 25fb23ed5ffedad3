using System.Text.Json.Nodes;
using Countersign.Integrations.Catalog;
using Countersign.Integrations.Catalog.Reference;
using Countersign.Integrations.Catalog.Search;

namespace Countersign.Server.Catalog;

/// <summary>The catalog's documents as they are answered (docs/integrations-api.md).</summary>
internal static class CatalogDocuments
{
    public static JsonObject Hit(CatalogOperation operation, IReadOnlyList<QueryTerm> terms)
    {
        var hit = HitJson.Of(operation);
        var highlights = new JsonObject();
        foreach (var (name, text) in new[] { ("title", operation.Title), ("path", operation.Path), ("summary", operation.Summary), ("api", operation.Api.Title), ("provider", operation.Api.Provider) })
            if (terms.Count > 0 && Highlights.Of(text, terms) is { } marked) highlights[name] = marked;
        hit["highlights"] = highlights;
        return hit;
    }

    public static JsonObject Facets(CatalogFacets facets) => new() { ["providers"] = Facets(facets.Providers), ["methods"] = Facets(facets.Methods), ["tags"] = Facets(facets.Tags) };

    public static JsonObject Api(Api api, IReadOnlyList<ApiName>? versions, IReadOnlyList<Facet>? tags, bool withDescription)
    {
        var document = HitJson.Of(api.Name);
        if (withDescription && RichText.ToHtml(api.Description) is { } html) document["descriptionHtml"] = html;
        document["operations"] = api.Operations;
        document["importedAt"] = api.ImportedAt.ToTimestamp();
        document["updatedAt"] = api.UpdatedAt.ToTimestamp();
        document["source"] = api.Source;
        if (versions is not null) document["versions"] = new JsonArray([.. versions.Select(version => (JsonNode?)new JsonObject { ["id"] = version.Id, ["version"] = version.Version })]);
        document["isOwn"] = api.IsOwn;
        if (tags is not null) document["tags"] = Facets(tags);
        return document;
    }

    public static JsonObject Import(CatalogImport import)
    {
        var document = new JsonObject
        {
            ["id"] = import.Id,
            ["status"] = import.Status.ToString().ToUpperInvariant(),
            ["source"] = import.Source,
            ["documents"] = import.Documents,
            ["documentsTotal"] = import.DocumentsTotal,
            ["apis"] = import.Apis,
            ["known"] = import.Known,
            ["operations"] = import.Operations,
            ["refused"] = import.Refused,
            ["errors"] = import.Errors,
            ["warnings"] = import.Warnings,
            ["startedAt"] = import.StartedAt.ToTimestamp(),
        };
        if (import.EndedAt is { } ended) document["endedAt"] = ended.ToTimestamp();
        if (import.Reason is not null) document["reason"] = import.Reason;
        return document;
    }

    public static JsonObject Finding(Finding finding) => new()
    {
        ["severity"] = finding.Severity.ToString().ToUpperInvariant(),
        ["document"] = finding.Document,
        ["place"] = finding.Place,
        ["reason"] = finding.Reason,
    };

    private static JsonArray Facets(IReadOnlyList<Facet> facets) => new([.. facets.Select(facet => (JsonNode?)new JsonObject { ["name"] = facet.Name, ["count"] = facet.Count })]);
}
