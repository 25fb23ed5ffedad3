using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Countersign.Integrations.Expressions;
using Countersign.Integrations.Tasks;
using Countersign.Integrations.Workflows;

namespace Countersign.Integrations.Runs;

/// <summary>What SUB_WORKFLOW and START_WORKFLOW have in common: an execution whose id follows from the attempt's, so that it is started once, however often the attempt is carried out.</summary>
internal abstract class ChildWorkflow(Func<WorkflowRuns> runs) : ISystemTask
{
    public abstract string Type { get; }

    /// <summary>Carried out again, it finds the execution that it started.</summary>
    public bool IsRepeatable(TaskExecution task) => true;

    public TimeSpan LongestVisit(TaskExecution task) => TimeSpan.FromSeconds(30);

    public async Task<TaskOutcome> CarryOutAsync(TaskWork work, CancellationToken cancellationToken)
    {
        if (Request(work) is not { } request) return Failed("There is no workflow to start: a name or a definition is missing.");
        request = request with
        {
            Id = DerivedIds.OfChild(work.Task.Id),
            CorrelationId = request.CorrelationId ?? work.Execution.CorrelationId,
            CreatedBy = work.Execution.CreatedBy,
        };
        return await runs().StartAsync(request, cancellationToken) switch
        {
            StartOutcome.Started started => Done(work, started.Execution.Id),
            StartOutcome.Existing existing => Done(work, existing.Id),
            StartOutcome.Refused refused => Failed(refused.Message),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    protected abstract WorkflowStart? Request(TaskWork work);

    protected abstract TaskOutcome Done(TaskWork work, string executionId);

    protected static JsonElement Output(string name, string executionId) => JsonBuilder.BuildObject(writer => writer.WriteString(name, executionId));

    /// <summary>A number, also as text; null when absent.</summary>
    protected static int? Number(JsonElement members, string name)
        => members.NumberOf(name) is >= int.MinValue and <= int.MaxValue and var number ? (int)number : int.TryParse(members.TextOf(name), CultureInfo.InvariantCulture, out var read) ? read : null;

    protected static JsonElement? Object(JsonElement members, string name) => members.Member(name) is { ValueKind: JsonValueKind.Object } value ? value : null;

    protected static ImmutableDictionary<string, string> Texts(JsonElement members, string name)
        => members.ObjectOf(name).EnumerateObject().Where(member => member.Value.ValueKind == JsonValueKind.String).ToImmutableDictionary(member => member.Name, member => member.Value.GetString()!, StringComparer.Ordinal);

    protected static IdempotencyStrategy Strategy(JsonElement members) => members.TextOf("idempotencyStrategy") switch
    {
        "RETURN_EXISTING" => IdempotencyStrategy.ReturnExisting,
        "FAIL_ON_RUNNING" => IdempotencyStrategy.FailOnRunning,
        _ => IdempotencyStrategy.Fail,
    };

    private static TaskOutcome Failed(string reason) => new() { Status = AttemptStatus.FailedWithTerminalError, Reason = reason };
}
