using System.Text;
using System.Text.Json;
using Countersign.Integrations.Catalog;
using Countersign.Integrations.Catalog.Search;
using Countersign.Storage.Commits;

namespace Countersign.Storage.Catalog;

/// <summary>The full-text index: FTS5 on SQLite, <c>tsvector</c> on PostgreSQL. Words are in their indexed form already, so neither engine's language rules take part.</summary>
internal sealed class SqlCatalogIndex(Database database) : ICatalogIndex
{
    // Row ids are ranks, so the first that match are the ones that are wanted, and the index stops there.
    private const string InSqlite = "SELECT rowid AS id FROM catalog_search WHERE catalog_search MATCH @words ORDER BY rowid LIMIT @most";
    private const string Everything = "SELECT o.id FROM catalog_operation o JOIN catalog_api a ON a.content = o.content ORDER BY o.id LIMIT @most";

    private readonly bool _isPostgres = database.Provider == "postgres";
    private readonly Rows _rows = new(database.Provider == "postgres");

    public async Task<IReadOnlyList<CatalogOperation>> FindAsync(IndexQuery query, CancellationToken cancellationToken) => await database.ReadAsync(async connection =>
    {
        await using var command = connection.Command("").Bind("@most", query.Most);
        command.CommandText = $"SELECT {CatalogRows.ApiColumns}, {CatalogRows.OperationColumns} FROM ({Matching(query, command)}) found JOIN catalog_operation o ON o.id = found.id "
            + "JOIN catalog_api a ON a.content = o.content ORDER BY o.id";
        return await CatalogRows.ReadOperationsAsync(command, cancellationToken);
    }, cancellationToken);

    public async Task<IReadOnlyDictionary<string, int>> CountAsync(IReadOnlyCollection<string> words, CancellationToken cancellationToken) => await database.ReadAsync(async connection =>
    {
        await using var command = connection.Command("");
        command.CommandText = $"SELECT word, count FROM catalog_word WHERE {_rows.IsOneOf(command, "word", "@words", words)}";
        return (await CatalogRows.ReadFacetsAsync(command, cancellationToken)).ToDictionary(word => word.Name, word => word.Count, StringComparer.Ordinal);
    }, cancellationToken);

    public async Task<IReadOnlyList<Facet>> BeginningAsync(string prefix, int limit, CancellationToken cancellationToken) => await database.ReadAsync(async connection =>
    {
        await using var command = connection.Command("SELECT word, count FROM catalog_word WHERE word >= @first AND word < @last ORDER BY count DESC, word LIMIT @limit")
            .Bind("@first", prefix).Bind("@last", prefix + "\uFFFD").Bind("@limit", limit);
        return await CatalogRows.ReadFacetsAsync(command, cancellationToken);
    }, cancellationToken);

    public async Task<IReadOnlyList<Facet>> AlikeAsync(string prefix, string suffix, int shortest, int longest, int limit, CancellationToken cancellationToken) => await database.ReadAsync(async connection =>
    {
        var backwards = SqlCatalogStore.Backwards(suffix);
        await using var command = connection.Command("""
            SELECT word, count FROM (
                SELECT word, count FROM catalog_word WHERE word >= @first AND word < @last
                UNION SELECT word, count FROM catalog_word WHERE backwards >= @back AND backwards < @backLast) alike
            WHERE length(word) BETWEEN @shortest AND @longest ORDER BY count DESC, word LIMIT @limit
            """)
            .Bind("@first", prefix).Bind("@last", prefix + "\uFFFD").Bind("@back", backwards).Bind("@backLast", backwards + "\uFFFD")
            .Bind("@shortest", shortest).Bind("@longest", longest).Bind("@limit", limit);
        return await CatalogRows.ReadFacetsAsync(command, cancellationToken);
    }, cancellationToken);

