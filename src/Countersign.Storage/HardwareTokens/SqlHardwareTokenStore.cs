using System.Data.Common;
using System.Text.Json;
using System.Text.Json.Serialization;
using Countersign.Factors;
using Countersign.HardwareTokens;
using Countersign.Identifiers;
using Countersign.Sealing;
using Countersign.Storage.Commits;
using Countersign.SystemLog;
using Countersign.Users;

namespace Countersign.Storage.HardwareTokens;

/// <summary>
/// The inventory of tokens in SQL. Who has a token is decided by the claim on its secret: a token that goes, or gets another secret, has its claim retired first, so that an
/// enrollment which read it a moment before is refused and looks again.
/// </summary>
internal sealed class SqlHardwareTokenStore(Database database, IVault vault) : IHardwareTokenStore
{
    private const int Tries = 3;

    private const string IsInReach = "(c.user_id IS NULL OR c.user_id <> 'removed')";
    private const string ByIdentity = $"SELECT {TokenRows.Columns} {TokenRows.From} WHERE t.kind = @kind AND t.serial = @serial AND t.key_id = @keyId";
    private const string ById = $"SELECT {TokenRows.Columns} {TokenRows.From} WHERE t.id = @id AND t.kind = @kind";
    private const string ByPublicId = $"SELECT {TokenRows.Columns} {TokenRows.From} WHERE t.public_id = @publicId AND {IsInReach}";
    private const string BySerial = $"SELECT {TokenRows.Columns} {TokenRows.From} WHERE t.kind = 'oath' AND t.serial = @serial AND (@any = 1 OR t.key_id = @keyId) AND {IsInReach} ORDER BY t.id LIMIT 2";

    private const string LockIdentity = "SELECT id FROM token WHERE kind = @kind AND serial = @serial AND key_id = @keyId";
    private const string LockId = "SELECT id FROM token WHERE id = @id AND kind = @kind";
    private const string OwnerOfPublicId = "SELECT id FROM token WHERE public_id = @publicId";
    private const string Add = """
        INSERT INTO token(id, kind, serial, key_id, public_id, claim_key, secret, document, created, updated)
        VALUES(@id, @kind, @serial, @keyId, @publicId, @claim, @secret, @document, @now, @now) ON CONFLICT DO NOTHING
        """;
    private const string Replace = "UPDATE token SET public_id = @publicId, claim_key = @claim, secret = @secret, document = @document, updated = @now WHERE id = @id";
    private const string Remove = "DELETE FROM token WHERE id = @id";

    // Nobody's claim, which nobody can take; how far it was used stays.
    private const string Retire = """
        INSERT INTO claim(key, user_id, factor_id, since, counter) VALUES(@key, 'removed', @id, NULL, -1)
        ON CONFLICT(key) DO UPDATE SET user_id = 'removed', factor_id = excluded.factor_id WHERE claim.user_id IS NULL
        """;
    private const string Revive = "UPDATE claim SET user_id = NULL, factor_id = NULL WHERE key = @key AND user_id = 'removed'";
    private const string IsShared = "SELECT count(*) FROM token WHERE claim_key = @key AND id <> @id";

    public Task<HardwareToken?> GetAsync(TokenKind kind, string id, CancellationToken cancellationToken)
        => database.ReadAsync(connection => TokenRows.FirstAsync(connection.Command(ById).Bind("@id", id).Bind("@kind", kind.Name)), cancellationToken);

    public Task<HardwareToken?> FindByPublicIdAsync(string publicId, CancellationToken cancellationToken)
        => database.ReadAsync(connection => TokenRows.FirstAsync(connection.Command(ByPublicId).Bind("@publicId", publicId)), cancellationToken);

    public Task<IReadOnlyList<HardwareToken>> FindBySerialAsync(string serial, string? keyId, CancellationToken cancellationToken)
        => database.ReadAsync(connection => TokenRows.AllAsync(
            connection.Command(BySerial).Bind("@serial", serial).Bind("@any", keyId is null ? 1L : 0L).Bind("@keyId", keyId ?? "")), cancellationToken);

