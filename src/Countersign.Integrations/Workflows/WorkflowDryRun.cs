using System.Collections.Immutable;
using System.Text.Json;
using Countersign.Integrations.Tasks;

namespace Countersign.Integrations.Workflows;

/// <summary>An output that a dry run gives to a task in place of carrying it out.</summary>
/// <param name="Status">What becomes of the attempt: COMPLETED, FAILED or FAILED_WITH_TERMINAL_ERROR.</param>
/// <param name="Output">Its output: an object.</param>
/// <param name="ExecutionTime">How long it takes.</param>
/// <param name="QueueWaitTime">How long it waits before.</param>
public sealed record MockOutput(AttemptStatus Status, JsonElement Output, TimeSpan ExecutionTime, TimeSpan QueueWaitTime)
{
    /// <summary>Reads <c>taskRefToMockOutput</c>: by reference name the outputs of one attempt after the other (workflow contract 12).</summary>
    /// <param name="outputs">The object; absent or null: none.</param>
    /// <param name="fault">What is wrong, as one sentence that names the reference; null when nothing is.</param>
    public static IReadOnlyDictionary<string, ImmutableArray<MockOutput>> Read(JsonElement? outputs, out string? fault)
    {
        fault = null;
        var read = new Dictionary<string, ImmutableArray<MockOutput>>(StringComparer.Ordinal);
        if (outputs is null or { ValueKind: JsonValueKind.Null or JsonValueKind.Undefined }) return read;
        if (outputs is not { ValueKind: JsonValueKind.Object } map)
        {
            fault = "taskRefToMockOutput is an object of lists.";
            return read;
        }
        foreach (var member in map.EnumerateObject())
        {
            var list = member.Value.ValueKind is JsonValueKind.Array ? [.. member.Value.EnumerateArray()] : ImmutableArray.Create(member.Value);
            var mocks = list.Select(ReadOne).ToList();
            if (mocks.Contains(null)) fault ??= $"A mock output of {member.Name} is no object, has another status than COMPLETED, FAILED or FAILED_WITH_TERMINAL_ERROR, an output that is not an object, or a time that is not a number of milliseconds.";
            read[member.Name] = [.. mocks.OfType<MockOutput>()];
        }
        return read;
    }

    private static MockOutput? ReadOne(JsonElement mock)
    {
        if (mock.ValueKind != JsonValueKind.Object || mock.Member("output") is { ValueKind: not JsonValueKind.Object } || mock.Member("status") is { ValueKind: not JsonValueKind.String }) return null;
        if (!IsTime(mock.Member("executionTime")) || !IsTime(mock.Member("queueWaitTime"))) return null;
        var word = mock.TextOf("status") ?? "COMPLETED";
        return AttemptStatus.TryRead(word, out AttemptStatus status) && status is AttemptStatus.Completed or AttemptStatus.Failed or AttemptStatus.FailedWithTerminalError
            ? new MockOutput(status, mock.ObjectOf("output"), Milliseconds(mock, "executionTime"), Milliseconds(mock, "queueWaitTime"))
            : null;
    }

    private static bool IsTime(JsonElement? time) => time is not { } given || (given.ValueKind == JsonValueKind.Number && given.TryGetInt64(out var read) && read >= 0);

    private static TimeSpan Milliseconds(JsonElement mock, string name) => TimeSpan.FromMilliseconds(Math.Clamp(mock.NumberOf(name) ?? 0, 0, (long)TimeSpan.FromDays(365).TotalMilliseconds));
}

/// <summary>A run in which nothing is stored, nothing is called and no time passes but on paper (workflow contract 12, <c>POST /api/workflow/test</c>).</summary>
public static class WorkflowDryRun
{
    /// <summary>Steps that a dry run takes at most; it then shows how far it came.</summary>
    public const int MostSteps = 10_000;

    private const string Carrier = "dry-run";

