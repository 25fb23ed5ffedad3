using Countersign.Outbox;
using Countersign.Requests;
using Countersign.SendLimits;
using Countersign.SystemLog;
using Countersign.Users;

namespace Countersign.Factors;

/// <summary>One try at deciding an operation, and the transitions that it can end in: the same answers and events for every kind.</summary>
internal readonly record struct FactorStep(FactorContext Context, RequestContext By, FactorMessages Messages)
{
    public UserState User => Context.User;

    public FactorEvents Events => new(By);

    public static Transition<FactorOutcome> Refuse(Refusal refusal, DateTimeOffset? retryAt = null) => new(new FactorOutcome.Refused(refusal, retryAt));

    /// <summary>Refused for the time being, and said so in the log (contract 16.3).</summary>
    public Transition<FactorOutcome> Limit(FactorKind kind, Factor? factor, DateTimeOffset until)
        => new(new FactorOutcome.Refused(Refusal.TooManyTries, until), null, Events.Limited(User, kind, factor, "Too many tries"));

    /// <summary>A verification refused without looking at the answer, which is logged all the same.</summary>
    public Transition<FactorOutcome> Answer(FactorKind kind, Factor factor, Refusal refusal)
        => new(new FactorOutcome.Refused(refusal), null, Events.Verify(User, kind, factor, "FAILURE", "LOCKED_OUT"));

    public Transition<FactorOutcome> Verified(FactorKind kind, FactorDecision.Answered right, UserState after)
        => Claim(kind, right.Factor, right.Claim, after, new(new FactorOutcome.Verified(User.Id, right.Factor, right.Verification), after.With(right.Factor),
            [Events.Verify(User, kind, right.Factor, "SUCCESS", null) with { Details = FactorEvents.Details("remark", right.Remark) }, .. Events.Redeem(User, kind, right.Factor, "SUCCESS", null)]));

    public Transition<FactorOutcome> Challenged(FactorKind kind, FactorDecision.Answered challenged, UserState after)
        => Send(kind, challenged.Factor, challenged.Message, new(new FactorOutcome.Verified(after.Id, challenged.Factor, challenged.Verification), after.With(challenged.Factor)));

    /// <summary>A transaction's end, kept and logged. It counts for nothing but a success (contract 11.2).</summary>
    public Transition<FactorOutcome> Finished(FactorKind kind, FactorDecision.Finished finished, UserState after)
    {
        var (outcome, reason) = finished.Verification.Result switch
        {
            FactorResult.Success => ("SUCCESS", null),
            FactorResult.Rejected => ("FAILURE", "INVALID_CREDENTIALS"),
            FactorResult.Timeout => ("FAILURE", "TIMEOUT"),
            _ => (null, null),
        };
        List<LogEvent> events = [];
        if (outcome is not null)
        {
            var verified = Events.Verify(User, kind, finished.Factor, outcome, reason);
            events.Add(verified);
            foreach (var eventType in finished.AlsoLogged) events.Add(verified with { EventType = eventType });
        }
        return Send(kind, finished.Factor, finished.Message, new(new FactorOutcome.Verified(User.Id, finished.Factor, finished.Verification), after.With(finished.Factor), events));
    }

    /// <summary>An answer from elsewhere that proves nothing: logged, and counted for nothing, because anybody may send one.</summary>
    public Transition<FactorOutcome> Unproved(FactorKind kind, Factor factor, FactorDecision.Refused wrong, UserState after)
        => new(new FactorOutcome.Refused(wrong.Refusal), wrong.Factor is { } changed ? after.With(changed) : null,
            Events.Verify(User, kind, factor, "FAILURE", "INVALID_CREDENTIALS") with { Details = FactorEvents.Details("failure", wrong.Reason) });

    public Transition<FactorOutcome> Wrong(FactorKind kind, Factor factor, FactorDecision.Refused wrong, UserState after)
    {
        IReadOnlyList<LogEvent> failed =
        [
            Events.Verify(User, kind, factor, "FAILURE", "INVALID_CREDENTIALS") with { Details = FactorEvents.Details("failure", wrong.Reason) },
            .. Events.Redeem(User, kind, factor, "FAILURE", "INVALID_CREDENTIALS"),
        ];
        return new(new FactorOutcome.Refused(wrong.Refusal), after,
            after.Status == UserStatus.LockedOut ? [.. failed, Events.User(LogEventTypes.AccountLock, User, "Number of failed logins exceeds threshold")] : failed);
    }

    /// <summary>The transition of a decision that is no verification: the factor is kept and shown, or the refusal told.</summary>
    /// <param name="kind">The factor's kind.</param>
    /// <param name="decision">What it decided.</param>
    /// <param name="after">The user's state to go on from.</param>
    /// <param name="wrongChanges">Whether a refusal keeps <paramref name="after"/> too, because a try was counted in it.</param>
    /// <param name="factor">The factor as it was; null when it is enrolled with this.</param>
    public Transition<FactorOutcome> Keep(FactorKind kind, FactorDecision decision, UserState after, bool wrongChanges = false, Factor? factor = null)
    {
        switch (decision)
        {
            case FactorDecision.Becomes becomes:
                var state = after.With(becomes.Factor);
                if (becomes.Factor.Status == FactorStatus.Active) state = kind.Remember(state, becomes.Factor);
                return Claim(kind, becomes.Factor, becomes.Claim, after,
                    Send(kind, becomes.Factor, becomes.Message, new(new FactorOutcome.Shown(state, becomes.Factor) { Once = becomes.ShownOnce }, state, Events.Change(User, kind, becomes.Factor))), wrongChanges);
            case FactorDecision.Answered answered:
                return Challenged(kind, answered, after);
            case FactorDecision.Told told:
                return new(new FactorOutcome.Verified(User.Id, told.Factor, told.Verification));
            case FactorDecision.Refused { Counts: true } wrong:
                return new(new FactorOutcome.Refused(wrong.Refusal), wrong.Factor is { } failed ? after.With(failed) : wrongChanges ? after : null,
                    wrong.Reason is { } reason ? [Events.Failed(User, kind, factor, reason)] : []);
            case FactorDecision.Refused { Factor: { } kept } asking:
                return new(new FactorOutcome.Refused(asking.Refusal) { Prompt = asking.Prompt }, after.With(kept), Events.Verify(User, kind, kept, "CHALLENGE", "NEXT_CODE_NEEDED"));
            case FactorDecision.Refused refused:
                return Refuse(refused.Refusal, refused.RetryAt);
            case FactorDecision.Ask ask:
                return new(new FactorOutcome.MustAsk(kind, ask.Question));
            default:
                throw new InvalidOperationException($"{decision.GetType().Name} is not a decision");
        }
    }

    /// <summary>The transition with the claim that it depends on.</summary>
    private Transition<FactorOutcome> Claim(
        FactorKind kind, Factor factor, FactorClaim? claim, UserState after, Transition<FactorOutcome> claimed, bool wrongChanges = false)
    {
        if (claim is null) return claimed;
        var step = this;
        return claimed with { Claims = new(claim.Change, () => step.Keep(kind, claim.WhenRefused, after, wrongChanges, factor)) };
    }

    /// <summary>The transition with the message that goes with it; or, when one that it needs may not be sent, the refusal in its place.</summary>
    private Transition<FactorOutcome> Send(FactorKind kind, Factor factor, FactorMessage? message, Transition<FactorOutcome> kept)
    {
        if (message is null) return kept;
        var step = this;
        if (Messages.Refuses(message, Context) is { } blocked) return Deny(blocked.Refusal, "BLOCKED", blocked.Until);
        var written = Messages.Write(message, factor, Context, By);
        if (written.Count == 0) return kept;
        return kept with
        {
            Answer = kept.Answer with { Sent = written[0] },
            Events = [.. kept.Events, .. written.SelectMany(Written)],
            Sends = new(written, Messages.Limits(message, Context, By), refused => Limited(refused)),
        };

        IEnumerable<LogEvent> Written(OutboxMessage one) => one.Status switch
        {
            // What waits is logged when it is known what became of it.
            OutboxStatus.Waiting => [],
            OutboxStatus.Kept => [step.Events.Message(step.User, kind, factor, message, "SUCCESS", "Kept in the outbox") with { Details = FactorMessages.Details(one) }],
            _ => [step.Events.Message(step.User, kind, factor, message, "FAILURE", "The text has no room for the code") with { Details = FactorMessages.Details(one) }],
        };

        Transition<FactorOutcome> Limited(SendRefusal refused)
        {
            var refusal = SendGuard.RefusalOf(message.Channel, refused.Kind);
            return refused.Kind == SendLimitKind.Spacing
                ? new(new FactorOutcome.Refused(refusal, refused.Until), null, step.Events.Limited(step.User, kind, factor, "Sent a moment ago"))
                : Deny(refusal, $"LIMITED: {refused.Kind}", refused.Until);
        }

        Transition<FactorOutcome> Deny(Refusal refusal, string reason, DateTimeOffset? until)
            => new(new FactorOutcome.Refused(refusal, until), null, step.Events.Message(step.User, kind, factor, message, "DENY", reason));
    }
}
