using Countersign.Integrations.TestRequests;
using Countersign.Storage.Commits;
using Countersign.Storage.Sealing;
using Countersign.SystemLog;

namespace Countersign.Storage.TestRequests;

/// <summary>Test requests in SQL, sealed. Bodies are written in parts, each a transaction of its own, so that no verification waits behind a large one.</summary>
internal sealed class SqlTestRequestStore(Database database, Vault vault, TimeProvider clock) : ITestRequestStore
{
    private const int PartLength = 256 * 1024;

    private const string Add = "INSERT INTO test_request(id, owner, started, summary, document) VALUES(@id, @owner, @started, @summary, @document) ON CONFLICT(id) DO NOTHING";
    private const string Trim = """
        DELETE FROM test_request WHERE id IN (SELECT id FROM test_request WHERE owner = @owner ORDER BY started DESC, id DESC LIMIT 1000 OFFSET @most)
        """;
    private const string Taken = "SELECT id FROM test_request WHERE id = @id";
    private const string Find = "SELECT document FROM test_request WHERE id = @id AND owner = @owner";
    private const string List = "SELECT id, summary FROM test_request WHERE owner = @owner ORDER BY started DESC, id DESC LIMIT @count";
    private const string ListAfter = """
        SELECT id, summary FROM test_request WHERE owner = @owner AND (started, id) < (SELECT started, id FROM test_request WHERE id = @after AND owner = @owner)
        ORDER BY started DESC, id DESC LIMIT @count
        """;
    private const string Remove = "DELETE FROM test_request WHERE id = @id AND owner = @owner";
    private const string RemoveBody = "DELETE FROM test_request_body WHERE key >= @first AND key < @end";
    private const string Expire = "DELETE FROM test_request_body WHERE expires <= @until";
    private const string Sizes = "SELECT expires, size FROM test_request_body ORDER BY expires";
    private const string AddPart = "INSERT INTO test_request_body(key, size, expires, content) VALUES(@key, @size, @expires, @content) ON CONFLICT(key) DO NOTHING";
    private const string Parts = "SELECT key, content FROM test_request_body WHERE key >= @first AND key < @end AND expires > @now ORDER BY key";

    public Task<bool> AddAsync(KeptTestRequest kept, LogEvent logged, CancellationToken cancellationToken) => database.WriteAsync(async work =>
    {
        var added = await work.ExecuteAsync(Add, ("@id", kept.Id), ("@owner", kept.Owner), ("@started", kept.StartedAt.ToUnixTimeMilliseconds()),
            ("@summary", vault.Seal(kept.Summary, SealedTestRequests.OwnerOfSummary(kept.Id))), ("@document", vault.Seal(kept.Document, SealedTestRequests.OwnerOfDocument(kept.Id)))) == 1;
        if (added) await work.ExecuteAsync(Trim, ("@owner", kept.Owner), ("@most", ITestRequestStore.MostPerPerson));
        await work.ExecuteAsync(Expire, ("@until", work.Now.ToUnixTimeMilliseconds()));
        work.Log(logged);
        return added;
    }, cancellationToken);

    public Task<bool> IsTakenAsync(string id, CancellationToken cancellationToken) => database.ReadAsync(async connection =>
    {
        await using var command = connection.Command(Taken).Bind("@id", id);
        return await command.ExecuteScalarAsync(cancellationToken) is not null;
    }, cancellationToken);

    public Task<byte[]?> FindAsync(string owner, string id, CancellationToken cancellationToken) => database.ReadAsync<byte[]?>(async connection =>
    {
        await using var command = connection.Command(Find).Bind("@id", id).Bind("@owner", owner);
        return await command.ExecuteScalarAsync(cancellationToken) is byte[] document ? vault.Open(document, SealedTestRequests.OwnerOfDocument(id)) : null;
    }, cancellationToken);

    public Task<IReadOnlyList<(string Id, byte[] Summary)>> ListAsync(string owner, string? after, int limit, CancellationToken cancellationToken)
        => database.ReadAsync<IReadOnlyList<(string, byte[])>>(async connection =>
        {
            var found = new List<(string, byte[])>();
            await using var command = connection.Command(after is null ? List : ListAfter).Bind("@owner", owner).Bind("@count", limit);
            if (after is not null) command.Bind("@after", after);
            await using var rows = await command.ExecuteReaderAsync(cancellationToken);
            while (await rows.ReadAsync(cancellationToken)) found.Add((rows.GetString(0), vault.Open((byte[])rows[1], SealedTestRequests.OwnerOfSummary(rows.GetString(0)))));
            return found;
        }, cancellationToken);

    public Task<bool> RemoveAsync(string owner, string id, CancellationToken cancellationToken) => database.WriteAsync(async work =>
    {
        if (await work.ExecuteAsync(Remove, ("@id", id), ("@owner", owner)) == 0) return false;
        await work.ExecuteAsync(RemoveBody, ("@first", First(id)), ("@end", End(id)));
        return true;
    }, cancellationToken);

    public async Task KeepBodyAsync(string id, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        if (body.Length > ITestRequestStore.LargestBody) throw new ArgumentException("the body is too large to be kept", nameof(body));
        var expires = await MakeRoomAsync(body.Length, cancellationToken);
        for (var (at, part) = (0, 0); at < body.Length; at += PartLength, part++)
        {
            var key = $"{id}/{part:0000}";
            var content = body.Slice(at, Math.Min(PartLength, body.Length - at));
            var anew = vault.Seal(content.Span, SealedBodies.Owner(key));
            await database.WriteAsync(work => work.ExecuteAsync(AddPart, ("@key", key), ("@size", content.Length), ("@expires", expires), ("@content", anew)), cancellationToken);
        }
    }

    public Task<byte[]?> FindBodyAsync(string id, CancellationToken cancellationToken) => database.ReadAsync<byte[]?>(async connection =>
    {
        using var whole = new MemoryStream();
        await using var command = connection.Command(Parts).Bind("@first", First(id)).Bind("@end", End(id)).Bind("@now", clock.GetUtcNow().ToUnixTimeMilliseconds());
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken)) whole.Write(vault.Open((byte[])rows[1], SealedBodies.Owner(rows.GetString(0))));
        return whole.Length > 0 ? whole.ToArray() : null;
    }, cancellationToken);

    /// <summary>Removes what is over, and the oldest until there is room; answers when a body that is kept now ends.</summary>
    private Task<long> MakeRoomAsync(int bytes, CancellationToken cancellationToken) => database.WriteAsync(async work =>
    {
        var until = work.Now.ToUnixTimeMilliseconds();
        var kept = new List<(long Expires, long Size)>();
        await using (var command = work.Command(Sizes))
        await using (var rows = await command.ExecuteReaderAsync(cancellationToken))
            while (await rows.ReadAsync(cancellationToken)) kept.Add((rows.GetInt64(0), rows.GetInt64(1)));
        var total = kept.Sum(part => part.Size) + bytes;
        foreach (var (expires, size) in kept)
        {
            if (total <= ITestRequestStore.AllBodies && expires > until) break;
            until = Math.Max(until, expires);
            total -= size;
        }
        await work.ExecuteAsync(Expire, ("@until", until));
        return (work.Now + ITestRequestStore.BodyLife).ToUnixTimeMilliseconds();
    }, cancellationToken);

    private static string First(string id) => id + "/";

    // The character after the slash.
    private static string End(string id) => id + "0";
}
