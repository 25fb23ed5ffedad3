using System.Collections.Immutable;
using Countersign.Attempts;
using Countersign.Factors;

namespace Countersign.Users;

/// <summary>
/// What a user's verifications read and change: the consistency boundary. It is one row with one version, so that a commit of
/// a factor's state, the attempts and the status is guarded as a whole. The profile lives elsewhere.
/// </summary>
public sealed record UserState
{
    /// <summary>Whose state this is.</summary>
    public required UserId Id { get; init; }
    /// <summary>Grows by one with every commit; the guard of every write.</summary>
    public required long Version { get; init; }
    /// <summary>The user's status.</summary>
    public required UserStatus Status { get; init; }
    /// <summary>When the status last changed; whole seconds.</summary>
    public DateTimeOffset? StatusChanged { get; init; }
    /// <summary>The status to return to when a lock ends; null while not locked.</summary>
    public UserStatus? StatusBeforeLock { get; init; }
    /// <summary>The login, repeated here for the log and for authenticator apps.</summary>
    public required string Login { get; init; }
    /// <summary>First and last name, repeated here for the log.</summary>
    public required string DisplayName { get; init; }
    /// <summary>The language that the profile prefers (<c>preferredLanguage</c>, else <c>locale</c>), repeated here for messages; null when it says none.</summary>
    public string? Language { get; init; }
    /// <summary>The phone number that the user proved, kept when its factor goes (contract 8.5, 9.3); null when none is known.</summary>
    public string? KnownPhone { get; init; }
    /// <summary>The tries so far.</summary>
    public AttemptCounts Attempts { get; init; }
    /// <summary>The factors, in the order of their enrollment.</summary>
    public ImmutableArray<Factor> Factors { get; init; } = [];
    /// <summary>Secrets of factors that are gone, with the codes already used, so that none of them works again when a secret returns.</summary>
    public ImmutableArray<SpentSecret> SpentSecrets { get; init; } = [];

    /// <summary>What verifications came to whose callers may ask again, the latest last.</summary>
    public ImmutableArray<KeptAnswer> KeptAnswers { get; init; } = [];

    /// <summary>The factor with this id, or null.</summary>
    public Factor? Find(FactorId id)
    {
        foreach (var factor in Factors)
            if (factor.Id == id) return factor;
        return null;
    }

    /// <summary>The state with <paramref name="factor"/> put in the place of its earlier self, or added.</summary>
    public UserState With(Factor factor)
    {
        for (var i = 0; i < Factors.Length; i++)
            if (Factors[i].Id == factor.Id) return this with { Factors = Factors.SetItem(i, factor) };
        return this with { Factors = Factors.Add(factor) };
    }

    /// <summary>The state without the factor of this id.</summary>
    public UserState Without(FactorId id) => this with { Factors = Factors.RemoveAll(factor => factor.Id == id) };

    /// <summary>The state without a factor, its used codes remembered.</summary>
    public UserState Unenroll(Factor factor, FactorKind kind, DateTimeOffset now)
    {
        var kept = SpentSecrets.RemoveAll(spent => spent.ForgetAfter is { } after && after < now.ToUnixTimeSeconds());
        return Without(factor.Id) with { SpentSecrets = kept.AddRange(kind.Spend(factor)) };
    }

    /// <summary>Up to where the codes of a secret with this fingerprint were used by factors that are gone; -1 when never.</summary>
    public long SpentUntil(string fingerprint)
    {
        long until = -1;
        foreach (var spent in SpentSecrets)
            if (spent.Fingerprint == fingerprint) until = Math.Max(until, spent.Counter);
        return until;
    }

    /// <summary>The state moved to another status.</summary>
    public UserState MoveTo(UserStatus status, DateTimeOffset now) => this with { Status = status, StatusChanged = now };

    /// <summary>The state moved to another status, which a lock keeps covered until it ends.</summary>
    public UserState MoveUnderLock(UserStatus status, DateTimeOffset now)
        => Status == UserStatus.LockedOut ? this with { StatusBeforeLock = status } : MoveTo(status, now);

    /// <summary>The state with what it repeats of the profile.</summary>
    public UserState NamedAs(User user) => Login == user.Login && DisplayName == user.DisplayName && Language == user.Language ? this
        : this with { Login = user.Login, DisplayName = user.DisplayName, Language = user.Language };
}

/// <summary>Remembers up to where the codes of a secret were used, without the secret.</summary>
/// <param name="Fingerprint">A keyed hash of the secret, base64.</param>
/// <param name="Counter">The highest counter or time step whose code was accepted.</param>
/// <param name="ForgetAfter">Unix seconds after which no used code can be in any window any more; null: never, for counters.</param>
public readonly record struct SpentSecret(string Fingerprint, long Counter, long? ForgetAfter);
