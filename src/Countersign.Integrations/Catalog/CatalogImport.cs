namespace Countersign.Integrations.Catalog;

/// <summary>How far an import has come.</summary>
public enum ImportStatus
{
    /// <summary>It reads.</summary>
    Running,
    /// <summary>It read everything; single documents may have been refused.</summary>
    Completed,
    /// <summary>It could not go on; what it brought stays.</summary>
    Failed,
    /// <summary>Somebody stopped it; what it brought stays.</summary>
    Canceled,
}

/// <summary>An import: what it reads, how far it is, what it found.</summary>
public sealed record CatalogImport
{
    /// <summary>Its id.</summary>
    public required string Id { get; init; }
    /// <summary>How far it has come.</summary>
    public ImportStatus Status { get; init; }
    /// <summary>What it reads: a file's name or an address.</summary>
    public required string Source { get; init; }
    /// <summary>Documents read so far, refused ones included.</summary>
    public int Documents { get; init; }
    /// <summary>Documents that there are; 0 while nobody knows.</summary>
    public int DocumentsTotal { get; init; }
    /// <summary>APIs added or changed.</summary>
    public int Apis { get; init; }
    /// <summary>Documents that were there already, unchanged.</summary>
    public int Known { get; init; }
    /// <summary>Operations added or changed.</summary>
    public int Operations { get; init; }
    /// <summary>Documents that could not be taken.</summary>
    public int Refused { get; init; }
    /// <summary>Errors in documents that were taken all the same.</summary>
    public int Errors { get; init; }
    /// <summary>Lesser faults.</summary>
    public int Warnings { get; init; }
    /// <summary>When it began.</summary>
    public required DateTimeOffset StartedAt { get; init; }
    /// <summary>When it ended.</summary>
    public DateTimeOffset? EndedAt { get; init; }
    /// <summary>Why it failed.</summary>
    public string? Reason { get; init; }
}

/// <summary>How grave a finding is.</summary>
public enum Severity
{
    /// <summary>The document is not in the catalog because of it.</summary>
    Refused,
    /// <summary>Part of the document is wrong or left out.</summary>
    Error,
    /// <summary>Odd, but understood.</summary>
    Warning,
}

/// <summary>What an import found wrong with a document.</summary>
/// <param name="Severity">How grave it is.</param>
/// <param name="Document">The document's name.</param>
/// <param name="Place">Where in it: a JSON pointer with <c>#</c>, or a line and column; empty when it is the whole.</param>
/// <param name="Reason">One sentence.</param>
public sealed record Finding(Severity Severity, string Document, string Place, string Reason);

/// <summary>A finding as it is kept.</summary>
/// <param name="Number">Its number within the import, from 1.</param>
/// <param name="Finding">The finding.</param>
public sealed record NumberedFinding(long Number, Finding Finding);
