using System.Data;
using System.Data.Common;
using Countersign.Storage.SystemLog;
using Countersign.Storage.Users;
using Countersign.SystemLog;
using Countersign.Users;
using Npgsql;

namespace Countersign.Storage.Commits;

/// <summary>A transaction in progress, for everything that is not a verification: statements, a user's state under lock, and the events that go with them.</summary>
internal sealed class Work(DbConnection connection, bool locksRows, DateTimeOffset now)
{
    private readonly List<StoredEvent> _events = [];

    /// <summary>The time of this transaction.</summary>
    public DateTimeOffset Now { get; } = now;

    /// <summary>The events so far.</summary>
    public List<StoredEvent> Events => _events;

    /// <summary>A command in this transaction.</summary>
    public DbCommand Command(string sql) => connection.Command(sql);

    /// <summary>Adds an event, stored with the rest or not at all.</summary>
    public void Log(LogEvent? logged)
    {
        if (logged is not null) _events.Add(new StoredEvent(Now.ToUnixTimeMilliseconds(), LogEventCodec.Write(logged)));
    }

    /// <summary>What makes a query lock the rows that it finds; nothing where there is one writer.</summary>
    public string ForUpdate => locksRows ? " FOR UPDATE" : "";

    /// <summary>A user's state, locked against other commits until this one ends.</summary>
    public async ValueTask<UserState?> LoadStateAsync(UserId user)
    {
        await using var command = Command("SELECT version, status, state FROM user_state WHERE user_id = @id" + ForUpdate).Bind("@id", user.Value);
        await using var row = await command.ExecuteReaderAsync(CommandBehavior.SingleRow);
        return await row.ReadAsync()
            ? UserStateCodec.Read(user, row.GetInt64(0), UserStatuses.Parse(row.GetString(1)), (byte[])row[2])
            : null;
    }

    /// <summary>Writes a state that was loaded in this transaction.</summary>
    public async ValueTask SaveStateAsync(UserState state)
    {
        await using var command = Command("UPDATE user_state SET version = @version + 1, status = @status, state = @state WHERE user_id = @id AND version = @version")
            .Bind("@id", state.Id.Value).Bind("@version", state.Version).Bind("@status", state.Status.Name).Bind("@state", UserStateCodec.Write(state));
        if (await command.ExecuteNonQueryAsync() != 1) throw new DBConcurrencyException($"user {state.Id} changed under its lock");
    }

    /// <summary>Writes the state of a user that is new.</summary>
    public async ValueTask AddStateAsync(UserState state)
    {
        await using var command = Command("INSERT INTO user_state(user_id, version, status, state) VALUES(@id, @version, @status, @state)")
            .Bind("@id", state.Id.Value).Bind("@version", state.Version).Bind("@status", state.Status.Name).Bind("@state", UserStateCodec.Write(state));
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Runs statements in order, none of which needs another's answer: in one round trip, where there is a way to go. Answers how many rows each changed; the commands are disposed.</summary>
    public async ValueTask<int[]> ExecuteAllAsync(IReadOnlyList<DbCommand> commands)
    {
        try
        {
            if (connection is not NpgsqlConnection server)
            {
                var changed = new int[commands.Count];
                for (var i = 0; i < changed.Length; i++) changed[i] = await commands[i].ExecuteNonQueryAsync();
                return changed;
            }
            await using var batch = new NpgsqlBatch(server);
            foreach (var command in commands)
            {
                var parameters = command.Parameters.Cast<NpgsqlParameter>().ToArray();
                command.Parameters.Clear();
                var part = new NpgsqlBatchCommand(command.CommandText);
                part.Parameters.AddRange(parameters);
                batch.BatchCommands.Add(part);
            }
            await batch.ExecuteNonQueryAsync();
            return [.. batch.BatchCommands.Cast<DbBatchCommand>().Select(part => part.RecordsAffected)];
        }
        finally
        {
            foreach (var command in commands) await command.DisposeAsync();
        }
    }

    /// <summary>Runs one statement.</summary>
    public async ValueTask<int> ExecuteAsync(string sql, params (string Name, object? Value)[] parameters)
    {
        await using var command = Command(sql);
        foreach (var (name, value) in parameters) command.Bind(name, value);
        return await command.ExecuteNonQueryAsync();
    }
}
