namespace Countersign.Console.Secrets;

/// <summary>A secret as far as it is ever shown: its value stays on the server.</summary>
public sealed record Secret
{
    /// <summary>What expressions call it: <c>${workflow.secrets.NAME}</c>.</summary>
    public required string Name { get; init; }

    /// <summary>When it was first written.</summary>
    public DateTimeOffset? CreatedAt { get; set; }

    /// <summary>When its value was last replaced.</summary>
    public DateTimeOffset? UpdatedAt { get; set; }

    /// <summary>The workflow definitions that refer to it, as <c>name, version</c>.</summary>
    public IReadOnlyList<string> UsedBy { get; set; } = [];
}

/// <summary>A secret's value on its way to the server.</summary>
public sealed record SecretValue(string Value);
