using Countersign.Integrations.Tasks;
using Countersign.Integrations.Workflows;

namespace Countersign.Integrations.Runs;

/// <summary>Makes waiting system tasks ready now.</summary>
internal sealed class TaskWakes(IWorkflowStore store, Executions executions, TimeProvider clock) : ITaskWakes
{
    public async Task<bool> WakeAsync(string executionId, string taskId, CancellationToken cancellationToken)
    {
        var execution = await store.FindAsync(executionId, withTasks: true, cancellationToken);
        if (execution?.Tasks.FirstOrDefault(task => task.Id == taskId) is not { Status.IsFinal: false } task) return true;
        if (task.LeaseUntil is { } until && until > clock.GetUtcNow()) return false;
        // A visit that begins in between begins after what it is woken for.
        await executions.ChangeAsync(executionId, new WorkflowChange.Wake(taskId), cancellationToken);
        return true;
    }
}
