using System.Collections.Immutable;
using Countersign.SystemLog;
using Countersign.Users;

namespace Countersign.Tokens;

/// <summary>An API token (contract 2.1). The token itself is kept nowhere; only its hash is stored.</summary>
public sealed record ApiToken
{
    /// <summary>The prefix of every token id.</summary>
    public const string IdPrefix = "00T";
    /// <summary>Unused for this long, a token ends.</summary>
    public static readonly TimeSpan LifeUnused = TimeSpan.FromDays(30);

    /// <summary>The id, also in the log.</summary>
    public required string Id { get; init; }
    /// <summary>What its owner calls it; 1 to 100 characters.</summary>
    public required string Name { get; init; }
    /// <summary>The administrator that it acts for.</summary>
    public required LogSubject Owner { get; init; }
    /// <summary>What it may do (contract 2.2); empty: everything.</summary>
    public ImmutableArray<string> Scopes { get; init; } = [];
    /// <summary>When it was made.</summary>
    public required DateTimeOffset Created { get; init; }
    /// <summary>When it ends whatever happens; null: only by disuse.</summary>
    public DateTimeOffset? Expires { get; init; }
    /// <summary>When it was last used, to the hour.</summary>
    public required DateTimeOffset LastUsed { get; init; }

    /// <summary>The owner's user id.</summary>
    public UserId OwnerId => new(Owner.Id);

    /// <summary>Whether its owner may act: neither suspended nor deactivated.</summary>
    public bool OwnerMayAct { get; init; } = true;

    /// <summary>Whether its time is not over.</summary>
    public bool IsCurrent(DateTimeOffset now) => (Expires is not { } expires || now < expires) && now < LastUsed + LifeUnused;

    /// <summary>Whether it is accepted.</summary>
    public bool IsValid(DateTimeOffset now) => OwnerMayAct && IsCurrent(now);

    /// <summary><c>ACTIVE</c>, <c>EXPIRED</c>, or <c>SUSPENDED</c> while its owner may not act.</summary>
    public string StatusAt(DateTimeOffset now) => !IsCurrent(now) ? "EXPIRED" : OwnerMayAct ? "ACTIVE" : "SUSPENDED";

    /// <summary>Whether it may do what needs <paramref name="scope"/>.</summary>
    /// <param name="scope">One of <see cref="ApiScopes"/>.</param>
    /// <param name="isSelf">Whether it is about the owner.</param>
    public bool Allows(string scope, bool isSelf = false)
    {
        if (Scopes.IsEmpty) return true;
        foreach (var given in Scopes)
            if (ApiScopes.Includes(given, scope, isSelf)) return true;
        return false;
    }
}
