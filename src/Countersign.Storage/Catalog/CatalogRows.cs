using System.Data.Common;
using System.Text.Json;
using System.Text.Json.Serialization;
using Countersign.Integrations.Catalog;
using Countersign.Storage.Commits;

namespace Countersign.Storage.Catalog;

/// <summary>How APIs and operations are read from their rows.</summary>
internal static class CatalogRows
{
    public const string ApiColumns = "a.id, a.provider, a.name, a.version, a.title, a.is_own";
    public const string OperationColumns = "o.id, o.method, o.path, o.slug, o.operation_id, o.title, o.summary, o.deprecated, o.tags";
    public const string Operations = $"SELECT {ApiColumns}, {OperationColumns}, o.position FROM catalog_operation o JOIN catalog_api a ON a.content = o.content";

    public static ApiName Name(DbDataReader row) => new(row.GetString(0), row.GetString(1), row.GetStringOrNull(2), row.GetString(3), row.GetString(4));

    public static CatalogOperation Operation(DbDataReader row) => new()
    {
        Api = Name(row),
        IsOwn = row.GetInt64(5) == 1,
        Key = row.GetInt64(6),
        Method = row.GetString(7),
        Path = row.GetString(8),
        Slug = row.GetString(9),
        OperationId = row.GetStringOrNull(10),
        Title = row.GetString(11),
        Summary = row.GetStringOrNull(12),
        IsDeprecated = row.GetInt64(13) == 1,
        Tags = row.GetString(14) is "[]" ? [] : JsonSerializer.Deserialize(row.GetString(14), CatalogJson.Default.StringArray)!,
    };

    public static async Task<List<CatalogOperation>> ReadOperationsAsync(DbCommand command, CancellationToken cancellationToken)
    {
        var operations = new List<CatalogOperation>();
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken)) operations.Add(Operation(rows));
        return operations;
    }

    public static async Task<List<Facet>> ReadFacetsAsync(DbCommand command, CancellationToken cancellationToken)
    {
        var facets = new List<Facet>();
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken)) facets.Add(new Facet(rows.GetString(0), (int)rows.GetInt64(1)));
        return facets;
    }
}

/// <summary>What of the catalog is kept as JSON.</summary>
[JsonSerializable(typeof(string[]))]
[JsonSerializable(typeof(Dictionary<string, int>))]
internal sealed partial class CatalogJson : JsonSerializerContext;