    /// <summary>Runs a definition.</summary>
    /// <param name="request">The start.</param>
    /// <param name="outputs">The outputs of tasks that servers, workers and people carry out, by reference name, one after the other; the last is used for all that follow. A task without any completes with an empty output.</param>
    /// <param name="inputs">What decisions look at; the time is where it begins.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The execution as it ended, or as far as it came; or why it cannot be started.</returns>
    public static Decision Run(StartRequest request, IReadOnlyDictionary<string, ImmutableArray<MockOutput>> outputs, DecisionInputs inputs, CancellationToken cancellationToken)
    {
        var now = inputs.Now;
        var decision = WorkflowDecider.Start(request, inputs);
        for (var step = 0; step < MostSteps && decision is Decision.Decided { Execution: { Status: WorkflowStatus.Running } execution }; step++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (NextOf(execution, now) is { } task)
            {
                decision = CarryOut(execution, task, outputs, ref now, inputs);
                continue;
            }
            if (NextTimeOf(execution) is not { } next) break;
            now = next > now ? next : now;
            decision = WorkflowDecider.Decide(execution, new WorkflowChange.Look(), inputs with { Now = now });
        }
        return decision;
    }

    /// <summary>The open task to be answered next. Waits for a time are over when that time has come.</summary>
    private static TaskExecution? NextOf(WorkflowExecution execution, DateTimeOffset now)
        => execution.Tasks.FirstOrDefault(task => task.IsReady(now)
            || (task.Status is AttemptStatus.InProgress && task.ReadyAt == TaskExecution.NotByItself && task.Task.Type is TaskTypes.Wait or TaskTypes.Human));

    private static DateTimeOffset? NextTimeOf(WorkflowExecution execution)
    {
        var ready = execution.Tasks.Where(task => !task.Status.IsFinal && task.By is not CarriedOutBy.Decision && task.ReadyAt < TaskExecution.NotByItself).Select(task => (DateTimeOffset?)task.ReadyAt).Min();
        return ready is null || execution.DueAt < ready ? execution.DueAt : ready;
    }

    private static Decision CarryOut(
        WorkflowExecution execution, TaskExecution task, IReadOnlyDictionary<string, ImmutableArray<MockOutput>> outputs, ref DateTimeOffset now, DecisionInputs inputs)
    {
        var mock = MockOf(execution, task, outputs);
        now += mock.QueueWaitTime;
        if (task.By is not CarriedOutBy.Decision && WorkflowDecider.Decide(execution, new WorkflowChange.Take([task.Id], Carrier, null), inputs with { Now = now }) is Decision.Decided taken)
        {
            execution = taken.Execution;
        }
        now += mock.ExecutionTime;
        if (TaskTypes.JudgesAnswers(task.Task.Type))
        {
            var outcome = new TaskOutcome { Status = mock.Status, Output = mock.Output, Reason = mock.Status is AttemptStatus.Completed ? null : ReasonOf(mock) };
            return WorkflowDecider.Decide(execution, new WorkflowChange.Answered(task.Id, outcome), inputs with { Now = now });
        }
        var update = new TaskUpdate { TaskId = task.Id, Status = mock.Status, Output = mock.Output, WorkerId = Carrier, Reason = mock.Status is AttemptStatus.Completed ? null : ReasonOf(mock) };
        return WorkflowDecider.Decide(execution, new WorkflowChange.Update(update), inputs with { Now = now });
    }

    private static MockOutput MockOf(WorkflowExecution execution, TaskExecution task, IReadOnlyDictionary<string, ImmutableArray<MockOutput>> outputs)
    {
        if (!outputs.TryGetValue(task.ReferenceName, out var mocks) && !outputs.TryGetValue(task.Task.ReferenceName, out mocks)) mocks = [];
        if (mocks.IsEmpty) return new MockOutput(AttemptStatus.Completed, WorkflowExecution.EmptyObject, TimeSpan.Zero, TimeSpan.Zero);
        var before = execution.Tasks.Count(other => other.Task.ReferenceName == task.Task.ReferenceName && other.Sequence < task.Sequence && other.Status.IsFinal);
        return mocks[Math.Min(before, mocks.Length - 1)];
    }

    private static string ReasonOf(MockOutput mock) => mock.Output.TextOf("reasonForIncompletion") is { } reason ? reason : $"The dry run gave it the status {mock.Status.Name}.";
}
