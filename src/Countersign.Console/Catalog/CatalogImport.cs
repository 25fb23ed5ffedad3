namespace Countersign.Console.Catalog;

/// <summary>Documents on their way into the catalog, or what became of them.</summary>
public sealed record CatalogImport
{
    /// <summary>The stable identifier.</summary>
    public required string Id { get; init; }

    /// <summary><c>RUNNING</c>, <c>COMPLETED</c>, <c>FAILED</c> or <c>CANCELED</c>.</summary>
    public string Status { get; set; } = "";

    /// <summary>The URL or the file's name.</summary>
    public string? Source { get; set; }

    /// <summary>Documents read so far.</summary>
    public int Documents { get; set; }

    /// <summary>Documents in all; 0 while that is not known.</summary>
    public int DocumentsTotal { get; set; }

    /// <summary>APIs brought.</summary>
    public int Apis { get; set; }

    /// <summary>Operations brought.</summary>
    public int Operations { get; set; }

    /// <summary>Documents that could not be taken.</summary>
    public int Refused { get; set; }

    /// <summary>Faults in documents that were taken all the same.</summary>
    public int Errors { get; set; }

    /// <summary>Oddities.</summary>
    public int Warnings { get; set; }

    /// <summary>When it began.</summary>
    public DateTimeOffset? StartedAt { get; set; }

    /// <summary>When it ended; null while it runs.</summary>
    public DateTimeOffset? EndedAt { get; set; }

    /// <summary>Why it failed.</summary>
    public string? Reason { get; set; }

    internal bool IsRunning => Status == "RUNNING";

    internal int Findings => Refused + Errors + Warnings;
}

/// <summary>What is wrong with a document, and where.</summary>
public sealed record ImportFinding
{
    /// <summary><c>REFUSED</c>, <c>ERROR</c> or <c>WARNING</c>.</summary>
    public string Severity { get; set; } = "";

    /// <summary>The document.</summary>
    public string? Document { get; set; }

    /// <summary>A pointer into it.</summary>
    public string? Place { get; set; }

    /// <summary>One sentence for a person.</summary>
    public string Reason { get; set; } = "";
}

/// <summary>A document to import: by its address, or by its text.</summary>
public sealed record NewImport(string? Url = null, string? Name = null, string? Document = null);
