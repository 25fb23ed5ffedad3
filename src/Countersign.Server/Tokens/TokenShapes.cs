namespace Countersign.Server.Tokens;

/// <summary>What makes an API token.</summary>
internal sealed record CreateTokenRequest
{
    /// <summary>What its owner calls it; 1 to 100 characters.</summary>
    public string? Name { get; init; }
    /// <summary>What it may do; none: everything.</summary>
    public List<string>? Scopes { get; init; }
    /// <summary>When it ends; none: when it has not been used for 30 days.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }
}

/// <summary>An API token.</summary>
internal sealed record TokenShape
{
    /// <summary>Its id, also in the log.</summary>
    public required string Id { get; init; }
    /// <summary>What its owner calls it.</summary>
    public required string Name { get; init; }
    /// <summary><c>ACTIVE</c>, <c>EXPIRED</c>, or <c>SUSPENDED</c> while its user is suspended or deactivated.</summary>
    public required string Status { get; init; }
    /// <summary>The user that it acts for.</summary>
    public required string UserId { get; init; }
    /// <summary>That user's login.</summary>
    public required string Login { get; init; }
    /// <summary>What it may do; empty: everything.</summary>
    public required string[] Scopes { get; init; }
    /// <summary>When it was made.</summary>
    public required DateTimeOffset Created { get; init; }
    /// <summary>When it ends; null: when it has not been used for 30 days.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }
    /// <summary>When it was last used, to the hour.</summary>
    public required DateTimeOffset LastUsed { get; init; }
    /// <summary>The token itself, in the answer that makes it and nowhere else.</summary>
    public string? Token { get; init; }
}
