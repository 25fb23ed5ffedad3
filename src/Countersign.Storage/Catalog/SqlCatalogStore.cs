using System.Data.Common;
using System.Text.Json;
using Countersign.Integrations.Catalog;
using Countersign.Storage.Commits;

namespace Countersign.Storage.Catalog;

/// <summary>The catalog in SQL.</summary>
internal sealed class SqlCatalogStore(Database database, TimeProvider clock) : ICatalogStore
{
    private const string ApiColumns = CatalogRows.ApiColumns + ", a.description, a.source, a.hash, a.operations, a.imported, a.updated";
    private const string AllWords = "words";   // the pointer of what is no piece of the document: its words with their counts
    private const int MostRecent = 50, SweepRows = 500;
    private static readonly TimeSpan Abandoned = TimeSpan.FromMinutes(10);

    private readonly Rows _rows = new(database.Provider == "postgres");
    private readonly bool _isPostgres = database.Provider == "postgres";

    public async Task<Api?> FindAsync(string api, CancellationToken cancellationToken) => await database.ReadAsync(async connection =>
    {
        await using var command = connection.Command($"SELECT {ApiColumns} FROM catalog_api a WHERE a.id = @id").Bind("@id", Rows.Clean(api));
        return (await ReadApisAsync(command, cancellationToken)).SingleOrDefault();
    }, cancellationToken);

    public async Task<IReadOnlyList<Api>> ListAsync(string? text, string? provider, string? after, int limit, CancellationToken cancellationToken) => await database.ReadAsync(async connection =>
    {
        // The texts of thousands of APIs are few enough to be looked through.
        var like = text is null ? "" : "AND (lower(a.title) LIKE @text ESCAPE '!' OR a.id LIKE @text ESCAPE '!') ";
        var of = provider is null ? "" : "AND a.provider = @provider ";
        await using var command = connection.Command($"SELECT {ApiColumns} FROM catalog_api a WHERE a.id > @after {of}{like}ORDER BY a.id LIMIT @limit").Bind("@after", after ?? "").Bind("@limit", limit);
        if (text is not null) command.Bind("@text", $"%{text.ToLowerInvariant().Replace("!", "!!", StringComparison.Ordinal).Replace("%", "!%", StringComparison.Ordinal).Replace("_", "!_", StringComparison.Ordinal)}%");
        if (provider is not null) command.Bind("@provider", provider);
        return await ReadApisAsync(command, cancellationToken);
    }, cancellationToken);

