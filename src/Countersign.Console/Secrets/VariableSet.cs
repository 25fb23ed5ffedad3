namespace Countersign.Console.Secrets;

/// <summary>An environment: a named set of variables. Those of <c>default</c> are what executions see.</summary>
public sealed record VariableSet
{
    /// <summary>The id of the environment that always is.</summary>
    internal const string Default = "default";

    /// <summary>The stable identifier; null before it is made.</summary>
    public string? Id { get; set; }

    /// <summary>What people call it.</summary>
    public string Name { get; set; } = "";

    /// <summary>What it holds.</summary>
    public Variable[] Variables { get; set; } = [];
}

/// <summary>A variable of an environment: <c>${workflow.env.NAME}</c>.</summary>
public sealed record Variable
{
    /// <summary>Its name.</summary>
    public string Name { get; set; } = "";

    /// <summary>Its value; a secret one is never answered, and one that is not sent keeps the value that it has.</summary>
    public string? Value { get; set; }

    /// <summary>Whether its value is kept sealed and never shown.</summary>
    public bool IsSecret { get; set; }
}
