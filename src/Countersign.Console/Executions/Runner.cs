namespace Countersign.Console.Executions;

/// <summary>Who carries executions out: this server, or another Conductor server that is configured.</summary>
public sealed record Runner
{
    /// <summary>The id of this server's own.</summary>
    public const string Embedded = "embedded";

    /// <summary>The stable identifier.</summary>
    public string Id { get; set; } = Embedded;

    /// <summary>What people call it.</summary>
    public string Name { get; set; } = "This server";

    /// <summary>Where it is.</summary>
    public string? Url { get; set; }

    /// <summary>Whether it answers; null for this server, which does.</summary>
    public bool? IsReachable { get; set; }

    /// <summary>Its version.</summary>
    public string? Version { get; set; }

    /// <summary>Why it does not answer.</summary>
    public string? Reason { get; set; }

    /// <summary>What stands before the paths of a runner's operations.</summary>
    /// <param name="id">Its id; null for this server.</param>
    public static string Prefix(string? id) => IsThisServer(id) ? "" : $"/countersign/v1/runners/{Uri.EscapeDataString(id!)}";

    /// <summary>Whether an id, or none, means this server.</summary>
    public static bool IsThisServer(string? id) => id is null or "" or Embedded;
}

/// <summary>What publishing a definition to another server would change, or has changed.</summary>
public sealed record Publication
{
    /// <summary>What differs.</summary>
    public IReadOnlyList<PublicationChange> Changes { get; set; } = [];

    /// <summary>Why it cannot be published; empty when it can.</summary>
    public IReadOnlyList<string> Refusals { get; set; } = [];

    /// <summary>Whether it has been.</summary>
    public bool Published { get; set; }
}

/// <summary>One definition that differs on the other server.</summary>
public sealed record PublicationChange
{
    /// <summary><c>workflow</c> or <c>task</c>.</summary>
    public string Kind { get; set; } = "";

    /// <summary>Its name.</summary>
    public string Name { get; set; } = "";

    /// <summary>Its version; null for a task.</summary>
    public int? Version { get; set; }

    /// <summary>What is there; null when nothing is.</summary>
    public System.Text.Json.Nodes.JsonNode? Before { get; set; }

    /// <summary>What will be there.</summary>
    public System.Text.Json.Nodes.JsonNode? After { get; set; }
}

/// <summary>Which definition to publish.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Version">Its version.</param>
/// <param name="DryRun">Whether nothing is changed.</param>
public sealed record PublishRequest(string Name, int Version, bool DryRun);
