namespace Countersign.Console.Tokens;

/// <summary>An API token, as the list shows it; the token itself only in the answer that creates it.</summary>
public sealed record ApiToken
{
    /// <summary>The stable identifier.</summary>
    public required string Id { get; init; }

    /// <summary>What people call it.</summary>
    public string Name { get; set; } = "";

    /// <summary><c>ACTIVE</c>, <c>EXPIRED</c>, or <c>SUSPENDED</c> while its user may not act.</summary>
    public string Status { get; set; } = "";

    /// <summary>Login of the user that it acts for.</summary>
    public string? Login { get; set; }

    /// <summary>What it may do; everything when empty.</summary>
    public IReadOnlyList<string>? Scopes { get; set; }

    /// <summary>When it was made.</summary>
    public DateTimeOffset? Created { get; set; }

    /// <summary>When it stops working; null for when it has not been used for 30 days.</summary>
    public DateTimeOffset? ExpiresAt { get; set; }

    /// <summary>When it was last used; null for not yet.</summary>
    public DateTimeOffset? LastUsed { get; set; }

    /// <summary>The secret; shown once.</summary>
    public string? Token { get; set; }
}

/// <summary>What makes an API token.</summary>
/// <param name="Name">What people call it.</param>
/// <param name="Scopes">What it may do; null for everything.</param>
/// <param name="ExpiresAt">When it stops working; null for when it has not been used for 30 days.</param>
internal sealed record NewApiToken(string Name, IReadOnlyList<string>? Scopes, DateTimeOffset? ExpiresAt);
