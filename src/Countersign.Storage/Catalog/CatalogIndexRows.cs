using Countersign.Integrations.Catalog;
using Countersign.Integrations.Catalog.Search;
using Countersign.Storage.Commits;

namespace Countersign.Storage.Catalog;

/// <summary>Writes the full-text index: columns of FTS5 on SQLite, vectors on PostgreSQL.</summary>
internal static class CatalogIndexRows
{
    private static readonly Dictionary<string, string> Vectors = new(StringComparer.Ordinal) { ["titles"] = "tsvector", ["names"] = "tsvector", ["words"] = "tsvector" };

    public static ValueTask InsertAsync(Rows rows, bool isPostgres, Work work, IReadOnlyList<NewOperation> operations)
    {
        var ids = operations.Select(one => one.Operation.Key).ToArray();
        return isPostgres
            ? rows.InsertAsync(work, "catalog_search",
            [
                new("id", "bigint", ids),
                new("titles", "text", Vector(text => text.Title)),
                new("names", "text", Vector(text => text.Title.Concat(text.Api).Concat(text.Path))),
                new("words", "text", Vector(text => text.Title.Concat(text.Api).Concat(text.Path).Concat(text.Tags).Concat(text.Description))),
            ], casts: Vectors)
            : rows.InsertAsync(work, "catalog_search",
            [
                new("rowid", "", ids),
                new("title", "", Texts(text => text.Title)),
                new("api", "", Texts(text => text.Api)),
                new("path", "", Texts(text => text.Path)),
                new("tags", "", Texts(text => text.Tags)),
                new("description", "", Texts(text => text.Description)),
                new("marks", "", Texts(text => text.Marks)),
            ]);

        string[] Vector(Func<SearchText, IEnumerable<string>> of) => [.. operations.Select(one => string.Join(' ', of(one.Text).Concat(one.Text.Marks).Distinct().Select(word => $"'{word}'")))];
        string[] Texts(Func<SearchText, IReadOnlyList<string>> of) => [.. operations.Select(one => string.Join(' ', of(one.Text).Distinct()))];
    }

    public static async ValueTask DeleteAsync(bool isPostgres, Work work, IReadOnlyList<long> ids)
    {
        if (isPostgres)
        {
            foreach (var table in new[] { "catalog_search", "catalog_operation" })
                await work.ExecuteAsync($"DELETE FROM {table} WHERE id = ANY(@ids)", ("@ids", ids.ToArray()));
            return;
        }
        foreach (var id in ids)
        {
            await work.ExecuteAsync("DELETE FROM catalog_search WHERE rowid = @id", ("@id", id));
            await work.ExecuteAsync("DELETE FROM catalog_operation WHERE id = @id", ("@id", id));
        }
    }
}
