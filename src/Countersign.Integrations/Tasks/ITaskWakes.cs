namespace Countersign.Integrations.Tasks;

/// <summary>Lets a task of this server that waits be visited at once, because what it waits for may have happened.</summary>
public interface ITaskWakes
{
    /// <summary>Makes a waiting task ready now. Costs nothing when it has ended meanwhile.</summary>
    /// <param name="executionId">The execution.</param>
    /// <param name="taskId">The attempt.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>False while the task is being visited: its outcome is not noted yet, so try again a little later.</returns>
    Task<bool> WakeAsync(string executionId, string taskId, CancellationToken cancellationToken);
}
