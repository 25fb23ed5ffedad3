using System.Threading.Channels;
using Countersign.Storage.Users;
using Countersign.Users;
using Npgsql;

namespace Countersign.Storage.Commits;

/// <summary>A load that waits to be gathered with others into one query.</summary>
internal sealed class PostgresLoad(UserId user)
{
    private const string LoadStates = "SELECT user_id, version, status, state FROM user_state WHERE user_id = ANY($1)";

    private readonly TaskCompletionSource<UserState?> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<UserState?> Answer => _answer.Task;

    public static async Task RunAsync(NpgsqlDataSource source, ChannelReader<PostgresLoad> queue, int largestBatch)
    {
        var batch = new List<PostgresLoad>();
        while (await queue.WaitToReadAsync())
        {
            batch.Clear();
            while (batch.Count < largestBatch && queue.TryRead(out var load)) batch.Add(load);
            if (batch.Count == 0) continue;
            try
            {
                var states = await LoadAsync(source, batch);
                foreach (var load in batch) load._answer.TrySetResult(states.GetValueOrDefault(load.User));
            }
            catch (Exception exception)
            {
                foreach (var load in batch) load._answer.TrySetException(exception);
            }
        }
    }

    private UserId User { get; } = user;

    private static async Task<Dictionary<UserId, UserState>> LoadAsync(NpgsqlDataSource source, List<PostgresLoad> batch)
    {
        await using var connection = await source.OpenConnectionAsync();
        await using var command = new NpgsqlCommand(LoadStates, connection)
        {
            Parameters = { new NpgsqlParameter<string[]> { TypedValue = [.. batch.Select(load => load.User.Value).Distinct()] } },
        };
        await command.PrepareAsync();
        await using var rows = await command.ExecuteReaderAsync();
        return await ReadAsync(rows);
    }

    /// <summary>Reads rows of id, version, status, state.</summary>
    public static async Task<Dictionary<UserId, UserState>> ReadAsync(NpgsqlDataReader rows)
    {
        var states = new Dictionary<UserId, UserState>();
        while (await rows.ReadAsync())
        {
            var id = new UserId(rows.GetString(0));
            states[id] = UserStateCodec.Read(id, rows.GetInt64(1), UserStatuses.Parse(rows.GetString(2)), rows.GetFieldValue<byte[]>(3));
        }
        return states;
    }
}
