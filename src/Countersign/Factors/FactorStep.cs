using Countersign.Requests;
using Countersign.SystemLog;
using Countersign.Users;

namespace Countersign.Factors;

/// <summary>One try at deciding an operation, and the transitions that it can end in: the same answers and events for every kind.</summary>
internal readonly record struct FactorStep(FactorContext Context, RequestContext By)
{
    public UserState User => Context.User;

    public FactorEvents Events => new(By);

    public static Transition<FactorOutcome> Refuse(Refusal refusal, DateTimeOffset? retryAt = null) => new(new FactorOutcome.Refused(refusal, retryAt));

    /// <summary>Refused for the time being, and said so in the log (contract 16.3).</summary>
    public Transition<FactorOutcome> Limit(FactorKind kind, Factor factor, DateTimeOffset until)
        => new(new FactorOutcome.Refused(Refusal.TooManyTries, until), null, Events.Limited(User, kind, factor));

    /// <summary>A verification refused without looking at the answer, which is logged all the same.</summary>
    public Transition<FactorOutcome> Answer(FactorKind kind, Factor factor, Refusal refusal)
        => new(new FactorOutcome.Refused(refusal), null, Events.Verify(User, kind, factor, "FAILURE", "LOCKED_OUT"));

    public Transition<FactorOutcome> Verified(FactorKind kind, FactorDecision.Answered right, UserState after)
        => new(new FactorOutcome.Verified(User.Id, right.Factor, right.Verification), after.With(right.Factor), Events.Verify(User, kind, right.Factor, "SUCCESS", null));

    public static Transition<FactorOutcome> Challenged(FactorDecision.Answered challenged, UserState after)
        => new(new FactorOutcome.Verified(after.Id, challenged.Factor, challenged.Verification), after.With(challenged.Factor));

    public Transition<FactorOutcome> Wrong(FactorKind kind, Factor factor, Refusal refusal, UserState after)
    {
        var failed = Events.Verify(User, kind, factor, "FAILURE", "INVALID_CREDENTIALS");
        return new(new FactorOutcome.Refused(refusal), after,
            after.Status == UserStatus.LockedOut ? [failed, Events.User(LogEventTypes.AccountLock, User, "Number of failed logins exceeds threshold")] : [failed]);
    }

    /// <summary>The transition of a decision that is no verification: the factor is kept and shown, or the refusal told.</summary>
    /// <param name="kind">The factor's kind.</param>
    /// <param name="decision">What it decided.</param>
    /// <param name="after">The user's state to go on from.</param>
    /// <param name="wrongChanges">Whether a refusal keeps <paramref name="after"/> too, because a try was counted in it.</param>
    public Transition<FactorOutcome> Keep(FactorKind kind, FactorDecision decision, UserState after, bool wrongChanges = false)
    {
        switch (decision)
        {
            case FactorDecision.Becomes becomes:
                var state = after.With(becomes.Factor);
                return new(new FactorOutcome.Shown(state, becomes.Factor), state, Events.Change(User, kind, becomes.Factor));
            case FactorDecision.Answered answered:
                return Challenged(answered, after);
            case FactorDecision.Refused { Counts: true } wrong:
                return new(new FactorOutcome.Refused(wrong.Refusal), wrongChanges ? after : null);
            case FactorDecision.Refused refused:
                return Refuse(refused.Refusal);
            case FactorDecision.Ask ask:
                return new(new FactorOutcome.MustAsk(kind, ask.Question));
            default:
                throw new InvalidOperationException($"{decision.GetType().Name} is not a decision");
        }
    }
}