    public Task<IReadOnlyList<HardwareToken>> ListAsync(TokenQuery query, CancellationToken cancellationToken)
        => database.ReadAsync(connection => TokenRows.AllAsync(TokenScan.Command(connection, query)), cancellationToken);

    public Task<IReadOnlyList<TakenSeed>> AddAsync(
        IReadOnlyList<TokenSeed> seeds, Func<IReadOnlyList<TakenSeed>, IEnumerable<LogEvent>> logged, CancellationToken cancellationToken)
        => database.WriteAsync<IReadOnlyList<TakenSeed>>(async work =>
        {
            var taken = new TakenSeed[seeds.Count];
            // Always in the same order, so that imports which run at once wait for each other and not in a circle.
            foreach (var (seed, place) in seeds.Select((seed, place) => (seed, place)).OrderBy(one => one.seed.Serial, StringComparer.Ordinal).ThenBy(one => one.seed.KeyId, StringComparer.Ordinal))
                taken[place] = await AddAsync(work, seed);
            foreach (var one in logged(taken)) work.Log(one);
            return taken;
        }, cancellationToken);

    public Task<TokenRemoval> RemoveAsync(TokenKind kind, string id, Func<HardwareToken, LogEvent> logged, CancellationToken cancellationToken)
        => database.WriteAsync(async work =>
        {
            await work.ExecuteAsync(LockId + work.ForUpdate, ("@id", id), ("@kind", kind.Name));
            if (await TokenRows.FirstAsync(work.Command(ById).Bind("@id", id).Bind("@kind", kind.Name)) is not { } token) return TokenRemoval.NotFound;
            if (!await RetireAsync(work, token)) return TokenRemoval.Assigned;
            await work.ExecuteAsync(Remove, ("@id", id));
            work.Log(logged(token));
            return TokenRemoval.Removed;
        }, cancellationToken);

    private async ValueTask<TakenSeed> AddAsync(Work work, TokenSeed seed)
    {
        var claim = seed.ClaimKey(vault);
        for (var attempt = 1; ; attempt++)
        {
            (string, object?)[] identity = [("@kind", seed.Kind.Name), ("@serial", seed.Serial), ("@keyId", seed.KeyId)];
            await work.ExecuteAsync(LockIdentity + work.ForUpdate, identity);
            var known = await TokenRows.FirstAsync(identity.Aggregate(work.Command(ByIdentity), (command, parameter) => command.Bind(parameter.Item1, parameter.Item2)));
            if (known is not null && known.ClaimKey == claim && known.PublicId == seed.PublicId && known.Oath == seed.Oath)
            {
                await work.ExecuteAsync(Revive, ("@key", claim));
                return new TakenSeed(SeedResult.Unchanged, known.Id);
            }
            if (known?.Holder is not null) return new TakenSeed(SeedResult.Assigned, known.Id);
            if (seed.PublicId is { } publicId && await TextAsync(work.Command(OwnerOfPublicId).Bind("@publicId", publicId)) is { } owner && owner != known?.Id)
                return new TakenSeed(SeedResult.PublicIdTaken, owner);
            if (known is not null && known.ClaimKey != claim && !await RetireAsync(work, known)) return new TakenSeed(SeedResult.Assigned, known.Id);
            var id = known?.Id ?? Identifier.New(HardwareToken.IdPrefix(seed.Kind), work.Now);
            var written = await work.ExecuteAsync(known is null ? Add : Replace,
            [
                ("@id", id), ("@publicId", seed.PublicId), ("@claim", claim), ("@secret", vault.Seal(seed.Secret, HardwareToken.Owner(id))),
                ("@document", seed.Oath is { } oath ? JsonSerializer.SerializeToUtf8Bytes(oath, TokenJson.Default.OathToken) : null), ("@now", work.Now.ToWholeSeconds().ToUnixTimeMilliseconds()),
                .. known is null ? identity : [],
            ]);
            if (written == 1)
            {
                await work.ExecuteAsync(Revive, ("@key", claim));
                return new TakenSeed(known is null ? SeedResult.Added : SeedResult.Replaced, id);
            }
            // Somebody else was faster, and is done: what is there now decides.
            if (attempt == Tries) throw new InvalidOperationException($"the token {seed.Serial} was uploaded and removed {Tries} times meanwhile");
        }
    }

