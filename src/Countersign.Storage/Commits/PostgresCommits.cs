using System.Threading.Channels;
using Countersign.Storage.SystemLog;
using Countersign.Storage.Telemetry;
using Countersign.Storage.Users;
using Countersign.SystemLog;
using Countersign.Users;
using Npgsql;
using NpgsqlTypes;

namespace Countersign.Storage.Commits;

/// <summary>
/// One worker: loads the users of all that waits, decides, and writes everything with one statement that is guarded by the versions that were loaded. Two round trips and one fsync a
/// batch. When somebody else was faster, nothing of it happens, and the batch is decided again with its users locked from the load on.
/// </summary>
internal sealed class PostgresCommits(NpgsqlDataSource source, LogChain chain, CommitMeter meter, TimeProvider clock, Func<Decision, Task> runAlone)
{
    private const string LoadStates = "SELECT user_id, version, status, state FROM user_state WHERE user_id = ANY($1)";
    private const string LockStates = $"{LoadStates} ORDER BY user_id FOR UPDATE";

    // Everybody locks users first, then limits, and the log's head last. Dividing by zero is how a statement gives up when not every user was as loaded.
    private const string Move = """
        moved AS (UPDATE user_state AS s SET version = s.version + 1, status = w.status, state = w.state
                  FROM unnest($7::text[], $8::bigint[], $9::text[], $10::bytea[]) AS w(user_id, version, status, state)
                  WHERE s.user_id = w.user_id AND s.version = w.version RETURNING 1)
        """;
    private static readonly string Append = PostgresLog.Append("1 / (CASE WHEN (SELECT count(*) FROM moved) = cardinality($7::text[]) THEN 1 ELSE 0 END) = 1");
    private static readonly string SaveStates = $"WITH {Move}, {Append} SELECT head.seq, head.hash FROM head";
    private static readonly string SaveStatesAndMessages = $"WITH {Move}, {PostgresSends.Write}, {Append} SELECT head.seq, head.hash FROM head";

    private const int Tries = 5;

    private LogHead _anchor = LogHead.Empty;
    // Decisions of the batch that change claims, which is rare: they get a transaction each.
    private readonly HashSet<Decision> _alone = [];
    private readonly List<Task> _running = [];
    // What was sent with a COMMIT that is not answered yet.
    private (LogHead Anchor, byte[] Digest, bool IsLogged)? _sent;

    public async Task RunAsync(ChannelReader<Decision> queue, int largestBatch)
    {
        var batch = new List<Decision>(largestBatch);
        while (await queue.WaitToReadAsync())
        {
            batch.Clear();
            while (batch.Count < largestBatch && queue.TryRead(out var decision)) batch.Add(decision);
            if (batch.Count == 0) continue;
            var measured = meter.Begin(batch);
            try
            {
                await CommitAsync(batch);
                measured.Dispose();
                foreach (var decision in batch)
                {
                    if (_alone.Contains(decision)) _running.Add(runAlone(decision));
                    else decision.Complete();
                }
                _running.RemoveAll(task => task.IsCompleted);
            }
            catch (Exception exception)
            {
                measured.Fail(exception);
                measured.Dispose();
                foreach (var decision in batch) decision.Fail(exception);
            }
        }
        await Task.WhenAll(_running);
    }

    private async Task CommitAsync(List<Decision> batch)
    {
        var sends = new PostgresSends();
        for (var attempt = 1; ; attempt++)
        {
            await using var connection = await source.OpenConnectionAsync();
            try
            {
                _sent = null;
                if (await TryCommitAsync(connection, batch, sends, locks: attempt > 1)) return;
                // What is sent is bound by limits: they are locked, and everything is decided again.
                if (attempt > 1) await RollBackAsync(connection);
                if (attempt == Tries) throw new InvalidOperationException("the limits of a batch changed with every try");
            }
            catch (PostgresException exception) when (attempt < Tries && exception.SqlState
                is PostgresErrorCodes.DivisionByZero or PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure)
            {
                await RollBackAsync(connection);
            }
            catch (NpgsqlException) when (PostgresOutcome.IsOpen(connection))
            {
                // The connection is gone: what was not sent, or is known not to have been committed, is decided again on another one.
                if (_sent is { } sent && (!sent.IsLogged || await PostgresOutcome.IsCommittedAsync(source, sent.Anchor, sent.Digest)))
                {
                    if (sent.IsLogged) return;
                    throw;
                }
                if (attempt == Tries) throw;
            }
            catch
            {
                await RollBackAsync(connection);
                throw;
            }
        }
    }

