namespace Countersign.Integrations.Catalog;

/// <summary>Keeps imports and what they found. One whose process is gone is FAILED from the next look on.</summary>
public interface ICatalogImports
{
    /// <summary>An import that has said nothing for so long is over.</summary>
    static readonly TimeSpan Silence = TimeSpan.FromMinutes(2);

    /// <summary>Adds one that begins.</summary>
    Task AddAsync(CatalogImport import, CancellationToken cancellationToken);
    /// <summary>Writes how far it has come; false when it is no longer running, because somebody stopped it or took it for dead.</summary>
    Task<bool> SaveAsync(CatalogImport import, CancellationToken cancellationToken);
    /// <summary>Says that it is still alive; false when it is no longer running.</summary>
    Task<bool> TouchAsync(string import, CancellationToken cancellationToken);
    /// <summary>Adds findings.</summary>
    Task AddFindingsAsync(string import, IReadOnlyList<Finding> findings, CancellationToken cancellationToken);
    /// <summary>One import; null when there is none.</summary>
    Task<CatalogImport?> FindAsync(string import, CancellationToken cancellationToken);
    /// <summary>Imports, newest first, older than <paramref name="after"/>.</summary>
    Task<IReadOnlyList<CatalogImport>> ListAsync(string? after, int limit, CancellationToken cancellationToken);
    /// <summary>Findings of an import in their order.</summary>
    Task<IReadOnlyList<NumberedFinding>> FindingsAsync(string import, Severity? severity, long after, int limit, CancellationToken cancellationToken);
    /// <summary>Stops an import that runs, or forgets one that ended; false when there is none.</summary>
    Task<bool> StopAsync(string import, CancellationToken cancellationToken);
}