    /// <summary>
    /// Takes the claim on a token's secret out of reach; false when somebody has it. One that another token shares is given back; whether there is one is seen once the claim is locked.
    /// </summary>
    private static async ValueTask<bool> RetireAsync(Work work, HardwareToken token)
    {
        if (await work.ExecuteAsync(Retire, ("@key", token.ClaimKey), ("@id", token.Id)) == 0) return false;
        await using var shared = work.Command(IsShared).Bind("@key", token.ClaimKey).Bind("@id", token.Id);
        if (Convert.ToInt64(await shared.ExecuteScalarAsync(), System.Globalization.CultureInfo.InvariantCulture) > 0) await work.ExecuteAsync(Revive, ("@key", token.ClaimKey));
        return true;
    }

    private static async ValueTask<string?> TextAsync(DbCommand command)
    {
        await using (command) return await command.ExecuteScalarAsync() as string;
    }
}

/// <summary>Tokens as rows.</summary>
internal static class TokenRows
{
    public const string Columns = """
        t.id, t.kind, t.serial, t.key_id, t.public_id, t.claim_key, t.secret, t.document, t.created, t.updated, c.user_id, c.factor_id, c.since, c.last_verified, c.counter
        """;
    public const string From = "FROM token t LEFT JOIN claim c ON c.key = t.claim_key";

    extension(TokenKind kind)
    {
        /// <summary>The kind's name in the table.</summary>
        public string Name => kind == TokenKind.YubiKey ? "yubikey" : "oath";
    }

    public static async ValueTask<HardwareToken?> FirstAsync(DbCommand command)
    {
        await using (command)
        await using (var row = await command.ExecuteReaderAsync())
            return await row.ReadAsync() ? Read(row) : null;
    }

    public static async ValueTask<IReadOnlyList<HardwareToken>> AllAsync(DbCommand command)
    {
        var tokens = new List<HardwareToken>();
        await using (command)
        await using (var rows = await command.ExecuteReaderAsync())
            while (await rows.ReadAsync()) tokens.Add(Read(rows));
        return tokens;
    }

    private static HardwareToken Read(DbDataReader row) => new()
    {
        Id = row.GetString(0),
        Kind = row.GetString(1) == "yubikey" ? TokenKind.YubiKey : TokenKind.Oath,
        Serial = row.GetString(2),
        KeyId = row.GetString(3),
        PublicId = row.GetStringOrNull(4),
        ClaimKey = row.GetString(5),
        Secret = (byte[])row[6],
        Oath = row.IsDBNull(7) ? null : JsonSerializer.Deserialize((byte[])row[7], TokenJson.Default.OathToken),
        Created = At(row.GetInt64(8)),
        Updated = At(row.GetInt64(9)),
        Holder = row.IsDBNull(12) ? null
            : new TokenHolder(new UserId(row.GetString(10)), new FactorId(row.GetString(11)), At(row.GetInt64(12)), row.GetInt64OrNull(13) is { } verified ? At(verified) : null,
                row.FieldCount > 15 ? row.GetStringOrNull(15) : null),
        UsedUntil = row.GetInt64OrNull(14) ?? -1,
    };

    private static DateTimeOffset At(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true)]
[JsonSerializable(typeof(OathToken))]
internal sealed partial class TokenJson : JsonSerializerContext;
