using Countersign.Storage.Users;
using Countersign.Users;
using Microsoft.Data.Sqlite;

namespace Countersign.Storage.Commits;

/// <summary>A connection that loads users' states; used by one caller at a time.</summary>
internal sealed class SqliteReader : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly SqliteStatement _load;

    public SqliteReader(string connectionString)
    {
        _connection = new SqliteConnection(connectionString);
        _connection.Open();
        _load = new SqliteStatement(_connection.Handle!, LoadState);
    }

    public const string LoadState = "SELECT version, status, state, rowid FROM user_state WHERE user_id = ?1";

    public UserState? Load(UserId user) => Load(_load, user, out _);

    /// <summary>Loads a state, and the row that it is in: a write to that row needs no second search for the id.</summary>
    public static UserState? Load(SqliteStatement load, UserId user, out long row)
    {
        load.Bind(1, user.Value);
        row = 0;
        try
        {
            if (!load.Step()) return null;
            row = load.Int64(3);
            return UserStateCodec.Read(user, load.Int64(0), UserStatuses.Parse(load.Text(1)), load.Blob(2));
        }
        finally
        {
            load.Reset();
        }
    }

    public void Dispose()
    {
        _load.Dispose();
        _connection.Dispose();
    }
}
