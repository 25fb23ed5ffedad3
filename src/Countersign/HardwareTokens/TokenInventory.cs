using Countersign.Requests;
using Countersign.SystemLog;

namespace Countersign.HardwareTokens;

/// <summary>Takes tokens into the inventory and out of it, and says so in the log.</summary>
public sealed class TokenInventory(IHardwareTokenStore store)
{
    /// <summary>Takes one token in.</summary>
    public async Task<TakenSeed> UploadAsync(TokenSeed seed, RequestContext by, CancellationToken cancellationToken)
        => (await store.AddAsync([seed], taken => taken[0].Result switch
        {
            SeedResult.Added => [Event(LogEventTypes.HardwareTokenCreate, taken[0].Id, seed.Kind, seed.Serial, by)],
            SeedResult.Replaced => [Event(LogEventTypes.HardwareTokenUpdate, taken[0].Id, seed.Kind, seed.Serial, by)],
            _ => [],
        }, cancellationToken))[0];

    /// <summary>Removes a token that nobody has.</summary>
    public Task<TokenRemoval> RemoveAsync(TokenKind kind, string id, RequestContext by, CancellationToken cancellationToken)
        => store.RemoveAsync(kind, id, token => Event(LogEventTypes.HardwareTokenDelete, token.Id, kind, token.Serial, by), cancellationToken);

    private static LogEvent Event(string eventType, string id, TokenKind kind, string serial, RequestContext by) => new()
    {
        EventType = eventType,
        Actor = by.Actor,
        Targets = [new LogSubject(id, "HardwareToken", serial, kind == TokenKind.YubiKey ? "YubiKey" : "OATH token")],
        Request = by,
    };
}
