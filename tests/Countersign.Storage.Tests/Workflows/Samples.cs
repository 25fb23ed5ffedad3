using System.Text.Json;
using Countersign.Integrations.Runs;
using Countersign.Integrations.Workflows;
using Countersign.Requests;
using Countersign.SystemLog;

namespace Countersign.Storage.Tests.Workflows;

/// <summary>Executions as a decision would have made them.</summary>
internal static class Samples
{
    public static WorkflowDefinition Definition(string name = "order", int version = 1) => new(JsonElement.Parse($$"""
        {"name":"{{name}}","version":{{version}},"tasks":[{"name":"ship","taskReferenceName":"ship_ref","type":"SIMPLE"},{"name":"call","taskReferenceName":"call_ref","type":"HTTP"}]}
        """));

    public static RequestContext By(string who = "ann") => new() { RequestId = "reqT7vWq2XmB0cRkY", Uri = "/api/metadata/workflow", Actor = new LogSubject("00u1", "User", who, who) };

    public static WorkflowExecution Execution(Store store, WorkflowDefinition? definition = null)
    {
        var now = store.Clock.GetUtcNow();
        return new WorkflowExecution
        {
            Id = Guid.CreateVersion7(now).ToString(),
            Definition = definition ?? Definition(),
            CreatedAt = now,
            StartedAt = now,
            UpdatedAt = now,
            Input = JsonElement.Parse("""{"amount":12,"who":"Ann Müller"}"""),
        };
    }

    public static TaskExecution Task(WorkflowExecution execution, string reference = "ship_ref", int sequence = 1, CarriedOutBy by = CarriedOutBy.Worker) => new()
    {
        Id = Guid.CreateVersion7(execution.UpdatedAt).ToString(),
        Sequence = sequence,
        Task = execution.Definition.Find(reference)!,
        ReferenceName = reference,
        Type = by == CarriedOutBy.Worker ? "ship" : "HTTP",
        By = by,
        ScheduledAt = execution.UpdatedAt,
        ReadyAt = execution.UpdatedAt,
        UpdatedAt = execution.UpdatedAt,
    };

    public static async Task<WorkflowExecution> AddAsync(Store store, WorkflowExecution execution)
        => (await CommitAsync(store, null, execution)) is CommitResult.Committed committed ? committed.Executions[0] : throw new InvalidOperationException("it was not added");

    public static Task<CommitResult> CommitAsync(Store store, WorkflowExecution? loaded, WorkflowExecution decided, IdempotencyStrategy strategy = IdempotencyStrategy.Fail)
        => store.Get<IWorkflowStore>().CommitAsync([new ExecutionCommit(loaded, decided, [], strategy)], CancellationToken.None);
}
