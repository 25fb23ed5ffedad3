using Countersign.SystemLog;

namespace Countersign.Tokens;

/// <summary>Keeps API tokens by the hash of their text.</summary>
public interface IApiTokenStore
{
    /// <summary>The token with this text; null when it is unknown or revoked. At most a second old, at once after a change by this process.</summary>
    ValueTask<ApiToken?> FindAsync(string token, CancellationToken cancellationToken);

    /// <summary>Stores a new token, with its event. False when a token with the same text exists; then nothing changes.</summary>
    Task<bool> AddAsync(ApiToken token, string text, LogEvent? logged, CancellationToken cancellationToken);

    /// <summary>The next tokens by id, at most <paramref name="count"/>; from the beginning without <paramref name="after"/>.</summary>
    Task<IReadOnlyList<ApiToken>> ListAsync(string? after, int count, CancellationToken cancellationToken);

    /// <summary>The token with this id, or null.</summary>
    Task<ApiToken?> GetAsync(string id, CancellationToken cancellationToken);

    /// <summary>Revokes a token, with its event. False when there is none with this id.</summary>
    Task<bool> RevokeAsync(string id, Func<ApiToken, LogEvent> logged, CancellationToken cancellationToken);
}