    public async Task<IReadOnlyList<ApiName>> VersionsAsync(ApiName api, CancellationToken cancellationToken) => await database.ReadAsync(async connection =>
    {
        await using var command = connection.Command($"SELECT {CatalogRows.ApiColumns} FROM catalog_api a WHERE a.provider = @provider AND {(api.Name is null ? "a.name IS NULL" : "a.name = @name")} ORDER BY a.id LIMIT 200")
            .Bind("@provider", api.Provider);
        if (api.Name is not null) command.Bind("@name", api.Name);
        var versions = new List<ApiName>();
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken)) versions.Add(CatalogRows.Name(rows));
        return versions;
    }, cancellationToken);

    public async Task<IReadOnlyList<Facet>> TagsAsync(string api, CancellationToken cancellationToken) => await database.ReadAsync(async connection =>
    {
        await using var command = connection.Command("SELECT f.name, f.count FROM catalog_facet f JOIN catalog_api a ON a.content = f.content WHERE a.id = @id AND f.kind = 'tag' ORDER BY f.count DESC, f.name LIMIT 200")
            .Bind("@id", Rows.Clean(api));
        return await CatalogRows.ReadFacetsAsync(command, cancellationToken);
    }, cancellationToken);

    public Task<bool> HasAsync(string hash, CancellationToken cancellationToken) => database.ReadAsync(async connection =>
    {
        await using var command = connection.Command("SELECT 1 FROM catalog_api WHERE hash = @hash LIMIT 1").Bind("@hash", hash);
        return await command.ExecuteScalarAsync(cancellationToken) is not null;
    }, cancellationToken);

    public Task<bool> RemoveAsync(string api, CancellationToken cancellationToken) => database.WriteAsync(async work =>
    {
        await work.ExecuteAsync("UPDATE catalog_content SET seen = 0 WHERE content = (SELECT content FROM catalog_api WHERE id = @id)", ("@id", Rows.Clean(api)));
        return await work.ExecuteAsync("DELETE FROM catalog_api WHERE id = @id", ("@id", Rows.Clean(api))) == 1;
    }, cancellationToken);

    public async Task<CatalogOperation?> FindAsync(OperationKey operation, CancellationToken cancellationToken) => await database.ReadAsync(async connection =>
    {
        await using var command = connection.Command($"{CatalogRows.Operations} WHERE a.id = @api AND o.method = @method AND o.slug = @slug")
            .Bind("@api", Rows.Clean(operation.Api)).Bind("@method", Rows.Clean(Method(operation))).Bind("@slug", Rows.Clean(operation.Slug));
        return (await CatalogRows.ReadOperationsAsync(command, cancellationToken)).SingleOrDefault();
    }, cancellationToken);

    public async Task<IReadOnlyList<CatalogOperation>> FindAsync(IReadOnlyList<OperationKey> operations, CancellationToken cancellationToken)
    {
        var found = new List<CatalogOperation>();
        foreach (var key in operations)
            if (await FindAsync(key, cancellationToken) is { } operation) found.Add(operation);
        return found;
    }

    public async Task<IReadOnlyList<(int Position, CatalogOperation Operation)>> OperationsAsync(string api, string? tag, int? after, int limit, CancellationToken cancellationToken) => await database.ReadAsync(async connection =>
    {
        var with = tag is null ? "" : _isPostgres ? "AND o.tags::jsonb @> @tag::jsonb " : "AND EXISTS (SELECT 1 FROM json_each(o.tags) WHERE value = @tag) ";
        await using var command = connection.Command(
            $"{CatalogRows.Operations} WHERE o.content = (SELECT content FROM catalog_api WHERE id = @api) AND o.position > @after {with}ORDER BY o.position LIMIT @limit")
            .Bind("@api", Rows.Clean(api)).Bind("@after", after ?? -1).Bind("@limit", limit);
        if (tag is not null) command.Bind("@tag", _isPostgres ? JsonSerializer.Serialize([tag], CatalogJson.Default.StringArray) : tag);
        var operations = new List<(int, CatalogOperation)>();
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken)) operations.Add(((int)rows.GetInt64(15), CatalogRows.Operation(rows)));
        return operations;
    }, cancellationToken);

    public async Task<IReadOnlyDictionary<string, byte[]>> FragmentsAsync(string api, IReadOnlyCollection<string> pointers, CancellationToken cancellationToken) => await database.ReadAsync(async connection =>
    {
        var found = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var some in pointers.Chunk(500))
        {
            await using var command = connection.Command("");
            command.CommandText = $"SELECT pointer, body FROM catalog_fragment WHERE content = (SELECT content FROM catalog_api WHERE id = @api) AND {_rows.IsOneOf(command, "pointer", "@pointers", [.. some.Select(pointer => Rows.Clean(pointer)!)])}";
            command.Bind("@api", Rows.Clean(api));
            await using var rows = await command.ExecuteReaderAsync(cancellationToken);
            while (await rows.ReadAsync(cancellationToken)) found[rows.GetString(0)] = Packed.Unpack((byte[])rows[1]);
        }
        return found;
    }, cancellationToken);

    public async Task<IReadOnlyDictionary<(string Method, string Path), string>> SlugsAsync(string api, CancellationToken cancellationToken) => await database.ReadAsync(async connection =>
    {
        var slugs = new Dictionary<(string, string), string>();
        await using var command = connection.Command("SELECT o.method, o.path, o.slug FROM catalog_operation o JOIN catalog_api a ON a.content = o.content WHERE a.id = @api").Bind("@api", Rows.Clean(api));
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken)) slugs[(rows.GetString(0), rows.GetString(1))] = rows.GetString(2);
        return slugs;
    }, cancellationToken);

    public Task<int> BeginAsync(CancellationToken cancellationToken) => database.WriteAsync(async work =>
    {
        await using var command = work.Command("INSERT INTO catalog_content(seen) VALUES(@now) RETURNING content").Bind("@now", Now);
        return Convert.ToInt32(await command.ExecuteScalarAsync(cancellationToken));
    }, cancellationToken);

    public Task WriteAsync(int content, IReadOnlyList<NewOperation> operations, IReadOnlyList<Fragment> fragments, CancellationToken cancellationToken)
    {
        // Outside the transaction, which others wait for.
        var bodies = fragments.Select(fragment => Packed.Pack(fragment.Body)).ToArray();
        return database.WriteAsync(async work =>
        {
            await work.ExecuteAsync("UPDATE catalog_content SET seen = @now WHERE content = @content", ("@now", Now), ("@content", content));
            await _rows.InsertAsync(work, "catalog_operation",
            [
                new("id", "bigint", operations.Select(one => one.Operation.Key).ToArray()),
                new("content", "integer", operations.Select(_ => content).ToArray()),
                new("position", "integer", operations.Select(one => one.Position).ToArray()),
                new("method", "text", operations.Select(one => one.Operation.Method).ToArray()),
                new("path", "text", operations.Select(one => Rows.Clean(one.Operation.Path)).ToArray()),
                new("slug", "text", operations.Select(one => one.Operation.Slug).ToArray()),
                new("operation_id", "text", operations.Select(one => Rows.Clean(one.Operation.OperationId)).ToArray()),
                new("title", "text", operations.Select(one => Rows.Clean(one.Operation.Title)).ToArray()),
                new("summary", "text", operations.Select(one => Rows.Clean(one.Operation.Summary)).ToArray()),
                new("deprecated", "integer", operations.Select(one => one.Operation.IsDeprecated ? 1 : 0).ToArray()),
                new("tags", "text", operations.Select(one => Rows.Clean(one.Operation.Tags.Count == 0 ? "[]" : JsonSerializer.Serialize([.. one.Operation.Tags], CatalogJson.Default.StringArray))).ToArray()),
            ]);
            await CatalogIndexRows.InsertAsync(_rows, _isPostgres, work, operations);
            await _rows.InsertAsync(work, "catalog_fragment",
            [
                new("content", "integer", fragments.Select(_ => content).ToArray()),
                new("pointer", "text", fragments.Select(fragment => Rows.Clean(fragment.Pointer)).ToArray()),
                new("body", "bytea", bodies),
            ], "ON CONFLICT DO NOTHING");
            return true;
        }, cancellationToken);
    }

    public Task WriteCountsAsync(
        int content, IReadOnlyDictionary<string, int> words, IReadOnlyDictionary<string, int> tags, IReadOnlyDictionary<string, int> methods, CancellationToken cancellationToken)
    {
        var packed = Packed.Pack(JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, int>(words), CatalogJson.Default.DictionaryStringInt32));
        return database.WriteAsync(async work =>
        {
            await work.ExecuteAsync("INSERT INTO catalog_fragment(content, pointer, body) VALUES(@content, @pointer, @body)", ("@content", content), ("@pointer", AllWords), ("@body", packed));
            await AddWordsAsync(work, words, 1);
            var facets = tags.Select(tag => (Kind: "tag", tag.Key, tag.Value)).Concat(methods.Select(method => (Kind: "method", method.Key, method.Value))).ToList();
            await _rows.InsertAsync(work, "catalog_facet",
            [
                new("content", "integer", facets.Select(_ => content).ToArray()),
                new("kind", "text", facets.Select(facet => facet.Kind).ToArray()),
                new("name", "text", facets.Select(facet => Rows.Clean(facet.Key)).ToArray()),
                new("count", "integer", facets.Select(facet => facet.Value).ToArray()),
            ], "ON CONFLICT DO NOTHING");
            return true;
        }, cancellationToken);
    }

    public Task PublishAsync(Api api, int content, CancellationToken cancellationToken) => database.WriteAsync(async work =>
    {
        await work.ExecuteAsync("UPDATE catalog_content SET seen = 0 WHERE content = (SELECT content FROM catalog_api WHERE id = @id)", ("@id", api.Name.Id));
        await work.ExecuteAsync("""
            INSERT INTO catalog_api(id, content, provider, name, version, title, description, source, hash, operations, is_own, imported, updated)
            VALUES(@id, @content, @provider, @name, @version, @title, @description, @source, @hash, @operations, @own, @imported, @updated)
            ON CONFLICT(id) DO UPDATE SET content = excluded.content, provider = excluded.provider, name = excluded.name, version = excluded.version, title = excluded.title,
                description = excluded.description, source = excluded.source, hash = excluded.hash, operations = excluded.operations, is_own = excluded.is_own, updated = excluded.updated
            """,
            ("@id", api.Name.Id), ("@content", content), ("@provider", Rows.Clean(api.Name.Provider)), ("@name", Rows.Clean(api.Name.Name)), ("@version", Rows.Clean(api.Name.Version)),
            ("@title", Rows.Clean(api.Name.Title)), ("@description", Rows.Clean(api.Description)), ("@source", Rows.Clean(api.Source)), ("@hash", api.Hash), ("@operations", api.Operations),
            ("@own", api.IsOwn ? 1 : 0), ("@imported", api.ImportedAt.ToUnixTimeMilliseconds()), ("@updated", api.UpdatedAt.ToUnixTimeMilliseconds()));
        return true;
    }, cancellationToken);

    public async Task<bool> SweepAsync(CancellationToken cancellationToken)
    {
        var abandoned = (clock.GetUtcNow() - Abandoned).ToUnixTimeMilliseconds();
        var content = await database.ReadAsync(async connection =>
        {
            await using var command = connection.Command("SELECT content FROM catalog_content c WHERE seen < @then AND NOT EXISTS (SELECT 1 FROM catalog_api a WHERE a.content = c.content) LIMIT 1").Bind("@then", abandoned);
            return await command.ExecuteScalarAsync(cancellationToken) is { } number ? Convert.ToInt32(number) : (int?)null;
        }, cancellationToken);
        if (content is null) return false;
        return await database.WriteAsync(work => SweepAsync(work, content.Value), cancellationToken);
    }

    public Task OpenedAsync(string person, OperationKey operation, CancellationToken cancellationToken) => database.WriteAsync(async work =>
    {
        await work.ExecuteAsync("INSERT INTO catalog_opened(person, operation, at) VALUES(@person, @operation, @at) ON CONFLICT(person, operation) DO UPDATE SET at = excluded.at",
            ("@person", person), ("@operation", operation.ToString()), ("@at", Now));
        await work.ExecuteAsync("DELETE FROM catalog_opened WHERE person = @person AND at < (SELECT at FROM catalog_opened WHERE person = @person ORDER BY at DESC LIMIT 1 OFFSET @most)",
            ("@person", person), ("@most", MostRecent - 1));
        return true;
    }, cancellationToken);

    public async Task<IReadOnlyList<OperationKey>> RecentAsync(string person, int limit, CancellationToken cancellationToken) => await database.ReadAsync(async connection =>
    {
        var recent = new List<OperationKey>();
        await using var command = connection.Command("SELECT operation FROM catalog_opened WHERE person = @person ORDER BY at DESC, operation LIMIT @limit").Bind("@person", person).Bind("@limit", limit);
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken))
            if (OperationKey.Parse(rows.GetString(0)) is { } key) recent.Add(key);
        return recent;
    }, cancellationToken);

    private async ValueTask<bool> SweepAsync(Work work, int content)
    {
        var ids = new List<long>();
        await using (var look = work.Command("SELECT id FROM catalog_operation WHERE content = @content LIMIT @some").Bind("@content", content).Bind("@some", SweepRows))
        await using (var rows = await look.ExecuteReaderAsync())
            while (await rows.ReadAsync()) ids.Add(rows.GetInt64(0));
        if (ids.Count > 0)
        {
            await CatalogIndexRows.DeleteAsync(_isPostgres, work, ids);
            return true;
        }
        await using (var words = work.Command("SELECT body FROM catalog_fragment WHERE content = @content AND pointer = @pointer").Bind("@content", content).Bind("@pointer", AllWords))
        {
            if (await words.ExecuteScalarAsync() is byte[] packed)
            {
                await AddWordsAsync(work, JsonSerializer.Deserialize(Packed.Unpack(packed), CatalogJson.Default.DictionaryStringInt32)!, -1);
                await work.ExecuteAsync("DELETE FROM catalog_word WHERE count <= 0");
                await work.ExecuteAsync("DELETE FROM catalog_fragment WHERE content = @content AND pointer = @pointer", ("@content", content), ("@pointer", AllWords));
                return true;
            }
        }
        var some = await work.ExecuteAsync("DELETE FROM catalog_fragment WHERE content = @content AND pointer IN (SELECT pointer FROM catalog_fragment WHERE content = @content LIMIT @some)",
            ("@content", content), ("@some", SweepRows));
        if (some > 0) return true;
        await work.ExecuteAsync("DELETE FROM catalog_facet WHERE content = @content", ("@content", content));
        await work.ExecuteAsync("DELETE FROM catalog_content WHERE content = @content", ("@content", content));
        return true;
    }

    /// <summary>In the order of the words, so that nodes that do so at once wait for one another and not in a circle.</summary>
    private async ValueTask AddWordsAsync(Work work, IReadOnlyDictionary<string, int> words, int sign)
    {
        var sorted = words.OrderBy(word => word.Key, StringComparer.Ordinal).ToList();
        await _rows.InsertAsync(work, "catalog_word",
        [
            new("word", "text", sorted.Select(word => word.Key).ToArray()),
            new("backwards", "text", sorted.Select(word => Backwards(word.Key)).ToArray()),
            new("count", "integer", sorted.Select(word => word.Value * sign).ToArray()),
        ], "ON CONFLICT(word) DO UPDATE SET count = catalog_word.count + excluded.count");
    }

    internal static string Backwards(string word)
    {
        var letters = word.ToCharArray();
        Array.Reverse(letters);
        return new string([.. letters.Where(letter => !char.IsSurrogate(letter))]);
    }

    private static string Method(OperationKey operation) => operation.Method.ToUpperInvariant();

    private long Now => clock.GetUtcNow().ToUnixTimeMilliseconds();

    private static async Task<List<Api>> ReadApisAsync(DbCommand command, CancellationToken cancellationToken)
    {
        var apis = new List<Api>();
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken))
        {
            apis.Add(new Api
            {
                Name = CatalogRows.Name(rows),
                IsOwn = rows.GetInt64(5) == 1,
                Description = rows.GetStringOrNull(6),
                Source = rows.GetString(7),
                Hash = rows.GetString(8),
                Operations = (int)rows.GetInt64(9),
                ImportedAt = DateTimeOffset.FromUnixTimeMilliseconds(rows.GetInt64(10)),
                UpdatedAt = DateTimeOffset.FromUnixTimeMilliseconds(rows.GetInt64(11)),
            });
        }
        return apis;
    }
}