    public async Task<CatalogFacets> FacetsAsync(int limit, CancellationToken cancellationToken) => await database.ReadAsync(async connection =>
    {
        await using var providers = connection.Command("SELECT provider, CAST(sum(operations) AS bigint) AS total FROM catalog_api GROUP BY provider ORDER BY total DESC, provider LIMIT @limit").Bind("@limit", limit);
        return new CatalogFacets(await CatalogRows.ReadFacetsAsync(providers, cancellationToken), await OfKindAsync("method"), await OfKindAsync("tag"));

        async Task<List<Facet>> OfKindAsync(string kind)
        {
            await using var command = connection.Command("""
                SELECT f.name, CAST(sum(f.count) AS bigint) AS total FROM catalog_facet f JOIN catalog_api a ON a.content = f.content
                WHERE f.kind = @kind GROUP BY f.name ORDER BY total DESC, f.name LIMIT @limit
                """).Bind("@kind", kind).Bind("@limit", limit);
            return await CatalogRows.ReadFacetsAsync(command, cancellationToken);
        }
    }, cancellationToken);

    public async Task<CatalogFacets> FacetsAsync(IndexQuery query, int limit, CancellationToken cancellationToken) => await database.ReadAsync(async connection =>
    {
        var (providers, methods, tags) = (new Dictionary<string, int>(StringComparer.Ordinal), new Dictionary<string, int>(StringComparer.Ordinal), new Dictionary<string, int>(StringComparer.Ordinal));
        await using var command = connection.Command("").Bind("@most", query.Most);
        command.CommandText = $"SELECT a.provider, o.method, o.tags FROM ({Matching(query, command)}) found JOIN catalog_operation o ON o.id = found.id JOIN catalog_api a ON a.content = o.content";
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken))
        {
            Count(providers, rows.GetString(0));
            Count(methods, rows.GetString(1));
            if (rows.GetString(2) is not "[]" and var list)
                foreach (var tag in JsonSerializer.Deserialize(list, CatalogJson.Default.StringArray)!) Count(tags, tag);
        }
        return new CatalogFacets(Largest(providers, limit), Largest(methods, limit), Largest(tags, limit));
    }, cancellationToken);

    private static void Count(Dictionary<string, int> counts, string name) => counts[name] = counts.GetValueOrDefault(name) + 1;

    private static List<Facet> Largest(Dictionary<string, int> counts, int limit)
        => [.. counts.OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal).Take(limit).Select(pair => new Facet(pair.Key, pair.Value))];

    private string Matching(IndexQuery query, System.Data.Common.DbCommand command)
    {
        if (query.Terms.Count == 0 && query.Marks.Count == 0) return Everything;
        if (!_isPostgres)
        {
            command.Bind("@words", Fts5(query));
            return InSqlite;
        }
        command.Bind("@words", TsQuery(query));
        var column = query.Scope switch { SearchScope.Titles => "titles", SearchScope.Names => "names", _ => "words" };
        return $"SELECT id FROM catalog_search WHERE {column} @@ @words::tsquery ORDER BY id LIMIT @most";
    }

    private static string Fts5(IndexQuery query)
    {
        var columns = query.Scope switch { SearchScope.Titles => "title", SearchScope.Names => "title api path", _ => "title api path tags description" };
        var parts = query.Terms.Select(term => $"({string.Join(" OR ", term.Words.Select(word => $"\"{word}\"").Concat(term.Prefixes.Select(prefix => $"\"{prefix}\"*")))})").ToList();
        var match = new StringBuilder();
        if (parts.Count > 0) match.Append('{').Append(columns).Append("} : (").AppendJoin(" AND ", parts).Append(')');
        if (query.Marks.Count > 0) match.Append(parts.Count > 0 ? " AND " : "").Append("{marks} : (").AppendJoin(" AND ", query.Marks.Select(mark => $"\"{mark}\"")).Append(')');
        return match.ToString();
    }

    private static string TsQuery(IndexQuery query)
    {
        var parts = query.Terms.Select(term => $"({string.Join(" | ", term.Words.Select(word => $"'{word}'").Concat(term.Prefixes.Select(prefix => $"'{prefix}':*")))})");
        return string.Join(" & ", parts.Concat(query.Marks.Select(mark => $"'{mark}'")));
    }
}
