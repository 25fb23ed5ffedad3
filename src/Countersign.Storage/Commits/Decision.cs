using System.Diagnostics;
using Countersign.Storage.Telemetry;
using Countersign.SystemLog;
using Countersign.Users;

namespace Countersign.Storage.Commits;

/// <summary>One request's decision, waiting for the commit that it shares.</summary>
internal abstract class Decision(UserId user)
{
    public UserId User { get; } = user;

    /// <summary>The request's place in its trace, when there is one.</summary>
    public ActivityContext Request { get; } = CommitMeter.Waiting();

    /// <summary>Decides on the state as loaded; an exception of the decision is kept for the caller, and the decision changes nothing.</summary>
    public abstract (UserState? State, IReadOnlyList<LogEvent> Events) Decide(UserState? state, DateTimeOffset now);

    /// <summary>The commit is durable: answer.</summary>
    public abstract void Complete();

    /// <summary>The commit failed: nothing of it happened.</summary>
    public abstract void Fail(Exception exception);
}

internal sealed class Decision<T>(UserId user, Func<UserState?, DateTimeOffset, Transition<T>> decide) : Decision(user)
{
    private readonly TaskCompletionSource<T> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Transition<T> _transition;
    private Exception? _fault;

    public Task<T> Answer => _answer.Task;

    public override (UserState? State, IReadOnlyList<LogEvent> Events) Decide(UserState? state, DateTimeOffset now)
    {
        try
        {
            _fault = null;
            _transition = decide(state, now);
            return (_transition.State, _transition.Events ?? []);
        }
        catch (Exception exception)
        {
            _fault = exception;
            return (null, []);
        }
    }

    public override void Complete()
    {
        if (_fault is null) _answer.TrySetResult(_transition.Answer);
        else _answer.TrySetException(_fault);
    }

    public override void Fail(Exception exception) => _answer.TrySetException(new CommitFailedException("The commit failed; nothing was changed.", exception));
}
