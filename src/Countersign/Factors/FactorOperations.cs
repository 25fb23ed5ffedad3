using Countersign.Attempts;
using Countersign.Organization;
using Countersign.Outbox;
using Countersign.Requests;
using Countersign.Signals;
using Countersign.SystemLog;
using Countersign.Telemetry;
using Countersign.Users;

namespace Countersign.Factors;

/// <summary>
/// The operations on a user's factors (contract 8), each the same four steps for every kind: load, decide, commit, render. What all kinds share is here:
/// who may, how tries are counted, what is logged; the rest is the kind's.
/// </summary>
public sealed partial class FactorOperations(
    IUserCommits commits, IOrganizationStore organizations, FactorKinds kinds, AttemptRules attempts, FactorLimits limits, FactorMessages messages, SentMessages sent,
    ISignals signals, TimeProvider clock)
{
    /// <summary>The factors to show, in the order of contract 8.1; null when there is no such user.</summary>
    public async Task<(UserState User, IReadOnlyList<Factor> Factors)?> ListAsync(UserId userId, CancellationToken cancellationToken)
    {
        var organization = await organizations.GetAsync(cancellationToken);
        return await commits.LoadAsync(userId, cancellationToken) is not { } user ? null
            : (user, [.. user.Factors.Where(factor => organization.Allows(kinds.Of(factor).OrgFactor)).OrderBy(factor => kinds.Of(factor).ListOrder)]);
    }

    /// <summary>The kinds that the user may enroll, and whether one is set up already (contract 8.2); null when there is no such user.</summary>
    public async Task<(UserState User, IReadOnlyList<(FactorKind Kind, bool IsActive)> Kinds)?> CatalogAsync(UserId userId, CancellationToken cancellationToken)
    {
        var organization = await organizations.GetAsync(cancellationToken);
        if (await commits.LoadAsync(userId, cancellationToken) is not { } user) return null;
        return (user, [.. kinds.All.Where(kind => kind.IsAvailable && organization.Allows(kind.OrgFactor))
            .Select(kind => (kind, user.Factors.Any(factor => factor.Status == FactorStatus.Active && kinds.Of(factor) == kind)))]);
    }

    /// <summary>One factor.</summary>
    public async Task<FactorOutcome> GetAsync(UserId userId, FactorId factorId, CancellationToken cancellationToken)
    {
        var organization = await organizations.GetAsync(cancellationToken);
        if (await commits.LoadAsync(userId, cancellationToken) is not { } user) return new FactorOutcome.Refused(Refusal.UserNotFound);
        return Find(user, factorId.Value, organization) is { } factor
            ? new FactorOutcome.Shown(user, factor)
            : new FactorOutcome.Refused(Refusal.FactorNotFound);
    }

    /// <summary>Enrolls a factor, or starts the pending one of its kind again (contract 8.4).</summary>
    public Task<FactorOutcome> EnrollAsync(UserId userId, EnrollRequest request, RequestContext by, CancellationToken cancellationToken)
    {
        var (kind, refusal) = kinds.Find(request.FactorType, request.Provider);
        if (kind is null) return Task.FromResult<FactorOutcome>(new FactorOutcome.Refused(refusal));
        return RunAsync(userId, by, (step) =>
        {
            var (user, organization) = (step.User, step.Context.Organization);
            if (user.Status is UserStatus.Deprovisioned) return FactorStep.Refuse(Refusal.UserStatusForbids);
            if (!kind.IsAvailable || !organization.Allows(kind.OrgFactor)) return FactorStep.Refuse(Refusal.NotEnabled);
            var same = user.Factors.Where(factor => factor.FactorType == kind.FactorType && factor.Provider == kind.Provider).ToList();
            if (!kind.AllowsSeveral && same.Any(factor => factor.Status != FactorStatus.PendingActivation)) return FactorStep.Refuse(Refusal.AlreadySetUp);
            var pending = same.Find(factor => factor.Status == FactorStatus.PendingActivation);
            if (pending is null && user.Factors.Length >= limits.PerUser) return FactorStep.Refuse(Refusal.TooManyFactors);
            if (!kind.LimitsEnrollments) return step.Keep(kind, kind.Enroll(request, pending, step.Context), user);
            if (attempts.ActivationsFullUntil(user, step.Context.Now) is { } until) return step.Limit(kind, pending, until);
            var counted = attempts.CountActivation(user, step.Context.Now);
            return step.Keep(kind, kind.Enroll(request, pending, step.Context with { User = counted }), counted, wrongChanges: true);
        }, cancellationToken);
    }

    /// <summary>Activates a pending factor (contract 8 operation 8), tries limited as in contract 4.2.</summary>
    public async Task<FactorOutcome> ActivateAsync(UserId userId, FactorId factorId, VerifyRequest request, RequestContext by, CancellationToken cancellationToken)
    {
        var outcome = await DecideActivationAsync(userId, factorId, request, polls: false, by, cancellationToken);
        if (outcome is FactorOutcome.Shown { Factor: { Status: FactorStatus.Active } active }) sent.Verified(kinds.Of(active).PhoneOf(active));
        return outcome;
    }

    private Task<FactorOutcome> DecideActivationAsync(
        UserId userId, FactorId factorId, VerifyRequest request, bool polls, RequestContext by, CancellationToken cancellationToken)
        => RunAsync(userId, factorId.Value, by, (step, kind, factor) =>
        {
            var user = step.User;
            if (polls && !kind.AnswersElsewhere) return FactorStep.Refuse(Refusal.NotInExpectedState);
            if (user.Status is UserStatus.Deprovisioned) return FactorStep.Refuse(Refusal.UserStatusForbids);
            if (user.Status is UserStatus.LockedOut) return FactorStep.Refuse(Refusal.UserLocked);
            // Whoever polls is told of the end of it by the factor itself (contract 9.6).
            if (kind.AnswersElsewhere && factor.Status == FactorStatus.Active) return new(new FactorOutcome.Shown(user, factor));
            if (factor.Status != FactorStatus.PendingActivation) return FactorStep.Refuse(Refusal.NotInExpectedState);
            if (!kind.LimitsActivations) return step.Keep(kind, kind.Activate(factor, request, step.Context), user, factor: factor);
            if (attempts.ActivationsFullUntil(user, step.Context.Now) is { } until) return step.Limit(kind, factor, until);
            var counted = attempts.CountActivation(user, step.Context.Now);
            var decision = kind.Activate(factor, request, step.Context with { User = counted });
            return step.Keep(kind, decision, counted, wrongChanges: true, factor);
        }, cancellationToken, polls || request.IsEmpty ? First.Read : First.Commit);

    /// <summary>Changes an active factor's profile (contract 8 operation 6).</summary>
    public Task<FactorOutcome> UpdateAsync(UserId userId, FactorId factorId, EnrollRequest request, RequestContext by, CancellationToken cancellationToken)
        => RunAsync(userId, factorId.Value, by, (step, kind, factor) =>
            step.User.Status is UserStatus.Deprovisioned ? FactorStep.Refuse(Refusal.UserStatusForbids)
            : factor.Status != FactorStatus.Active ? FactorStep.Refuse(Refusal.NotInExpectedState)
            : step.Keep(kind, kind.Update(factor, request, step.Context), step.User), cancellationToken);

    /// <summary>Sends a pending factor's activation again (contract 8.6), unless activation was tried too often (4.2).</summary>
    public Task<FactorOutcome> ResendAsync(UserId userId, FactorId factorId, EnrollRequest request, RequestContext by, CancellationToken cancellationToken)
        => RunAsync(userId, factorId.Value, by, (step, kind, factor) =>
            step.User.Status is UserStatus.Deprovisioned ? FactorStep.Refuse(Refusal.UserStatusForbids)
            : factor.Status != FactorStatus.PendingActivation ? FactorStep.Refuse(Refusal.NotInExpectedState)
            : kind.LimitsActivations && attempts.ActivationsFullUntil(step.User, step.Context.Now) is { } until ? step.Limit(kind, factor, until)
            : step.Keep(kind, kind.Resend(factor, request, step.Context), step.User), cancellationToken);

    /// <summary>Removes a factor, whatever its state (contract 8.5). What its secret was used for is remembered.</summary>
    /// <param name="userId">The user.</param>
    /// <param name="factorId">The factor.</param>
    /// <param name="forgetsPhone">Whether the number that the factor had is forgotten too.</param>
    /// <param name="by">Who asks.</param>
    /// <param name="cancellationToken">Gives up waiting; what was committed stays.</param>
    public Task<FactorOutcome> UnenrollAsync(UserId userId, FactorId factorId, bool forgetsPhone, RequestContext by, CancellationToken cancellationToken)
        => RunAsync(userId, factorId.Value, by, (step, kind, factor) =>
        {
            if (step.User.Status is UserStatus.Deprovisioned) return FactorStep.Refuse(Refusal.UserStatusForbids);
            var state = step.User.Unenroll(factor, kind, step.Context.Now);
            if (forgetsPhone && kind.PhoneOf(factor) is { } phone && phone == state.KnownPhone) state = state with { KnownPhone = null };
            List<LogEvent> events = [step.Events.Factor(LogEventTypes.FactorDeactivate, step.User, kind, factor)];
            for (var waiting = new Queue<FactorId>(kind.CompanionsOf(factor)); waiting.TryDequeue(out var id);)
            {
                if (state.Find(id) is not { } companion) continue;
                var itsKind = kinds.Of(companion);
                state = state.Unenroll(companion, itsKind, step.Context.Now);
                events.Add(step.Events.Factor(LogEventTypes.FactorDeactivate, step.User, itsKind, companion));
                foreach (var next in itsKind.CompanionsOf(companion)) waiting.Enqueue(next);
            }
            return new(new FactorOutcome.Removed(), state, events);
        }, cancellationToken);

    /// <summary>
    /// Challenges a factor or judges an answer (contract 8.7, 11). The try is counted before it is known whether the answer is right, on the state that the
    /// commit is guarded by: a lock that another request put there in the meantime is seen.
    /// </summary>
    /// <param name="userId">The user.</param>
    /// <param name="factor">The factor's id, or the type of the only active factor of that type.</param>
    /// <param name="request">The answer, or nothing.</param>
    /// <param name="by">Who asks.</param>
    /// <param name="cancellationToken">Gives up waiting; what was committed stays.</param>
    public Task<FactorOutcome> VerifyAsync(UserId userId, string factor, VerifyRequest request, RequestContext by, CancellationToken cancellationToken)
    {
        if (!FactorMeter.IsWatched) return DecideAsync(tried: null);
        return WatchAsync();

        async Task<FactorOutcome> DecideAsync(Action<FactorKind>? tried)
        {
            var outcome = await VerifyAsync(userId, factor, request, by, tried, cancellationToken);
            if (outcome is FactorOutcome.Verified { Verification.Result: FactorResult.Success } right) sent.Verified(kinds.Of(right.Factor).PhoneOf(right.Factor));
            return outcome;
        }

        async Task<FactorOutcome> WatchAsync()
        {
            using var activity = FactorMeter.Begin();
            FactorKind? tried = null;
            var outcome = await DecideAsync(kind => tried = kind);
            FactorMeter.Count(tried, outcome, activity);
            return outcome;
        }
    }

    private Task<FactorOutcome> VerifyAsync(
        UserId userId, string factor, VerifyRequest request, RequestContext by, Action<FactorKind>? tried, CancellationToken cancellationToken)
        => RunAsync(userId, factor, by, (step, kind, found) =>
        {
            var now = step.Context.Now;
            if (request.Key is { } known && step.User.KeptAnswers.Find(known, found.Id, now) is { } kept) return new(kept.Tell(step.User.Id, found));
            tried?.Invoke(kind);
            var user = attempts.EndLock(step.User, now);
            if (user.Status is UserStatus.LockedOut) return step.Answer(kind, found, Refusal.UserLocked);
            if (user.Status is UserStatus.Deprovisioned or UserStatus.Suspended) return FactorStep.Refuse(Refusal.UserStatusForbids);
            if (found.Status != FactorStatus.Active) return FactorStep.Refuse(Refusal.NotInExpectedState);
            if (attempts.WrongFullUntil(user, now) is { } until) return step.Limit(kind, found, until);
            var counted = attempts.Count(user, now);
            var transition = kind.Verify(found, request, step.Context with { User = counted }) switch
            {
                FactorDecision.Answered { Verification.Result: FactorResult.Success } right
                    => step.Verified(kind, right, AttemptRules.Succeed(counted, user)),
                FactorDecision.Answered challenged => step.Challenged(kind, challenged, user),
                FactorDecision.Refused { RetryAt: { } retryAt } => step.Limit(kind, found, retryAt),
                FactorDecision.Refused { Counts: true } wrong => step.Wrong(kind, found, wrong, attempts.LockWhenDue(wrong.Factor is { } changed ? counted.With(changed) : counted, now)),
                var other => step.Keep(kind, other, user),
            };
            return Keep(request.Key, found.Id, Unlocked(step, user, transition), now);
        }, cancellationToken, request.SignatureData is not null || request.Answer is not null ? First.Ask : First.Commit);

    /// <summary>The transition, and beside it what it came to, for whoever asks again.</summary>
    private static Transition<FactorOutcome> Keep(string? key, FactorId factor, Transition<FactorOutcome> transition, DateTimeOffset now)
        => key is null || transition.State is not { } state || KeptAnswer.Of(key, factor, transition.Answer, now) is not { } answer ? transition
            : transition with { State = state with { KeptAnswers = state.KeptAnswers.Put(answer, now) } };

    /// <summary>The transition, and beside it that the user's lock ended by itself, if it did.</summary>
    private static Transition<FactorOutcome> Unlocked(FactorStep step, UserState user, Transition<FactorOutcome> transition)
        => user == step.User || transition.State is null ? transition
            : transition with { Events = [step.Events.User(LogEventTypes.AccountUnlock, user, "Lockout time is over"), .. transition.Events] };

    /// <summary>Decides on one factor of a user, which its id or type names.</summary>
    internal Task<FactorOutcome> RunAsync(
        UserId userId, string factorRef, RequestContext by, Func<FactorStep, FactorKind, Factor, Transition<FactorOutcome>> decide, CancellationToken cancellationToken,
        First first = First.Commit)
        => RunAsync(userId, by, step => Find(step.User, factorRef, step.Context.Organization) is { } factor
            ? decide(step, kinds.Of(factor), factor)
            : FactorStep.Refuse(Refusal.FactorNotFound), cancellationToken, first);

    /// <param name="userId">The user.</param>
    /// <param name="by">Who asks.</param>
    /// <param name="decide">The decision.</param>
    /// <param name="cancellationToken">Gives up waiting; what was committed stays.</param>
    /// <param name="first">What is done before a commit is waited for.</param>
    private async Task<FactorOutcome> RunAsync(
        UserId userId, RequestContext by, Func<FactorStep, Transition<FactorOutcome>> decide, CancellationToken cancellationToken, First first = First.Commit)
    {
        var organization = await organizations.GetAsync(cancellationToken);
        object? answer = null;
        var wakes = false;
        while (first != First.Commit)
        {
            var seen = Decide(await commits.LoadAsync(userId, cancellationToken), clock.GetUtcNow());
            if (seen.Answer is FactorOutcome.MustAsk question) answer = await question.Kind.AskAsync(question.Question, cancellationToken);
            else if (first == First.Read && seen.ChangesNothing) return seen.Answer;
            else break;
            if (first == First.Ask) break;
        }
        while (true)
        {
            var outcome = await commits.DecideAsync(userId, Decide, cancellationToken);
            if (wakes) signals.Raise(userId);
            if (outcome.Sent is { } message) return await sent.AcceptAsync(message, organization, cancellationToken) is { } failed ? new FactorOutcome.Refused(failed) : outcome;
            if (outcome is not FactorOutcome.MustAsk ask) return outcome;
            answer = await ask.Kind.AskAsync(ask.Question, cancellationToken);
        }

        Transition<FactorOutcome> Decide(UserState? user, DateTimeOffset now)
        {
            var transition = user is null
                ? new(new FactorOutcome.Refused(Refusal.UserNotFound))
                : decide(new FactorStep(new FactorContext(user, organization, now, answer) { By = by }, by, messages));
            wakes = user is not null && transition.State is { } after && ChangesElsewhere(user, after);
            return transition;
        }
    }

    /// <summary>
    /// Whether a factor came, changed or went whose answers come from elsewhere: whoever waits for them is woken. What a request names that changes nothing wakes nobody, for anybody can send that.
    /// </summary>
    private bool ChangesElsewhere(UserState before, UserState after) => HasOthers(before, after) || HasOthers(after, before);

    private bool HasOthers(UserState one, UserState other)
    {
        foreach (var factor in one.Factors)
            if (!ReferenceEquals(factor, other.Find(factor.Id)) && kinds.Of(factor).AnswersElsewhere) return true;
        return false;
    }

    /// <summary>What an operation does before it waits for a commit.</summary>
    internal enum First
    {
        /// <summary>Nothing.</summary>
        Commit,
        /// <summary>It is known that the kind will ask: what it asks is decided on a state that is only read, and no commit is waited for twice.</summary>
        Ask,
        /// <summary>Mostly nothing changes: it is decided on a state that is only read, and what changes nothing is answered at once.</summary>
        Read,
    }

    private Factor? Find(UserState user, string factorRef, OrganizationSettings organization)
    {
        var found = user.Find(new FactorId(factorRef)) ?? OnlyActiveOfType(user, factorRef);
        return found is not null && organization.Allows(kinds.Of(found).OrgFactor) ? found : null;
    }

    private static Factor? OnlyActiveOfType(UserState user, string factorType)
    {
        Factor? only = null;
        foreach (var factor in user.Factors)
        {
            if (factor.FactorType != factorType || factor.Status != FactorStatus.Active) continue;
            if (only is not null) return null;
            only = factor;
        }
        return only;
    }
}
