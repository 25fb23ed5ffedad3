using System.Collections.Immutable;
using System.Text.Json;
using Countersign.Integrations.Workflows;

namespace Countersign.Integrations.Runs;

/// <summary>Runs a definition with given outputs in place of what its tasks do: nothing is stored, nobody is called, and time passes at once (workflow contract 12, <c>test</c>).</summary>
public sealed class WorkflowTrial
{
    private const int MostSteps = 2_000;

    private readonly StartRequests _starts;
    private readonly DecisionContext _context;

    internal WorkflowTrial(StartRequests starts, DecisionContext context) => (_starts, _context) = (starts, context);

    /// <summary>The execution when nothing more can happen to it, or why it did not start.</summary>
    /// <param name="start">What is to be run.</param>
    /// <param name="outputs">By reference name a list of <c>{status, output}</c>, one for each attempt.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<(WorkflowExecution? Execution, StartOutcome.Refused? Refused)> RunAsync(WorkflowStart start, JsonElement outputs, CancellationToken cancellationToken)
    {
        var (request, refused) = await _starts.MakeAsync(start, cancellationToken);
        if (request is null) return (null, refused);
        var inputs = await _context.CurrentAsync(ImmutableDictionary<string, EndedChild>.Empty, cancellationToken);
        var decision = WorkflowDecider.Start(request, inputs);
        var used = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var steps = 0; steps < MostSteps; steps++)
        {
            if (decision is Decision.Refused wrong) return (null, new(wrong.Kind, wrong.Message));
            var execution = ((Decision.Decided)decision).Execution;
            if (execution.Status.IsFinal) return (execution, null);
            if (Next(execution, outputs, used) is { } update)
            {
                decision = WorkflowDecider.Decide(execution, new WorkflowChange.Update(update), inputs);
                continue;
            }
            if (execution.DueAt is not { } due) return (execution, null);
            if (due > inputs.Now) inputs = inputs with { Now = due };
            var later = WorkflowDecider.Decide(execution, new WorkflowChange.Look(), inputs);
            if (later is Decision.Decided { Execution: var same } && ReferenceEquals(same, execution)) return (execution, null);
            decision = later;
        }
        return (((Decision.Decided)decision).Execution, null);
    }

    /// <summary>What the next open task is said to come to; null when nothing is said of any.</summary>
    private static TaskUpdate? Next(WorkflowExecution execution, JsonElement outputs, Dictionary<string, int> used)
    {
        foreach (var task in execution.Tasks.Where(task => !task.Status.IsFinal && (task.By != CarriedOutBy.Decision || task.Type is TaskTypes.Wait or TaskTypes.Human)))
        {
            var name = task.Task.ReferenceName;
            var given = outputs.ListOf(name).Skip(used.GetValueOrDefault(name)).FirstOrDefault();
            if (given.ValueKind != JsonValueKind.Object) continue;
            used[name] = used.GetValueOrDefault(name) + 1;
            var status = AttemptStatus.TryRead(given.TextOf("status") ?? "COMPLETED", out AttemptStatus read) ? read : AttemptStatus.Completed;
            return new TaskUpdate { TaskId = task.Id, Status = status, Output = given.ObjectOf("output") };
        }
        return null;
    }
}
