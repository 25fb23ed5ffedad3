using Microsoft.Data.Sqlite;
using Microsoft.Win32.SafeHandles;

namespace Countersign.Storage.Commits;

/// <summary>
/// Copies what was committed from SQLite's write-ahead log into the database file, on a thread of its own, so that no commit waits for it. While commits go on there
/// is always something left that only the writer can finish, between two commits; it is asked to when all else is done, and then the log begins anew.
/// </summary>
internal sealed class SqliteCheckpoints : IDisposable
{
    // Pages; some 60 MB. A page that was changed often is copied once a pass, so fewer passes copy less.
    private const int Pass = 30_000;

    private readonly AutoResetEvent _due = new(initialState: false);
    private readonly Thread _thread;
    private readonly string _connectionString;
    // Closed after every connection of SQLite's: closing it gives up the locks that they hold on the same file.
    private readonly SafeFileHandle _file;
    private int _changed;
    private volatile bool _isAlmostDone, _closed;

    public SqliteCheckpoints(string connectionString)
    {
        _connectionString = connectionString;
        _file = File.OpenHandle(new SqliteConnectionStringBuilder(connectionString).DataSource, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        _thread = new Thread(Run) { IsBackground = true, Name = "SQLite checkpoints" };
        _thread.Start();
    }

    /// <summary>The writer committed a change of so many pages. True: it is to checkpoint now, which is short because most is done.</summary>
    public bool Changed(int pages)
    {
        _changed += pages;
        if (_changed >= Pass)
        {
            _changed = 0;
            _due.Set();
        }
        if (!_isAlmostDone) return false;
        _isAlmostDone = false;
        return true;
    }

    /// <summary>Copies what can be copied.</summary>
    public static void Checkpoint(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA wal_checkpoint(PASSIVE)";
        command.ExecuteNonQuery();
    }

    public void Dispose()
    {
        _closed = true;
        _due.Set();
        _thread.Join();
        _due.Dispose();
    }

    private void Run()
    {
        using var connection = new SqliteConnection(_connectionString);
        connection.Open();
        while (_due.WaitOne() && !_closed)
        {
            try
            {
                // SQLite flushes the file only when all is copied, and that is the writer's part: what it would wait for is done here, and what came meanwhile once more.
                for (var round = 0; round < 2; round++)
                {
                    Checkpoint(connection);
                    RandomAccess.FlushToDisk(_file);
                }
                _isAlmostDone = true;
            }
            catch (Exception exception) when (exception is SqliteException or IOException)
            {
                // The disk is full or fails. The log only grows by it, and commits say what is wrong; the next pass tries again.
            }
        }
    }
}
