namespace Countersign.Server.Secrets;

/// <summary>A secret's value.</summary>
internal sealed record PutSecretRequest
{
    /// <summary>The value: up to 64 KiB. It is never shown again.</summary>
    public string? Value { get; init; }
}

/// <summary>A secret, without its value.</summary>
internal sealed record SecretShape
{
    /// <summary>The name by which <c>${workflow.secrets.NAME}</c> finds it.</summary>
    public required string Name { get; init; }
    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }
    /// <summary>When it was last given a value.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }
    /// <summary>The workflow definitions that name it.</summary>
    public required string[] UsedBy { get; init; }
}

/// <summary>What makes or changes an environment.</summary>
internal sealed record EnvironmentRequest
{
    /// <summary>The name, 1 to 100 characters.</summary>
    public string? Name { get; init; }
    /// <summary>All its variables, at most 200.</summary>
    public List<VariableBody?>? Variables { get; init; }
}

/// <summary>A variable of an environment.</summary>
internal sealed record VariableBody
{
    /// <summary>Letters, digits, <c>_</c>, <c>.</c> and <c>-</c>, 1 to 64.</summary>
    public string? Name { get; init; }
    /// <summary>The value, up to 64 KiB. A secret one is never answered; without one a secret variable keeps the value that it has.</summary>
    public string? Value { get; init; }
    /// <summary>Whether the value is secret.</summary>
    public bool IsSecret { get; init; }
}

/// <summary>An environment: a named set of variables.</summary>
internal sealed record EnvironmentShape
{
    /// <summary>The id; <c>default</c> for the one of executions.</summary>
    public required string Id { get; init; }
    /// <summary>The name.</summary>
    public required string Name { get; init; }
    /// <summary>Its variables.</summary>
    public required VariableBody[] Variables { get; init; }
}
