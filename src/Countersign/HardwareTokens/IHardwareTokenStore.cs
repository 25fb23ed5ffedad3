using Countersign.SystemLog;

namespace Countersign.HardwareTokens;

/// <summary>Keeps the inventory of tokens. Secrets come out of it sealed.</summary>
public interface IHardwareTokenStore
{
    /// <summary>The token of a kind with this id, or null.</summary>
    Task<HardwareToken?> GetAsync(TokenKind kind, string id, CancellationToken cancellationToken);

    /// <summary>The YubiKey that types this public id (modhex, lower case), or null.</summary>
    Task<HardwareToken?> FindByPublicIdAsync(string publicId, CancellationToken cancellationToken);

    /// <summary>The keys of the OATH token with this serial number: usually one, at most two are answered.</summary>
    /// <param name="serial">The serial number.</param>
    /// <param name="keyId">Only the key with this id; null: any.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    Task<IReadOnlyList<HardwareToken>> FindBySerialAsync(string serial, string? keyId, CancellationToken cancellationToken);

    /// <summary>A part of the inventory, in its order.</summary>
    Task<IReadOnlyList<HardwareToken>> ListAsync(TokenQuery query, CancellationToken cancellationToken);

    /// <summary>
    /// Takes seeds in, all in one transaction: one of a serial number (and key id) that is known takes the place of the one before, unless somebody has that. What becomes of one
    /// does not touch the others.
    /// </summary>
    /// <param name="seeds">The seeds.</param>
    /// <param name="logged">The events that go with what became of them, in their order.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    Task<IReadOnlyList<TakenSeed>> AddAsync(IReadOnlyList<TokenSeed> seeds, Func<IReadOnlyList<TakenSeed>, IEnumerable<LogEvent>> logged, CancellationToken cancellationToken);

    /// <summary>Removes a token that nobody has, with its event. What was used of its secret stays remembered.</summary>
    Task<TokenRemoval> RemoveAsync(TokenKind kind, string id, Func<HardwareToken, LogEvent> logged, CancellationToken cancellationToken);
}

/// <summary>What became of a seed.</summary>
/// <param name="Result">What.</param>
/// <param name="Id">The token's id; that of the token in the way, when it was refused.</param>
public readonly record struct TakenSeed(SeedResult Result, string Id);

/// <summary>What became of a seed.</summary>
public enum SeedResult
{
    /// <summary>The token is new.</summary>
    Added,
    /// <summary>It took the place of what was known of the token.</summary>
    Replaced,
    /// <summary>The same was there already.</summary>
    Unchanged,
    /// <summary>Refused: somebody has the token, and what is known of it is something else.</summary>
    Assigned,
    /// <summary>Refused: another YubiKey types the same public id.</summary>
    PublicIdTaken,
}

/// <summary>What became of removing a token.</summary>
public enum TokenRemoval
{
    /// <summary>It is gone.</summary>
    Removed,
    /// <summary>There is none.</summary>
    NotFound,
    /// <summary>Somebody has it.</summary>
    Assigned,
}
