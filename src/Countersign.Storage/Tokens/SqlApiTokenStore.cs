using System.Collections.Concurrent;
using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using Countersign.Storage.Commits;
using Countersign.Storage.Users;
using Countersign.SystemLog;
using Countersign.Tokens;
using Countersign.Users;

namespace Countersign.Storage.Tokens;

/// <summary>API tokens in SQL, remembered for a second so that a busy token is not read with every request.</summary>
internal sealed class SqlApiTokenStore(Database database, TimeProvider clock) : IApiTokenStore
{
    private static readonly TimeSpan Remembered = TimeSpan.FromSeconds(1);
    private const int MostRemembered = 10_000;

    private const string Columns = "t.id, t.name, t.user_id, t.scopes, t.created, t.expires, t.last_used, s.version, s.status, s.state";
    private const string Find = $"SELECT {Columns} FROM api_token t JOIN user_state s ON s.user_id = t.user_id WHERE t.hash = @hash";
    private const string List = $"SELECT {Columns} FROM api_token t JOIN user_state s ON s.user_id = t.user_id WHERE t.id > @after ORDER BY t.id LIMIT @count";
    private const string ById = $"SELECT {Columns} FROM api_token t JOIN user_state s ON s.user_id = t.user_id WHERE t.id = @id";
    private const string Add = """
        INSERT INTO api_token(id, hash, name, user_id, scopes, created, expires, last_used)
        VALUES(@id, @hash, @name, @user, @scopes, @created, @expires, @used) ON CONFLICT DO NOTHING
        """;
    private const string Use = "UPDATE api_token SET last_used = @used WHERE id = @id";
    private const string Revoke = "DELETE FROM api_token WHERE id = @id";

    private readonly ConcurrentDictionary<string, (ApiToken? Token, long At)> _remembered = new(StringComparer.Ordinal);

    public ValueTask<ApiToken?> FindAsync(string token, CancellationToken cancellationToken)
        => _remembered.TryGetValue(token, out var known) && clock.GetElapsedTime(known.At) < Remembered
            ? new(known.Token)
            : new(ReadAsync(token, cancellationToken));

    public async Task<bool> AddAsync(ApiToken token, string text, LogEvent? logged, CancellationToken cancellationToken)
    {
        var added = await database.WriteAsync(async work =>
        {
            var rows = await work.ExecuteAsync(Add,
                ("@id", token.Id), ("@hash", Hash(text)), ("@name", token.Name), ("@user", token.Owner.Id), ("@scopes", string.Join(' ', token.Scopes)),
                ("@created", token.Created.ToUnixTimeMilliseconds()), ("@expires", token.Expires?.ToUnixTimeMilliseconds()),
                ("@used", token.LastUsed.ToUnixTimeMilliseconds()));
            if (rows == 1) work.Log(logged);
            return rows == 1;
        }, cancellationToken);
        _remembered.TryRemove(text, out _);
        return added;
    }

    public Task<ApiToken?> GetAsync(string id, CancellationToken cancellationToken) => database.ReadAsync(async connection =>
    {
        await using var command = connection.Command(ById).Bind("@id", id);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        return await row.ReadAsync(cancellationToken) ? Read(row) : null;
    }, cancellationToken);

    public Task<IReadOnlyList<ApiToken>> ListAsync(string? after, int count, CancellationToken cancellationToken) => database.ReadAsync<IReadOnlyList<ApiToken>>(async connection =>
    {
        var tokens = new List<ApiToken>();
        await using var command = connection.Command(List).Bind("@after", after ?? "").Bind("@count", count);
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken)) tokens.Add(Read(rows));
        return tokens;
    }, cancellationToken);

    public async Task<bool> RevokeAsync(string id, Func<ApiToken, LogEvent> logged, CancellationToken cancellationToken)
    {
        var revoked = await database.WriteAsync(async work =>
        {
            ApiToken token;
            await using (var command = work.Command(ById).Bind("@id", id))
            await using (var row = await command.ExecuteReaderAsync(cancellationToken))
            {
                if (!await row.ReadAsync(cancellationToken)) return false;
                token = Read(row);
            }
            if (await work.ExecuteAsync(Revoke, ("@id", id)) == 0) return false;
            work.Log(logged(token));
            return true;
        }, cancellationToken);
        _remembered.Clear();
        return revoked;
    }

    private async Task<ApiToken?> ReadAsync(string text, CancellationToken cancellationToken)
    {
        var read = clock.GetTimestamp();
        var token = await database.ReadAsync(async connection =>
        {
            await using var command = connection.Command(Find).Bind("@hash", Hash(text));
            await using var row = await command.ExecuteReaderAsync(cancellationToken);
            return await row.ReadAsync(cancellationToken) ? Read(row) : null;
        }, cancellationToken);
        var now = clock.GetUtcNow();
        if (token is not null && token.IsValid(now) && now - token.LastUsed > TimeSpan.FromHours(1))
            await database.WriteAsync(work => work.ExecuteAsync(Use, ("@used", now.ToUnixTimeMilliseconds()), ("@id", token.Id)), cancellationToken);
        // Unknown tokens are not remembered: whoever tries many must not fill the memory.
        if (token is null) _remembered.TryRemove(text, out _);
        else
        {
            if (_remembered.Count >= MostRemembered) _remembered.Clear();
            _remembered[text] = (token, read);
        }
        return token;
    }

    private static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));

    private static ApiToken Read(DbDataReader row)
    {
        var owner = UserStateCodec.Read(new UserId(row.GetString(2)), row.GetInt64(7), UserStatuses.Parse(row.GetString(8)), (byte[])row[9]);
        return new ApiToken
        {
            Id = row.GetString(0),
            Name = row.GetString(1),
            Owner = new LogSubject(owner.Id.Value, "User", owner.Login, owner.DisplayName),
            OwnerMayAct = owner.Status is not (UserStatus.Suspended or UserStatus.Deprovisioned),
            Scopes = [.. row.GetString(3).Split(' ', StringSplitOptions.RemoveEmptyEntries)],
            Created = DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(4)),
            Expires = row.GetInt64OrNull(5) is { } expires ? DateTimeOffset.FromUnixTimeMilliseconds(expires) : null,
            LastUsed = DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(6)),
        };
    }
}
