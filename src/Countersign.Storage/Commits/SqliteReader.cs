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

    public const string LoadState = "SELECT version, status, state FROM user_state WHERE user_id = ?1";

    public UserState? Load(UserId user) => Load(_load, user);

    public static UserState? Load(SqliteStatement load, UserId user)
    {
        load.Bind(1, user.Value);
        try
        {
            return load.Step() ? UserStateCodec.Read(user, load.Int64(0), UserStatuses.Parse(load.Text(1)), load.Blob(2)) : null;
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
