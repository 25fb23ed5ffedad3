using System.Data.Common;
using Countersign.Storage.SystemLog;
using Countersign.SystemLog;
using Npgsql;
using NpgsqlTypes;

namespace Countersign.Storage.Commits;

/// <summary>How a PostgreSQL transaction appends to the log: the head's row is locked last, so that numbers come without gaps and in the order of commits.</summary>
internal static class PostgresLog
{
    /// <summary>
    /// Moves the head by the number of events, which may be none, and stores them and their link. Parameters $1: count, $2: digest, $3 and $6: anchor,
    /// $4: times, $5: bodies.
    /// </summary>
    /// <param name="guard">A condition that is evaluated before the head is locked.</param>
    public static string Append(string guard = "true") => $"""
        head AS (UPDATE log_head SET seq = seq + $1, hash = CASE WHEN $1 = 0 THEN hash ELSE sha256(hash || $2) END WHERE id = 1 AND {guard} RETURNING seq, hash),
        logged AS (INSERT INTO log(seq, at, body)
                   SELECT head.seq - $1 + event.number, event.at, event.body
                   FROM head, unnest($4::bigint[], $5::bytea[]) WITH ORDINALITY AS event(at, body, number)),
        batch AS (INSERT INTO log_batch(last_seq, count, anchor_seq, anchor_hash, digest, hash) SELECT head.seq, $1, $3, $6, $2, head.hash FROM head WHERE $1 > 0)
        """;

    /// <summary>Appends events in the connection's transaction; answers the anchor and the digest by which they are found again.</summary>
    public static async Task<(LogHead Anchor, byte[] Digest)> AppendAsync(DbConnection connection, LogChain chain, List<StoredEvent> events)
    {
        LogHead anchor;
        await using (var read = (NpgsqlCommand)connection.Command("SELECT seq, hash FROM log_head WHERE id = 1"))
        await using (var row = await read.ExecuteReaderAsync())
            anchor = await row.ReadAsync() ? new LogHead(row.GetInt64(0), (byte[])row[1]) : LogHead.Empty;
        await using var append = (NpgsqlCommand)connection.Command($"WITH {Append()} SELECT seq FROM head");
        var digest = AddParameters(append.Parameters, chain, anchor, events);
        await append.ExecuteNonQueryAsync();
        return (anchor, digest);
    }

    /// <summary>Adds the parameters of <see cref="Append"/>, and answers the digest that is among them.</summary>
    public static byte[] AddParameters(NpgsqlParameterCollection parameters, LogChain chain, LogHead anchor, List<StoredEvent> events)
    {
        var digest = chain.Digest(anchor, events);
        parameters.Add(new NpgsqlParameter<long> { TypedValue = events.Count });
        parameters.Add(new NpgsqlParameter<byte[]> { TypedValue = digest, NpgsqlDbType = NpgsqlDbType.Bytea });
        parameters.Add(new NpgsqlParameter<long> { TypedValue = anchor.Seq });
        parameters.Add(new NpgsqlParameter<long[]> { TypedValue = [.. events.Select(logged => logged.At)] });
        parameters.Add(new NpgsqlParameter<byte[][]> { TypedValue = [.. events.Select(logged => logged.Body)], NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea });
        parameters.Add(new NpgsqlParameter<byte[]> { TypedValue = anchor.Hash, NpgsqlDbType = NpgsqlDbType.Bytea });
        return digest;
    }
}
