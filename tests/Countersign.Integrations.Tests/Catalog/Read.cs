using System.Text;
using Countersign.Integrations.Catalog;
using Countersign.Integrations.Catalog.Documents;
using Countersign.Integrations.Catalog.Reference;

namespace Countersign.Integrations.Tests.Catalog;

/// <summary>Documents that tests write down.</summary>
internal static class Read
{
    /// <summary>Reads a document, and what was found wrong with it.</summary>
    public static (ApiDocument Document, List<string> Findings) Document(string text, string source = "test.json")
    {
        var findings = new List<string>();
        return (ApiDocument.Read(Encoding.UTF8.GetBytes(text), source, (severity, place, reason) => findings.Add($"{severity} {place}: {reason}")), findings);
    }

    /// <summary>The page of an operation.</summary>
    public static OperationPage Page(string text, string method, string path, string? baseUrl = null, bool isOwn = false)
    {
        var (document, _) = Document(text);
        var found = document.Operations().Single(operation => operation.Method == method && operation.Path == path);
        var pieces = new Pieces();
        foreach (var fragment in document.Fragments()) pieces.Add(fragment.Pointer, fragment.Body);
        foreach (var other in document.Operations()) pieces.Add(other.Pointer, other.Body);
        return new PageReader(Operation(document.Name, found) with { IsOwn = isOwn }, pieces, baseUrl).Read()!;
    }

    /// <summary>An operation as the catalog has it.</summary>
    public static CatalogOperation Operation(ApiName api, DocumentOperation read) => new()
    {
        Key = 1,
        Api = api,
        Method = read.Method,
        Path = read.Path,
        Slug = Slugs.OfOperation(read.OperationId, read.Path),
        OperationId = read.OperationId,
        Title = read.Title,
        Summary = read.Summary,
        IsDeprecated = read.IsDeprecated,
        Tags = read.Tags,
    };
}
