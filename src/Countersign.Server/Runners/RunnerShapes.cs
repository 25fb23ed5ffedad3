using System.Text.Json.Nodes;

namespace Countersign.Server.Runners;

/// <summary>The body that asks to hand a definition over.</summary>
internal sealed record PublishRequest
{
    /// <summary>The definition's name.</summary>
    public string? Name { get; init; }
    /// <summary>Its version; the highest when it is left out.</summary>
    public int? Version { get; init; }
    /// <summary>Whether nothing is to be sent.</summary>
    public bool? DryRun { get; init; }
}

/// <summary>A server that runs workflows.</summary>
internal sealed record RunnerShape
{
    /// <summary><c>embedded</c> or <c>conductor</c>.</summary>
    public required string Id { get; init; }
    /// <summary>What a person calls it.</summary>
    public required string Name { get; init; }
    /// <summary>The address of its API.</summary>
    public string? Url { get; init; }
    /// <summary>Whether it answers and lets this server in.</summary>
    public bool? IsReachable { get; init; }
    /// <summary>Its version, where it tells one.</summary>
    public string? Version { get; init; }
    /// <summary>Why it is not reachable.</summary>
    public string? Reason { get; init; }
}

/// <summary>What handing a definition over came to.</summary>
internal sealed record PublishShape
{
    /// <summary>What changes there.</summary>
    public required PublishChangeShape[] Changes { get; init; }
    /// <summary>What is in the way, each in one sentence; then nothing was sent.</summary>
    public required string[] Refusals { get; init; }
    /// <summary>Whether it was handed over.</summary>
    public required bool Published { get; init; }
}

/// <summary>A definition that changes.</summary>
internal sealed record PublishChangeShape
{
    /// <summary><c>workflow</c> or <c>task</c>.</summary>
    public required string Kind { get; init; }
    /// <summary>Its name.</summary>
    public required string Name { get; init; }
    /// <summary>The version of a workflow.</summary>
    public int? Version { get; init; }
    /// <summary>What is there; left out when nothing is.</summary>
    public JsonObject? Before { get; init; }
    /// <summary>What will be there.</summary>
    public required JsonObject After { get; init; }
}
