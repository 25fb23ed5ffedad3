using System.Text.Json;
using System.Text.Json.Nodes;
using Countersign.Integrations.Conductor;
using Countersign.Integrations.Workflows;

namespace Countersign.Server.VerifyTask;

/// <summary>Polls the queue <c>COUNTERSIGN_VERIFY</c> of another Conductor server and carries the tasks out against the factors API of this one (workflow contract 19).</summary>
internal sealed class VerifyWorker(ConductorClient conductor, WorkerTask task, string name, TextWriter output, TimeProvider clock)
{
    /// <summary>How long one poll waits for work.</summary>
    public static readonly TimeSpan LongPoll = TimeSpan.FromSeconds(20);

    private const string Queue = "COUNTERSIGN_VERIFY";
    private const int MostAtOnce = 20, MostTries = 5;
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    /// <summary>Works until it is told to stop; what has begun by then is ended first.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        var failures = 0;
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                var reply = await conductor.SendAsync(
                    HttpMethod.Get, $"/tasks/poll/batch/{Queue}?workerid={Uri.EscapeDataString(name)}&count={MostAtOnce}&timeout={(int)LongPoll.TotalMilliseconds}", (JsonNode?)null, stopping);
                if (reply is ConductorReply.Answered { IsSuccess: true } answer)
                {
                    failures = 0;
                    var tasks = answer.Json is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray().ToList() : [];
                    await Task.WhenAll(tasks.Select(CarryOutAsync));
                    continue;
                }
                if (stopping.IsCancellationRequested) return;
                var reason = reply is ConductorReply.Silent silent ? silent.Reason : ((ConductorReply.Answered)reply).Reason;
                if (failures++ == 0) await output.WriteLineAsync($"{reason}; trying again");
                await Task.Delay(TimeSpan.FromSeconds(Math.Min(LongestPause.TotalSeconds, Math.Pow(2, Math.Min(failures, 6)))), clock, stopping);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
        }
    }

    private async Task CarryOutAsync(JsonElement polled)
    {
        if (polled.ValueKind != JsonValueKind.Object || Text("taskId") is not { } id) return;
        try
        {
            var outcome = await task.LookAsync(Member("inputData"), Member("outputData"), CancellationToken.None);
            await UpdateAsync(id, Text("workflowInstanceId") ?? "", outcome);
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException or IOException or InvalidOperationException or FormatException)
        {
            // Its factors cannot be asked, or its output is none of ours. Nothing is told: the server hands the task out again when its response time is over.
            await output.WriteLineAsync($"Task {id} could not be carried out: {exception.Message}");
        }

        JsonElement Member(string member) => polled.TryGetProperty(member, out var value) ? value : WorkflowExecution.EmptyObject;
        string? Text(string member) => polled.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
    }

    private async Task UpdateAsync(string id, string workflow, WorkerOutcome outcome)
    {
        var update = new JsonObject
        {
            ["taskId"] = id,
            ["workflowInstanceId"] = workflow,
            ["workerId"] = name,
            ["status"] = outcome.Status,
            ["outputData"] = outcome.Output,
            ["callbackAfterSeconds"] = outcome.CallbackAfterSeconds,
        };
        if (outcome.Reason is not null) update["reasonForIncompletion"] = outcome.Reason;
        for (var tries = 1; ; tries++)
        {
            var reply = await conductor.SendAsync(HttpMethod.Post, "/tasks", update, CancellationToken.None);
            if (reply is ConductorReply.Answered { IsSuccess: true }) return;
            // What is refused for good will be refused again.
            var isFinal = tries == MostTries || reply is ConductorReply.Answered { Status: < System.Net.HttpStatusCode.InternalServerError and not System.Net.HttpStatusCode.TooManyRequests };
            if (isFinal)
            {
                await output.WriteLineAsync($"The outcome of task {id} could not be told: {(reply as ConductorReply.Answered)?.Reason ?? ((ConductorReply.Silent)reply).Reason}");
                return;
            }
            await Task.Delay(TimeSpan.FromSeconds(tries), clock);
        }
    }
}
