namespace Countersign.Console.Workflows;

/// <summary>A version that a definition has.</summary>
public sealed record WorkflowVersion
{
    /// <summary>Its name.</summary>
    public string Name { get; set; } = "";

    /// <summary>The number, from 1.</summary>
    public int Version { get; set; } = 1;

    /// <summary>When it was made, in milliseconds since 1970; 0 where nobody knows.</summary>
    public long CreateTime { get; set; }
}

/// <summary>What became of several things that were asked for at once.</summary>
public sealed record BulkOutcome
{
    /// <summary>The names or ids of those that went well.</summary>
    public IReadOnlyList<string> BulkSuccessfulResults { get; set; } = [];

    /// <summary>By name or id, why the others did not.</summary>
    public IReadOnlyDictionary<string, string> BulkErrorResults { get; set; } = new Dictionary<string, string>();
}
