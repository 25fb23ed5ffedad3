using Countersign.Integrations.Tasks;
using Countersign.Integrations.Workflows;

namespace Countersign.Integrations.Runs;

/// <summary>Makes waiting system tasks ready now.</summary>
internal sealed class TaskWakes(Executions executions, TimeProvider clock) : ITaskWakes
{
    public async Task<bool> WakeAsync(string executionId, string taskId, CancellationToken cancellationToken)
    {
        var isVisited = false;
        await executions.ChangeAsync(executionId, execution =>
        {
            var task = execution.Tasks.FirstOrDefault(task => task.Id == taskId);
            isVisited = task is { Status.IsFinal: false, LeaseUntil: { } until } && until > clock.GetUtcNow();
            return new WorkflowChange.Wake(taskId);
        }, cancellationToken);
        return !isVisited;
    }
}
