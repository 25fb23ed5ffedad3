using System.Data.Common;
using Countersign.Factors;
using Countersign.Outbox;
using Countersign.Storage.Commits;
using Countersign.Users;

namespace Countersign.Storage.Outbox;

/// <summary>How a message is read from its row.</summary>
internal static class OutboxRows
{
    public const string Columns = "id, channel, recipient, user_id, factor_id, purpose, created, expires, status, updated, attempts, provider, reference, reason, content";

    /// <summary>A recipient as it is looked for.</summary>
    public static string Key(string recipient) => recipient.ToLowerInvariant();

    public static OutboxEntry Read(DbDataReader row) => new()
    {
        Id = row.GetString(0),
        Channel = Channels.Parse(row.GetString(1)),
        Recipient = row.GetString(2),
        User = row.GetStringOrNull(3) is { } user ? new UserId(user) : null,
        Factor = row.GetStringOrNull(4) is { } factor ? new FactorId(factor) : null,
        Purpose = (MessagePurpose)row.GetInt64(5),
        Created = DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(6)),
        Expires = DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(7)),
        Status = OutboxStatuses.Parse(row.GetString(8)),
        Updated = DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(9)),
        Attempts = (int)row.GetInt64(10),
        Provider = row.GetStringOrNull(11),
        Reference = row.GetStringOrNull(12),
        Reason = row.GetStringOrNull(13),
        Content = row.IsDBNull(14) ? default(ReadOnlyMemory<byte>) : (byte[])row[14],
    };
}