    /// <summary>False when limits have to be locked first, which <paramref name="sends"/> knows now.</summary>
    private async Task<bool> TryCommitAsync(NpgsqlConnection connection, List<Decision> batch, PostgresSends sends, bool locks)
    {
        _alone.Clear();
        var states = await LoadAsync(connection, batch, sends, locks);
        var now = clock.GetUtcNow();
        var changed = new HashSet<UserId>();
        var events = new List<StoredEvent>(batch.Count);
        foreach (var decision in batch)
        {
            var decided = decision.Decide(states.GetValueOrDefault(decision.User), now);
            if (decided.ChangesClaims)
            {
                _alone.Add(decision);
                continue;
            }
            if (decided.Limits.Count > 0)
            {
                if (!sends.Knows(decided.Limits)) continue;
                decided = decision.Judge(decided, now, sends.CountOf, sends.Take);
            }
            if (decided.State is { } state)
            {
                states[decision.User] = state;
                changed.Add(decision.User);
            }
            foreach (var one in decided.Events) events.Add(new StoredEvent(now.ToUnixTimeMilliseconds(), LogEventCodec.Write(one)));
            foreach (var message in decided.Messages) sends.Add(message);
        }
        if (sends.MustLock) return false;
        if (changed.Count > 0 || events.Count > 0 || sends.HasMessages) await SaveAsync(connection, [.. changed.Select(user => states[user])], events, sends, now, locks);
        else if (locks) await ExecuteAsync(connection, "COMMIT");
        return true;
    }

    private static async Task<Dictionary<UserId, UserState>> LoadAsync(NpgsqlConnection connection, List<Decision> batch, PostgresSends sends, bool locks)
    {
        sends.Begin();
        await using var load = new NpgsqlBatch(connection);
        if (locks) load.BatchCommands.Add(new NpgsqlBatchCommand("BEGIN"));
        load.BatchCommands.Add(new NpgsqlBatchCommand(locks ? LockStates : LoadStates)
        {
            Parameters = { new NpgsqlParameter<string[]> { TypedValue = [.. batch.Select(decision => decision.User.Value).Distinct()] } },
        });
        if (locks) sends.AddLocks(load.BatchCommands);
        await load.PrepareAsync();
        await using var rows = await load.ExecuteReaderAsync();
        var states = await PostgresLoad.ReadAsync(rows);
        if (locks) await sends.ReadAsync(rows);
        return states;
    }

    private async Task SaveAsync(NpgsqlConnection connection, List<UserState> states, List<StoredEvent> events, PostgresSends sends, DateTimeOffset now, bool locked)
    {
        states.Sort((one, other) => string.CompareOrdinal(one.Id.Value, other.Id.Value));
        var save = new NpgsqlBatchCommand(sends.HasMessages ? SaveStatesAndMessages : SaveStates);
        var digest = PostgresLog.AddParameters(save.Parameters, chain, _anchor, events);
        save.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. states.Select(state => state.Id.Value)] });
        save.Parameters.Add(new NpgsqlParameter<long[]> { TypedValue = [.. states.Select(state => state.Version)] });
        save.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. states.Select(state => state.Status.Name)] });
        save.Parameters.Add(new NpgsqlParameter<byte[][]> { TypedValue = [.. states.Select(UserStateCodec.Write)], NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea });
        if (sends.HasMessages) sends.AddParameters(save.Parameters, now);
        await using var write = new NpgsqlBatch(connection) { BatchCommands = { save } };
        if (locked) write.BatchCommands.Add(new NpgsqlBatchCommand("COMMIT"));
        await write.PrepareAsync();
        _sent = (_anchor, digest, events.Count > 0);
        LogHead head;
        await using (var row = await write.ExecuteReaderAsync())
        {
            await row.ReadAsync();
            head = new LogHead(row.GetInt64(0), row.GetFieldValue<byte[]>(1));
            await row.NextResultAsync();
        }
        _anchor = head;
    }

    private static async Task RollBackAsync(NpgsqlConnection connection)
    {
        if (connection.FullState != System.Data.ConnectionState.Open) return;
        try
        {
            await ExecuteAsync(connection, "ROLLBACK");
        }
        catch (NpgsqlException)
        {
            // The connection is gone, and the transaction with it.
        }
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
