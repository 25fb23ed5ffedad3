using System.Data.Common;
using Countersign.Integrations.Catalog;
using Countersign.Storage.Commits;

namespace Countersign.Storage.Catalog;

/// <summary>Imports and their findings in SQL.</summary>
internal sealed class SqlCatalogImports(Database database, TimeProvider clock) : ICatalogImports
{
    private const string Columns = "id, status, source, documents, documents_total, apis, known, operations, refused, errors, warnings, started, ended, reason";

    private readonly Rows _rows = new(database.Provider == "postgres");

    public Task AddAsync(CatalogImport import, CancellationToken cancellationToken) => database.WriteAsync(async work => await work.ExecuteAsync("""
        INSERT INTO catalog_import(id, status, source, documents, documents_total, apis, known, operations, refused, errors, warnings, started, seen)
        VALUES(@id, 'RUNNING', @source, 0, 0, 0, 0, 0, 0, 0, 0, @started, @started)
        """, ("@id", import.Id), ("@source", Rows.Clean(import.Source)), ("@started", import.StartedAt.ToUnixTimeMilliseconds())), cancellationToken);

    public Task<bool> SaveAsync(CatalogImport import, CancellationToken cancellationToken) => database.WriteAsync(async work => await work.ExecuteAsync("""
        UPDATE catalog_import SET status = @status, documents = @documents, documents_total = @total, apis = @apis, known = @known, operations = @operations, refused = @refused,
            errors = @errors, warnings = @warnings, ended = @ended, reason = @reason, seen = @now
        WHERE id = @id AND status = 'RUNNING'
        """,
        ("@id", import.Id), ("@status", Name(import.Status)), ("@documents", import.Documents), ("@total", import.DocumentsTotal), ("@apis", import.Apis), ("@known", import.Known),
        ("@operations", import.Operations), ("@refused", import.Refused), ("@errors", import.Errors), ("@warnings", import.Warnings), ("@ended", import.EndedAt?.ToUnixTimeMilliseconds()),
        ("@reason", Rows.Clean(import.Reason)), ("@now", clock.GetUtcNow().ToUnixTimeMilliseconds())) == 1, cancellationToken);

    public Task<bool> TouchAsync(string import, CancellationToken cancellationToken) => database.WriteAsync(async work => await work.ExecuteAsync(
        "UPDATE catalog_import SET seen = @now WHERE id = @id AND status = 'RUNNING'", ("@id", import), ("@now", clock.GetUtcNow().ToUnixTimeMilliseconds())) == 1, cancellationToken);

    public Task AddFindingsAsync(string import, IReadOnlyList<Finding> findings, CancellationToken cancellationToken) => database.WriteAsync(async work =>
    {
        // One process writes the findings of an import.
        await using var count = work.Command("SELECT coalesce(max(number), 0) FROM catalog_finding WHERE import_id = @id").Bind("@id", import);
        var first = Convert.ToInt64(await count.ExecuteScalarAsync(cancellationToken)) + 1;
        await _rows.InsertAsync(work, "catalog_finding",
        [
            new("import_id", "text", findings.Select(_ => import).ToArray()),
            new("number", "bigint", findings.Select((_, i) => first + i).ToArray()),
            new("severity", "text", findings.Select(finding => Name(finding.Severity)).ToArray()),
            new("document", "text", findings.Select(finding => Rows.Clean(finding.Document)).ToArray()),
            new("place", "text", findings.Select(finding => Rows.Clean(finding.Place)).ToArray()),
            new("reason", "text", findings.Select(finding => Rows.Clean(finding.Reason)).ToArray()),
        ]);
        return true;
    }, cancellationToken);

    public async Task<CatalogImport?> FindAsync(string import, CancellationToken cancellationToken)
    {
        await EndSilentAsync(cancellationToken);
        return await database.ReadAsync(async connection =>
        {
            await using var command = connection.Command($"SELECT {Columns} FROM catalog_import WHERE id = @id").Bind("@id", import);
            return (await ReadAsync(command, cancellationToken)).SingleOrDefault();
        }, cancellationToken);
    }

