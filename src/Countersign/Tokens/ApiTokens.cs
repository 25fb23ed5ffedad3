using System.Collections.Immutable;
using Countersign.Identifiers;
using Countersign.Requests;
using Countersign.SystemLog;

namespace Countersign.Tokens;

/// <summary>Makes and revokes API tokens (contract 2.1).</summary>
public sealed class ApiTokens(IApiTokenStore store, TimeProvider clock)
{
    private const int MaxName = 100, SecretLength = 40;

    /// <summary>A new token's text: 238 random bits behind <c>00</c>.</summary>
    public static string NewText() => "00" + Identifier.NewSecret(SecretLength);

    /// <summary>Makes a token.</summary>
    /// <param name="request">What it is to be.</param>
    /// <param name="owner">The user that it acts for.</param>
    /// <param name="grantor">The token with which it is made, and which it may not exceed; null: everything may be given.</param>
    /// <param name="by">The request; null for the command line.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async Task<TokenOutcome> CreateAsync(NewApiToken request, LogSubject owner, ApiToken? grantor, RequestContext? by, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        ImmutableArray<string> scopes = [.. request.Scopes.Distinct(StringComparer.Ordinal)];
        if (string.IsNullOrWhiteSpace(request.Name)) return new TokenOutcome.Refused(TokenRefusal.NameMissing);
        if (request.Name.Length > MaxName) return new TokenOutcome.Refused(TokenRefusal.NameTooLong);
        if (scopes.FirstOrDefault(scope => !ApiScopes.All.Contains(scope)) is { } unknown) return new TokenOutcome.Refused(TokenRefusal.ScopeUnknown, unknown);
        if (request.Expires <= now) return new TokenOutcome.Refused(TokenRefusal.AlreadyExpired);
        if (grantor is not null && !MayGive(grantor, scopes)) return new TokenOutcome.Refused(TokenRefusal.ExceedsGrantor);
        var token = new ApiToken
        {
            Id = Identifier.New(ApiToken.IdPrefix, now),
            Name = request.Name,
            Owner = owner,
            Scopes = scopes,
            Created = now,
            Expires = request.Expires,
            LastUsed = now,
        };
        var text = NewText();
        await store.AddAsync(token, text, Event(LogEventTypes.TokenCreate, token, by), cancellationToken);
        return new TokenOutcome.Created(token, text);
    }

    /// <summary>Revokes a token. False when there is none with this id.</summary>
    public Task<bool> RevokeAsync(string id, RequestContext? by, CancellationToken cancellationToken)
        => store.RevokeAsync(id, token => Event(LogEventTypes.TokenRevoke, token, by), cancellationToken);

    private static bool MayGive(ApiToken grantor, ImmutableArray<string> scopes)
        => grantor.Scopes.IsEmpty || (!scopes.IsEmpty && scopes.All(scope => grantor.Allows(scope)));

    private static LogEvent Event(string eventType, ApiToken token, RequestContext? by) => new()
    {
        EventType = eventType,
        Actor = by?.Actor ?? LogSubject.System,
        Targets = [new LogSubject(token.Id, "Token", token.Name, token.Name), token.Owner],
        Request = by,
    };
}

/// <summary>What a new token is to be.</summary>
/// <param name="Name">What its owner calls it; 1 to 100 characters.</param>
/// <param name="Scopes">What it may do; empty: everything.</param>
/// <param name="Expires">When it ends; null: only by disuse.</param>
public sealed record NewApiToken(string Name, IReadOnlyList<string> Scopes, DateTimeOffset? Expires);

/// <summary>What became of making a token. Closed: nothing outside this file can add a case.</summary>
public abstract record TokenOutcome
{
    private TokenOutcome() { }

    /// <summary>Made; the text is told here and nowhere else.</summary>
    public sealed record Created(ApiToken Token, string Text) : TokenOutcome;

    /// <summary>Refused; <paramref name="What"/> names a scope.</summary>
    public sealed record Refused(TokenRefusal Refusal, string? What = null) : TokenOutcome;
}

/// <summary>Why a token was not made.</summary>
public enum TokenRefusal
{
    /// <summary>It has no name.</summary>
    NameMissing,
    /// <summary>Its name is too long.</summary>
    NameTooLong,
    /// <summary>There is no such scope.</summary>
    ScopeUnknown,
    /// <summary>It would have ended already.</summary>
    AlreadyExpired,
    /// <summary>It would be allowed what the token that makes it is not.</summary>
    ExceedsGrantor,
}
