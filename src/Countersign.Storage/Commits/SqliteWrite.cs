using Countersign.Storage.SystemLog;
using Countersign.Users;
using Microsoft.Data.Sqlite;

namespace Countersign.Storage.Commits;

/// <summary>Statements that travel in a shared transaction under a savepoint of their own: when they fail, the others do not.</summary>
internal abstract class SqliteWrite
{
    public abstract void Run(SqliteConnection connection, List<StoredEvent> events, DateTimeOffset now);
    public abstract void Complete();
    public abstract void Fail(Exception exception);
}

internal sealed class SqliteWrite<T>(Func<Work, ValueTask<T>> work) : SqliteWrite
{
    private readonly TaskCompletionSource<T> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T? _result;
    private Exception? _fault;

    public Task<T> Answer => _answer.Task;

    public override void Run(SqliteConnection connection, List<StoredEvent> events, DateTimeOffset now)
    {
        var step = new Work(connection, locksRows: false, now);
        Execute(connection, "SAVEPOINT work");
        try
        {
            var running = work(step);
            // The SQLite provider does all of its work before it returns, so this never waits.
            _result = running.IsCompleted ? running.GetAwaiter().GetResult() : throw new InvalidOperationException("work in a SQLite transaction must not wait for anything else");
            events.AddRange(step.Events);
            Execute(connection, "RELEASE work");
        }
        catch (Exception exception)
        {
            Execute(connection, "ROLLBACK TO work; RELEASE work");
            _fault = exception;
        }
    }

    public override void Complete()
    {
        if (_fault is null) _answer.TrySetResult(_result!);
        else _answer.TrySetException(_fault);
    }

    public override void Fail(Exception exception) => _answer.TrySetException(new CommitFailedException("The commit failed; nothing was changed.", exception));

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.Command(sql);
        command.ExecuteNonQuery();
    }
}
