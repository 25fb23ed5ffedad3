using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Countersign.Factors;
using Countersign.Identifiers;
using Countersign.Integrations.Tasks;
using Countersign.Integrations.Workflows;
using Countersign.Links;
using Countersign.Requests;
using Countersign.Server.Errors;
using Countersign.Server.Settings;
using Countersign.Users;

namespace Countersign.Server.VerifyTask;

/// <summary>
/// The task <c>COUNTERSIGN_VERIFY</c> (workflow contract 19): challenges a user's factor and waits durably for the answer, or judges one at once. Between visits nothing is held but a watch in memory;
/// what is asked of the factor carries a key that follows from the attempt, so that a visit which a crash cut off and that is made again sends nothing twice and counts nothing twice.
/// </summary>
internal sealed class CountersignVerify(
    FactorOperations factors, FactorKinds kinds, IUserCommits users, TransactionWatches watches, WorkflowActors actors, ServerSettings server, TimeProvider clock) : IAnsweredTask
{
    // A device's answer wakes the task; a signal may be lost, so it looks by itself too.
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(15), WhenNotCommitted = TimeSpan.FromSeconds(5);

    public string Type => TaskTypes.CountersignVerify;

    public bool IsRepeatable(TaskExecution task) => true;

    public TimeSpan LongestVisit(TaskExecution task) => TimeSpan.FromSeconds(60);

    public Task<TaskOutcome> CarryOutAsync(TaskWork work, CancellationToken cancellationToken) => VisitAsync(work, given: null, cancellationToken);

    public async Task<TaskOutcome> AnswerAsync(TaskWork work, JsonElement answer, CancellationToken cancellationToken)
    {
        var given = VerifyInput.TryReadAnswer(answer, out var fault);
        var outcome = await VisitAsync(work, given, cancellationToken);
        return fault is null ? outcome : outcome with { Reason = outcome.Reason ?? fault };
    }

    private async Task<TaskOutcome> VisitAsync(TaskWork work, VerifyRequest? given, CancellationToken cancellationToken)
    {
        if (VerifyInput.TryRead(work.Task.Input, out var fault) is not { } input) return Ended(AttemptStatus.FailedWithTerminalError, fault!);
        var progress = VerifyProgress.Read(work.Task.Memory);
        try
        {
            if (progress is null)
            {
                var found = await FindAsync(work, input, cancellationToken);
                if (found.Progress is null) return Ended(AttemptStatus.FailedWithTerminalError, found.Fault!);
                progress = found.Progress;
            }
            var by = await actors.ByAsync(work, cancellationToken);
            if (given is { IsEmpty: false }) return await JudgeAsync(work, input, progress, given, by, cancellationToken);
            if (!progress.HasBegun && clock.GetUtcNow() < progress.Deadline)
                return input.Request.IsEmpty
                    ? await ChallengeAsync(work, input, progress, by, cancellationToken)
                    : await JudgeAsync(work, input, progress, input.Request, by, cancellationToken);
            return await LookAsync(work, progress, by, cancellationToken);
        }
        catch (CommitFailedException)
        {
            // Nothing was changed; the same is tried again.
            return new TaskOutcome { Status = AttemptStatus.InProgress, Memory = progress?.Write(), VisitAgainAfter = WhenNotCommitted };
        }
    }

    private async Task<(VerifyProgress? Progress, string? Fault)> FindAsync(TaskWork work, VerifyInput input, CancellationToken cancellationToken)
    {
        UserId? user = Identifier.HasForm(input.UserId, UserId.Prefix) ? new UserId(input.UserId) : await users.FindByLoginAsync(input.UserId, cancellationToken);
        if (user is not { } id) return (null, $"There is no user {input.UserId}.");
        return await factors.GetAsync(id, new FactorId(input.Factor), cancellationToken) switch
        {
            FactorOutcome.Shown { Factor: var factor } => (new VerifyProgress
            {
                Deadline = (work.Task.StartedAt ?? clock.GetUtcNow()) + input.Timeout,
                UserId = id.Value,
                FactorId = factor.Id.Value,
                FactorType = factor.FactorType,
            }, null),
            FactorOutcome.Refused { Refusal: Refusal.UserNotFound } => (null, $"There is no user {input.UserId}."),
            _ => (null, $"The user has no factor {input.Factor}, or several active ones of this type."),
        };
    }

    private async Task<TaskOutcome> ChallengeAsync(TaskWork work, VerifyInput input, VerifyProgress progress, RequestContext by, CancellationToken cancellationToken)
    {
        var outcome = await factors.VerifyAsync(new UserId(progress.UserId), progress.FactorId, input.Request with { Key = KeyOf(work, "challenge") }, by, cancellationToken);
        switch (outcome)
        {
            case FactorOutcome.Verified { Verification: { Result: FactorResult.Waiting, Transaction: { } transaction } }:
                return await LookAsync(work, progress with { HasBegun = true, TransactionId = transaction.Id }, by, cancellationToken);
            case FactorOutcome.Verified { Verification: { Result: FactorResult.Challenge } verification }:
                progress = progress with { HasBegun = true };
                return Open(progress, progress.Output("CHALLENGE", ("challenge", verification.Embedded?["challenge"]?.DeepClone())));
            // Authenticators need no challenge: their passcode is waited for.
            case FactorOutcome.Refused { Refusal: Refusal.PasscodeMissing or Refusal.AnswerMissing }:
                progress = progress with { HasBegun = true };
                return Open(progress, progress.Output("CHALLENGE"));
            case FactorOutcome.Verified { Verification.Result: var result }:
                return End(progress, result);
            case FactorOutcome.Refused refused:
                return NotAsked(progress, refused);
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    /// <summary>The challenge was refused, and nothing was sent: it is asked again when it may be, where that is soon enough.</summary>
    private TaskOutcome NotAsked(VerifyProgress progress, FactorOutcome.Refused refused)
    {
        var now = clock.GetUtcNow();
        if (refused.RetryAt is { } at && at < progress.Deadline)
            return new TaskOutcome { Status = AttemptStatus.InProgress, Memory = progress.Write(), VisitAgainAfter = at > now ? at - now : TimeSpan.FromSeconds(1), Reason = ErrorOf(progress, refused).Summary };
        if (refused.Refusal is Refusal.BackEndSilent or Refusal.HookSilent or Refusal.HookUnreadable or Refusal.Busy)
            return Ended(AttemptStatus.Failed, ErrorOf(progress, refused).Summary) with { Output = progress.Output("ERROR", ("errorCode", ErrorOf(progress, refused).Code)), Memory = progress.Write() };
        return Refuse(progress, refused, "ERROR");
    }

    private async Task<TaskOutcome> JudgeAsync(TaskWork work, VerifyInput input, VerifyProgress progress, VerifyRequest given, RequestContext by, CancellationToken cancellationToken)
    {
        if (clock.GetUtcNow() >= progress.Deadline) return await LookAsync(work, progress, by, cancellationToken);
        // A device that was asked answers for itself.
        if (progress.TransactionId is not null) return await LookAsync(work, progress, by, cancellationToken);
        var key = KeyOf(work, $"{progress.Attempts.ToString(CultureInfo.InvariantCulture)}/{given.PassCode}/{given.NextPassCode}/{given.Answer}/{given.ClientData}/{given.SignatureData}");
        var outcome = await factors.VerifyAsync(new UserId(progress.UserId), progress.FactorId, given with { Key = key, Message = input.Request.Message }, by, cancellationToken);
        if (!progress.HasBegun && outcome is FactorOutcome.Refused { Refusal: Refusal.TooManyTries or Refusal.Busy or Refusal.BackEndSilent } early) return NotAsked(progress, early);
        progress = progress with { HasBegun = true };
        switch (outcome)
        {
            case FactorOutcome.Verified { Verification.Result: FactorResult.Success }:
                return End(progress with { Attempts = progress.Attempts + 1 }, FactorResult.Success);
            case FactorOutcome.Verified { Verification.Result: var result }:
                return End(progress, result);
            case FactorOutcome.Refused { Refusal: Refusal.WrongPasscode or Refusal.WrongAnswer or Refusal.Replayed or Refusal.OutsideTimeWindow } wrong:
                progress = progress with { Attempts = progress.Attempts + 1 };
                return progress.Attempts >= input.MaxAttempts
                    ? Refuse(progress, wrong, "FAILED")
                    : Open(progress, progress.Output("CHALLENGE", ("errorCode", ErrorOf(progress, wrong).Code)), ErrorOf(progress, wrong).Summary);
            case FactorOutcome.Refused { Refusal: Refusal.TooManyTries or Refusal.Busy or Refusal.BackEndSilent or Refusal.NextCodeNeeded or Refusal.PasscodeMissing or Refusal.AnswerMissing or Refusal.NextPasscodeMissing } open:
                var error = ErrorOf(progress, open);
                return Open(progress, progress.Output("CHALLENGE", ("errorCode", error.Code), ("prompt", open.Prompt)), error.Summary);
            case FactorOutcome.Refused refused:
                return Refuse(progress, refused, "ERROR");
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    /// <summary>Looks whether a device has answered, and whether the time is over.</summary>
    private async Task<TaskOutcome> LookAsync(TaskWork work, VerifyProgress progress, RequestContext by, CancellationToken cancellationToken)
    {
        var (user, factor) = (new UserId(progress.UserId), new FactorId(progress.FactorId));
        var isOver = clock.GetUtcNow() >= progress.Deadline;
        if (progress.TransactionId is not { } transaction) return isOver ? End(progress, FactorResult.Timeout) : Open(progress, output: null);
        // Watched before it is looked at: an answer between the two is not missed.
        using var watch = watches.Begin(user);
        var outcome = isOver
            ? await factors.CancelAsync(user, factor, transaction, by, cancellationToken)
            : await factors.PollAsync(user, factor, transaction, by, cancellationToken);
        switch (outcome)
        {
            case FactorOutcome.Verified { Verification: { Result: FactorResult.Waiting } verification } waiting:
                watch.WakeWhenSignalled(work, progress.Deadline);
                var shown = verification.Transaction is { } open ? kinds.Of(waiting.Factor).ViewTransaction(waiting.Factor, open, new UserUrls(server.PublicUrl?.AbsoluteUri.TrimEnd('/') ?? "", user.Value)) : null;
                return Open(progress, progress.Output("WAITING", ("challenge", shown?["challenge"]?.DeepClone())));
            case FactorOutcome.Verified { Verification.Result: FactorResult.Cancelled } when isOver:
                return End(progress, FactorResult.Timeout);
            case FactorOutcome.Verified { Verification.Result: var result }:
                return End(progress, result);
            // So long over that nobody knows of it any more.
            case FactorOutcome.Refused { Refusal: Refusal.TransactionNotFound }:
                return End(progress, FactorResult.Timeout);
            case FactorOutcome.Refused { Refusal: Refusal.BackEndSilent or Refusal.Busy }:
                return Open(progress, output: null);
            case FactorOutcome.Refused refused:
                return Refuse(progress, refused, "ERROR");
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    private TaskOutcome Open(VerifyProgress progress, JsonElement? output, string? reason = null)
    {
        var left = progress.Deadline - clock.GetUtcNow();
        return new TaskOutcome
        {
            Status = AttemptStatus.InProgress,
            Output = output,
            Reason = reason,
            Memory = progress.Write(),
            VisitAgainAfter = progress.TransactionId is not null && left > LookInterval ? LookInterval : left,
        };
    }

    private TaskOutcome End(VerifyProgress progress, FactorResult result) => new()
    {
        Status = result == FactorResult.Success ? AttemptStatus.Completed : AttemptStatus.FailedWithTerminalError,
        Output = progress.Output(result.Name, ("verifiedAt", result == FactorResult.Success ? clock.GetUtcNow().ToTimestamp() : null)),
        Reason = result switch
        {
            FactorResult.Success => null,
            FactorResult.Rejected => "The user rejected the request.",
            FactorResult.Timeout => "Nobody answered in time.",
            FactorResult.Cancelled => "The request was cancelled.",
            _ => $"The verification ended with {result.Name}.",
        },
        Memory = progress.Write(),
    };

    private static TaskOutcome Refuse(VerifyProgress progress, FactorOutcome.Refused refused, string factorResult)
    {
        var error = ErrorOf(progress, refused);
        return Ended(AttemptStatus.FailedWithTerminalError, error.Summary) with { Output = progress.Output(factorResult, ("errorCode", error.Code)), Memory = progress.Write() };
    }

    private static TaskOutcome Ended(AttemptStatus status, string reason) => new() { Status = status, Reason = reason };

    private static ApiError ErrorOf(VerifyProgress progress, FactorOutcome.Refused refused) => ApiErrors.Of(refused.Refusal, progress.UserId, progress.FactorId, refused.RetryAt);

    /// <summary>Names one request of an attempt. What was answered is in it as a hash, so that the same answer is the same request, and nobody reads it from the key.</summary>
    private static string KeyOf(TaskWork work, string request)
        => $"{work.Task.Id}/{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{work.Task.Id}/{request}")).AsSpan(0, 8))}";
}