    public async Task<IReadOnlyList<CatalogImport>> ListAsync(string? after, int limit, CancellationToken cancellationToken)
    {
        await EndSilentAsync(cancellationToken);
        return await database.ReadAsync(async connection =>
        {
            await using var command = connection.Command($"SELECT {Columns} FROM catalog_import {(after is null ? "" : "WHERE id < @after ")}ORDER BY id DESC LIMIT @limit").Bind("@limit", limit);
            if (after is not null) command.Bind("@after", after);
            return await ReadAsync(command, cancellationToken);
        }, cancellationToken);
    }

    public async Task<IReadOnlyList<NumberedFinding>> FindingsAsync(string import, Severity? severity, long after, int limit, CancellationToken cancellationToken) => await database.ReadAsync(async connection =>
    {
        var of = severity is null ? "" : "AND severity = @severity ";
        await using var command = connection.Command($"SELECT number, severity, document, place, reason FROM catalog_finding WHERE import_id = @id AND number > @after {of}ORDER BY number LIMIT @limit")
            .Bind("@id", import).Bind("@after", after).Bind("@limit", limit);
        if (severity is { } only) command.Bind("@severity", Name(only));
        var findings = new List<NumberedFinding>();
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken))
            findings.Add(new NumberedFinding(rows.GetInt64(0), new Finding(Enum.Parse<Severity>(rows.GetString(1), true), rows.GetString(2), rows.GetString(3), rows.GetString(4))));
        return findings;
    }, cancellationToken);

    public Task<bool> StopAsync(string import, CancellationToken cancellationToken) => database.WriteAsync(async work =>
    {
        if (await work.ExecuteAsync("UPDATE catalog_import SET status = 'CANCELED', ended = @now WHERE id = @id AND status = 'RUNNING'",
            ("@id", import), ("@now", clock.GetUtcNow().ToUnixTimeMilliseconds())) == 1) return true;
        await work.ExecuteAsync("DELETE FROM catalog_finding WHERE import_id = @id", ("@id", import));
        return await work.ExecuteAsync("DELETE FROM catalog_import WHERE id = @id", ("@id", import)) == 1;
    }, cancellationToken);

    /// <summary>Imports whose process is gone.</summary>
    private async Task EndSilentAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var then = (now - ICatalogImports.Silence).ToUnixTimeMilliseconds();
        var isAny = await database.ReadAsync(async connection =>
        {
            await using var command = connection.Command("SELECT 1 FROM catalog_import WHERE status = 'RUNNING' AND seen < @then LIMIT 1").Bind("@then", then);
            return await command.ExecuteScalarAsync(cancellationToken) is not null;
        }, cancellationToken);
        if (!isAny) return;
        await database.WriteAsync(async work => await work.ExecuteAsync(
            "UPDATE catalog_import SET status = 'FAILED', ended = @now, reason = 'The process that ran it ended. Start it again: what it brought is passed over.' WHERE status = 'RUNNING' AND seen < @then",
            ("@now", now.ToUnixTimeMilliseconds()), ("@then", then)), cancellationToken);
    }

    private static string Name<T>(T value) where T : struct, Enum => value.ToString().ToUpperInvariant();

    private static async Task<List<CatalogImport>> ReadAsync(DbCommand command, CancellationToken cancellationToken)
    {
        var imports = new List<CatalogImport>();
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
        {
            imports.Add(new CatalogImport
            {
                Id = row.GetString(0),
                Status = Enum.Parse<ImportStatus>(row.GetString(1), true),
                Source = row.GetString(2),
                Documents = (int)row.GetInt64(3),
                DocumentsTotal = (int)row.GetInt64(4),
                Apis = (int)row.GetInt64(5),
                Known = (int)row.GetInt64(6),
                Operations = (int)row.GetInt64(7),
                Refused = (int)row.GetInt64(8),
                Errors = (int)row.GetInt64(9),
                Warnings = (int)row.GetInt64(10),
                StartedAt = DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(11)),
                EndedAt = row.GetInt64OrNull(12) is { } ended ? DateTimeOffset.FromUnixTimeMilliseconds(ended) : null,
                Reason = row.GetStringOrNull(13),
            });
        }
        return imports;
    }
}
