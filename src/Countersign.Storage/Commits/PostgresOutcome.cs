using Countersign.SystemLog;
using Npgsql;
using NpgsqlTypes;

namespace Countersign.Storage.Commits;

/// <summary>
/// What became of a commit whose answer was lost with its connection. Its transaction holds the row of the log's head until it ends, so whoever locks that row after it knows
/// that it has ended; and if it was committed, the digest of its events is among the links.
/// </summary>
internal static class PostgresOutcome
{
    private const int Tries = 5;
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(500);

    private const string Ended = "SELECT 1 FROM log_head WHERE id = 1 FOR UPDATE";
    private const string Find = "SELECT count(*) FROM log_batch WHERE last_seq > $1 AND digest = $2";

    /// <summary>Whether a failure leaves open whether what was sent was committed.</summary>
    public static bool IsOpen(NpgsqlConnection connection) => connection.FullState != System.Data.ConnectionState.Open;

    /// <summary>Whether the commit with this digest took place.</summary>
    /// <exception cref="NpgsqlException">The database cannot be asked.</exception>
    public static async Task<bool> IsCommittedAsync(NpgsqlDataSource source, LogHead anchor, byte[] digest)
    {
        for (var left = Tries; ; left--)
        {
            try
            {
                await using var connection = await source.OpenConnectionAsync();
                await using var transaction = await connection.BeginTransactionAsync();
                await using (var ended = new NpgsqlCommand(Ended, connection, transaction)) await ended.ExecuteScalarAsync();
                await using var find = new NpgsqlCommand(Find, connection, transaction)
                {
                    Parameters = { new NpgsqlParameter<long> { TypedValue = anchor.Seq }, new NpgsqlParameter<byte[]> { TypedValue = digest, NpgsqlDbType = NpgsqlDbType.Bytea } },
                };
                return (long)(await find.ExecuteScalarAsync())! > 0;
            }
            catch (NpgsqlException) when (left > 1)
            {
                // Pooled connections that broke at the same time fail one after the other.
                await Task.Delay(Between);
            }
        }
    }
}
