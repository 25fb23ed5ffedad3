using System.Diagnostics;
using Countersign.Claims;
using Countersign.Factors;
using Countersign.Outbox;
using Countersign.SendLimits;
using Countersign.Storage.Claims;
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

    /// <summary>Decides again: what was to be claimed is somebody else's.</summary>
    public abstract Decided RefuseClaim();

    /// <summary>Makes the changes of claims; when one is refused, the decision falls to what it is then.</summary>
    public async ValueTask<Decided> ClaimAsync(Decided decided, Work work)
    {
        if (decided.Claim is { } claim && !await ClaimRows.ChangeAsync(work, User, claim)) return RefuseClaim();
        await ClaimRows.ReleaseAsync(work, User, decided.Gone);
        return decided;
    }

    /// <summary>Loads, decides and writes in a transaction of its own.</summary>
    public async ValueTask RunAsync(Work work)
    {
        var decided = await ClaimAsync(Decide(await work.LoadStateAsync(User), work.Now), work);
        // What sends is bound by limits, which the shared commits alone keep.
        if (decided.Messages.Count > 0) throw new InvalidOperationException("a decision that changes a claim sends nothing");
        if (decided.State is { } state) await work.SaveStateAsync(state);
        foreach (var logged in decided.Events) work.Log(logged);
    }

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
/// <param name="Messages">Messages for the outbox.</param>
/// <param name="Limits">The limits that the messages must keep.</param>
/// <param name="Claim">A change of a claim; null for none.</param>
/// <param name="Gone">The factors whose claims end.</param>
internal readonly record struct Decided(
    UserState? State, IReadOnlyList<LogEvent> Events, IReadOnlyList<OutboxMessage> Messages, IReadOnlyList<SendLimit> Limits, ClaimChange? Claim, IReadOnlyList<FactorId> Gone)
{
    /// <summary>Nothing.</summary>
    public static readonly Decided Nothing = new(null, [], [], [], null, []);

    /// <summary>Whether rows of claims change with it.</summary>
    public bool ChangesClaims => Claim is not null || Gone.Count > 0;
}

internal sealed class Decision<T>(UserId user, Func<UserState?, DateTimeOffset, Transition<T>> decide) : Decision(user)
{
    private readonly TaskCompletionSource<T> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Transition<T> _transition;
    private Exception? _fault;

    public Task<T> Answer => _answer.Task;

    public override Decided Decide(UserState? state, DateTimeOffset now) => Try(state, () => decide(state, now));

    public override Decided Refuse(SendRefusal refusal) => Try(null, () => _transition.Sends!.WhenRefused(refusal));

    public override Decided RefuseClaim() => Try(null, () => _transition.Claims!.WhenRefused());

    public override void Complete()
    {
        if (_fault is null) _answer.TrySetResult(_transition.Answer);
        else _answer.TrySetException(_fault);
    }

    public override void Fail(Exception exception) => _answer.TrySetException(new CommitFailedException("The commit failed; nothing was changed.", exception));

    private Decided Try(UserState? before, Func<Transition<T>> decide)
    {
        try
        {
            _fault = null;
            _transition = decide();
            return new Decided(_transition.State, _transition.Events ?? [], _transition.Sends?.Messages ?? [], _transition.Sends?.Limits ?? [], _transition.Claims?.Change,
                before is not null && _transition.State is { } after ? ClaimRows.Gone(before, after) : []);
        }
        catch (Exception exception)
        {
            _fault = exception;
            return Decided.Nothing;
        }
    }
}
