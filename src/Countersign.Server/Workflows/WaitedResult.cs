using System.Text.Json;
using Countersign.Integrations.Runs;
using Countersign.Integrations.Workflows;

namespace Countersign.Server.Workflows;

/// <summary>What is answered after waiting for an execution (workflow contract 12): itself, the execution that it is blocked in, or the task that blocks it.</summary>
internal static class WaitedResult
{
    private const int DeepestChild = 32;
    private static readonly string[] Strategies = ["TARGET_WORKFLOW", "BLOCKING_WORKFLOW", "BLOCKING_TASK", "BLOCKING_TASK_INPUT"];

    /// <summary>Reads a return strategy; the first when absent.</summary>
    public static bool TryReadStrategy(string? text, out string strategy)
    {
        strategy = text ?? Strategies[0];
        return Strategies.Contains(strategy);
    }

    /// <summary>The answer.</summary>
    public static async Task<IResult> OfAsync(WorkflowExecution target, string strategy, string? requestId, WorkflowRuns runs, IDefinitionStore definitions, CancellationToken cancellationToken)
    {
        var (blocking, task) = strategy == Strategies[0] ? (target, null) : await BlockingAsync(target, runs, cancellationToken);
        // Where no task blocks any more, there is only the execution to answer.
        if (task is null && strategy.StartsWith("BLOCKING_TASK", StringComparison.Ordinal)) (blocking, strategy) = (target, Strategies[0]);
        var known = await definitions.TaskDefinitionsAsync(cancellationToken);
        return new WrittenJsonResult(writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("responseType"u8, strategy);
            writer.WriteString("targetWorkflowId"u8, target.Id);
            writer.WriteString("targetWorkflowStatus"u8, target.Status.Name);
            if (requestId is not null) writer.WriteString("requestId"u8, requestId);
            if (strategy.StartsWith("BLOCKING_TASK", StringComparison.Ordinal)) WriteTask(writer, blocking, task!, known);
            else ExecutionDocuments.WriteMembers(writer, blocking, includesTasks: true, name => known.GetValueOrDefault(name));
            writer.WriteEndObject();
        });
    }

    private static void WriteTask(Utf8JsonWriter writer, WorkflowExecution execution, TaskExecution task, IReadOnlyDictionary<string, TaskDefinition> known)
    {
        writer.WriteString("workflowId"u8, execution.Id);
        writer.WritePropertyName("input"u8);
        ExecutionDocuments.WriteMasked(writer, task.Input, execution.Definition);
        writer.WritePropertyName("output"u8);
        ExecutionDocuments.WriteMasked(writer, task.Output, execution.Definition);
        ExecutionDocuments.WriteMembers(writer, execution, task, name => known.GetValueOrDefault(name));
    }

    /// <summary>The first open task, in the execution or, where that one waits for a child, in the child.</summary>
    private static async Task<(WorkflowExecution Execution, TaskExecution? Task)> BlockingAsync(WorkflowExecution execution, WorkflowRuns runs, CancellationToken cancellationToken)
    {
        for (var depth = 0; ; depth++)
        {
            var open = execution.Tasks.Where(task => !task.Status.IsFinal && task.Type is not (TaskTypes.Join or TaskTypes.DoWhile)).ToList();
            var blocking = open.FirstOrDefault(task => task.Type != TaskTypes.SubWorkflow) ?? open.FirstOrDefault();
            if (depth == DeepestChild || blocking?.SubWorkflowId is not { } child || await runs.FindAsync(child, withTasks: true, cancellationToken) is not { } inner || inner.Status.IsFinal) return (execution, blocking);
            execution = inner;
        }
    }
}
