using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Countersign.Factors;
using Countersign.Integrations.Tasks;

namespace Countersign.Server.VerifyTask;

/// <summary>
/// One look at a task <c>COUNTERSIGN_VERIFY</c> of another Conductor server. What it must remember is the task's output, which that server gives back with each hand-out: it waits there, and not here.
/// </summary>
internal sealed class WorkerTask(FactorsApi api, TimeProvider clock)
{
    private const string Deadline = "deadline", Attempts = "attempts";
    private static readonly string[] Answers = ["passCode", "nextPassCode", "answer", "clientData", "authenticatorData", "signatureData"];
    private static readonly string[] WrongAnswers = ["E0000068", "E0000082", "E0000083", "E0000087"];
    private const int SecondsBetweenLooks = 5, SecondsWhenBusy = 15;

    /// <summary>Looks.</summary>
    /// <param name="input">The task's input.</param>
    /// <param name="before">The task's output: what the look before left, and what somebody answered meanwhile.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<WorkerOutcome> LookAsync(JsonElement input, JsonElement before, CancellationToken cancellationToken)
    {
        if (VerifyInput.TryRead(input, out var fault) is not { } verify) return WorkerOutcome.Failed([], fault!);
        var output = before.ValueKind == JsonValueKind.Object ? JsonNode.Parse(before.GetRawText())!.AsObject() : [];
        var given = VerifyInput.TryReadAnswer(before, out _) is { IsEmpty: false } answer ? answer : null;
        foreach (var name in Answers) output.Remove(name);
        if (output["factorId"] is null)
        {
            var found = await api.GetAsync(verify.UserId, verify.Factor, cancellationToken);
            if (found.IsPassing) return WorkerOutcome.Open(output, SecondsWhenBusy);
            if (found.Status != HttpStatusCode.OK) return WorkerOutcome.Failed(output, found.Reason);
            output["factorId"] = found.Text("id");
            output["factorType"] = found.Text("factorType");
            output[Attempts] = 0;
            output[Deadline] = (clock.GetUtcNow() + verify.Timeout).ToUnixTimeMilliseconds();
            return verify.Request.IsEmpty ? await ChallengeAsync(verify, output, cancellationToken) : await JudgeAsync(verify, output, verify.Request, cancellationToken);
        }
        var isOver = clock.GetUtcNow().ToUnixTimeMilliseconds() >= (long)output[Deadline]!;
        if (output["transactionId"] is { } transaction) return await PollAsync(verify, output, (string)transaction!, isOver, cancellationToken);
        if (isOver) return End(output, "TIMEOUT");
        if ((string?)output["factorResult"] is null) return await ChallengeAsync(verify, output, cancellationToken);
        return given is null ? WorkerOutcome.Open(output, SecondsBetweenLooks) : await JudgeAsync(verify, output, given, cancellationToken);
    }

    private async Task<WorkerOutcome> ChallengeAsync(VerifyInput verify, JsonObject output, CancellationToken cancellationToken)
    {
        var asked = await api.VerifyAsync(verify.UserId, (string)output["factorId"]!, verify.Request, cancellationToken);
        if (asked.IsPassing) return WorkerOutcome.Open(output, SecondsWhenBusy);
        if (asked.FactorResult == "WAITING")
        {
            output["transactionId"] = asked.Text("transactionId");
            return Wait("WAITING");
        }
        // Authenticators need no challenge: their passcode is waited for.
        if (asked.FactorResult == "CHALLENGE" || asked is { Status: HttpStatusCode.BadRequest, ErrorCode: "E0000001" }) return Wait("CHALLENGE");
        return asked.FactorResult is { } result ? End(output, result) : Refuse(output, asked, "ERROR");

        WorkerOutcome Wait(string factorResult)
        {
            output["factorResult"] = factorResult;
            if (asked.Json["_embedded"]?["challenge"] is { } challenge) output["challenge"] = challenge.DeepClone();
            return WorkerOutcome.Open(output, SecondsBetweenLooks);
        }
    }

    private async Task<WorkerOutcome> JudgeAsync(VerifyInput verify, JsonObject output, VerifyRequest given, CancellationToken cancellationToken)
    {
        var judged = await api.VerifyAsync(verify.UserId, (string)output["factorId"]!, given with { Message = verify.Request.Message }, cancellationToken);
        output.Remove("errorCode");
        if (judged.FactorResult is { } result)
        {
            output[Attempts] = (int)output[Attempts]! + 1;
            return End(output, result);
        }
        output["factorResult"] = "CHALLENGE";
        output["errorCode"] = judged.ErrorCode;
        if (judged.IsPassing) return WorkerOutcome.Open(output, SecondsBetweenLooks);
        if (!WrongAnswers.Contains(judged.ErrorCode, StringComparer.Ordinal)) return Refuse(output, judged, "ERROR");
        output[Attempts] = (int)output[Attempts]! + 1;
        return (int)output[Attempts]! >= verify.MaxAttempts ? Refuse(output, judged, "FAILED") : WorkerOutcome.Open(output, SecondsBetweenLooks);
    }

    private async Task<WorkerOutcome> PollAsync(VerifyInput verify, JsonObject output, string transaction, bool isOver, CancellationToken cancellationToken)
    {
        var factor = (string)output["factorId"]!;
        var polled = await api.PollAsync(verify.UserId, factor, transaction, cancellationToken);
        if (polled.FactorResult == "WAITING" && isOver)
        {
            await api.CancelAsync(verify.UserId, factor, transaction, cancellationToken);
            return End(output, "TIMEOUT");
        }
        if (polled.FactorResult == "WAITING" || polled.IsPassing) return WorkerOutcome.Open(output, SecondsBetweenLooks);
        if (polled.Status == HttpStatusCode.NotFound) return End(output, "TIMEOUT");
        return polled.FactorResult is { } result ? End(output, result) : Refuse(output, polled, "ERROR");
    }

    private WorkerOutcome End(JsonObject output, string factorResult)
    {
        output.Remove(Deadline);
        output.Remove("challenge");
        output["factorResult"] = factorResult;
        if (factorResult != "SUCCESS") return WorkerOutcome.Failed(output, $"The verification ended with {factorResult}.");
        output["verifiedAt"] = clock.GetUtcNow().ToTimestamp();
        return new WorkerOutcome("COMPLETED", output, null, 0);
    }

    private static WorkerOutcome Refuse(JsonObject output, ApiAnswer refused, string factorResult)
    {
        output.Remove(Deadline);
        output["factorResult"] = factorResult;
        output["errorCode"] = refused.ErrorCode;
        return WorkerOutcome.Failed(output, refused.Reason);
    }
}

/// <summary>What a look came to: the update of the task.</summary>
internal sealed record WorkerOutcome(string Status, JsonObject Output, string? Reason, int CallbackAfterSeconds)
{
    public static WorkerOutcome Open(JsonObject output, int seconds) => new("IN_PROGRESS", output, null, seconds);

    public static WorkerOutcome Failed(JsonObject output, string reason) => new("FAILED_WITH_TERMINAL_ERROR", output, reason, 0);
}
