using Countersign.Attempts;
using Countersign.Requests;
using Countersign.Telemetry;
using Countersign.Users;

namespace Countersign.Factors;

/// <summary>The operations on transactions (contract 9.6, 9.13): the same four steps as all others.</summary>
public sealed partial class FactorOperations
{
    /// <summary>Polls the activation of a pending factor whose answer comes from elsewhere (contract 8 operation 9).</summary>
    /// <param name="userId">The user.</param>
    /// <param name="factorId">The factor.</param>
    /// <param name="seenWaiting">The activation that the same poll saw waiting before: then one that is over is told, and does not begin again; null for none.</param>
    /// <param name="by">Who asks.</param>
    /// <param name="cancellationToken">Gives up waiting; what was committed stays.</param>
    public Task<FactorOutcome> PollActivationAsync(UserId userId, FactorId factorId, string? seenWaiting, RequestContext by, CancellationToken cancellationToken)
        => DecideActivationAsync(userId, factorId, new VerifyRequest { SeenWaiting = seenWaiting }, polls: true, by, cancellationToken);

    /// <summary>
    /// Says how a transaction stands (contract 8 operation 14). Whether it was answered is found out here, so that the first poll after the answer commits the end of it, and
    /// every later one reads that. A poll that changes nothing reads and waits for no commit.
    /// </summary>
    public Task<FactorOutcome> PollAsync(UserId userId, FactorId factorId, string transactionId, RequestContext by, CancellationToken cancellationToken)
        => JudgeAsync(userId, factorId, by, (step, kind, factor) => kind.Poll(factor, transactionId, step.Context), cancellationToken, First.Read);

    /// <summary>Cancels a transaction that waits; a finished one stays as it is (contract 8 operation 15).</summary>
    public Task<FactorOutcome> CancelAsync(UserId userId, FactorId factorId, string transactionId, RequestContext by, CancellationToken cancellationToken)
        => RunAsync(userId, factorId.Value, by, (step, kind, factor) => kind.Cancel(factor, transactionId, step.Context) switch
        {
            FactorDecision.Finished finished => step.Finished(kind, finished, step.User),
            var other => step.Keep(kind, other, step.User),
        }, cancellationToken);

    /// <summary>Completes the transaction, or the activation, of a user who comes back from somebody else's page (contract 9.13).</summary>
    /// <param name="userId">The user.</param>
    /// <param name="factorId">The factor.</param>
    /// <param name="answer">What the user brings.</param>
    /// <param name="status">The status that the factor must have; null: any.</param>
    /// <param name="by">Who asks.</param>
    /// <param name="cancellationToken">Gives up waiting; what was committed stays.</param>
    public Task<FactorOutcome> CompleteAsync(
        UserId userId, FactorId factorId, RedirectAnswer answer, FactorStatus? status, RequestContext by, CancellationToken cancellationToken)
        => JudgeAsync(userId, factorId, by, (step, kind, factor) => status is { } expected && factor.Status != expected
            ? FactorDecision.Refuse(Refusal.NotInExpectedState)
            : kind.Complete(factor, answer, step.Context), cancellationToken);

    /// <summary>Decides what may verify the user. Of a user who was locked, suspended or deactivated in the meantime nothing is verified, and no success is told.</summary>
    internal async Task<FactorOutcome> JudgeAsync(
        UserId userId, FactorId factorId, RequestContext by, Func<FactorStep, FactorKind, Factor, FactorDecision> decide, CancellationToken cancellationToken,
        First first = First.Commit)
    {
        FactorKind? finishedKind = null;
        var outcome = await RunAsync(userId, factorId.Value, by, (step, kind, factor) =>
        {
            finishedKind = null;
            var user = attempts.EndLock(step.User, step.Context.Now);
            if (user.Status is UserStatus.LockedOut) return FactorStep.Refuse(Refusal.UserLocked);
            if (user.Status is UserStatus.Deprovisioned or UserStatus.Suspended) return FactorStep.Refuse(Refusal.UserStatusForbids);
            switch (decide(step, kind, factor))
            {
                case FactorDecision.Finished finished:
                    finishedKind = kind;
                    var after = finished.Verification.Result == FactorResult.Success ? AttemptRules.Succeed(user, user) : user;
                    return Unlocked(step, user, step.Finished(kind, finished, after));
                case FactorDecision.Refused { Counts: true } wrong:
                    return Unlocked(step, user, step.Unproved(kind, factor, wrong, user));
                case var other:
                    return Unlocked(step, user, step.Keep(kind, other, user));
            }
        }, cancellationToken, first);
        if (finishedKind is not null && FactorMeter.IsWatched) FactorMeter.Count(finishedKind, outcome, activity: null);
        return outcome;
    }
}
