using System.Diagnostics;
using Countersign.Outbox;
using Countersign.SendLimits;
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
    public abstract Decided Decide(UserState? state, DateTimeOffset now);

    /// <summary>Decides again: a limit on what was to be sent is reached.</summary>
    public abstract Decided Refuse(SendRefusal refusal);

    /// <summary>
    /// Judges the limits of what is to be sent. When all pass they are taken; when one does not, the decision falls to what it is then, and none is.
    /// </summary>
    public Decided Judge(Decided decided, DateTimeOffset now, Func<string, SendCount> countOf, Action<string, SendCount> take)
    {
        if (decided.Limits.Count == 0) return decided;
        foreach (var limit in decided.Limits)
            if (limit.Judge(countOf(limit.Key), now) is { } refusal) return Refuse(refusal);
        foreach (var limit in decided.Limits) take(limit.Key, limit.Take(countOf(limit.Key), now));
        return decided;
    }

    /// <summary>The commit is durable: answer.</summary>
    public abstract void Complete();

    /// <summary>The commit failed: nothing of it happened.</summary>
    public abstract void Fail(Exception exception);
}

/// <summary>What a decision wants written.</summary>
/// <param name="State">The new state; null: the old one stays.</param>
/// <param name="Events">Events for the log.</param>
/// <param name="Message">A message for the outbox; null for none.</param>
/// <param name="Limits">The limits that the message must keep.</param>
internal readonly record struct Decided(UserState? State, IReadOnlyList<LogEvent> Events, OutboxMessage? Message, IReadOnlyList<SendLimit> Limits);

internal sealed class Decision<T>(UserId user, Func<UserState?, DateTimeOffset, Transition<T>> decide) : Decision(user)
{
    private readonly TaskCompletionSource<T> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Transition<T> _transition;
    private Exception? _fault;

    public Task<T> Answer => _answer.Task;

    public override Decided Decide(UserState? state, DateTimeOffset now) => Decide(state, now, refusal: null);

    public override Decided Refuse(SendRefusal refusal) => Decide(null, default, refusal);

    public override void Complete()
    {
        if (_fault is null) _answer.TrySetResult(_transition.Answer);
        else _answer.TrySetException(_fault);
    }

    public override void Fail(Exception exception) => _answer.TrySetException(new CommitFailedException("The commit failed; nothing was changed.", exception));

    private Decided Decide(UserState? state, DateTimeOffset now, SendRefusal? refusal)
    {
        try
        {
            _fault = null;
            _transition = refusal is { } refused ? _transition.Sends!.WhenRefused(refused) : decide(state, now);
            return new Decided(_transition.State, _transition.Events ?? [], _transition.Sends?.Message, _transition.Sends?.Limits ?? []);
        }
        catch (Exception exception)
        {
            _fault = exception;
            return new Decided(null, [], null, []);
        }
    }
}
