using MudBlazor;

namespace Countersign.Console.Executions;

/// <summary>What can be done with a whole execution.</summary>
/// <param name="Method">The method of the request.</param>
/// <param name="Path">What follows the execution's path.</param>
/// <param name="Label">What the button says.</param>
/// <param name="Icon">What the button shows.</param>
/// <param name="Done">What is said afterwards.</param>
/// <param name="States">The status words in which it is possible.</param>
/// <param name="Warning">What is asked before; null when nothing is lost by it.</param>
internal sealed record ExecutionCommand(string Method, string Path, string Label, string Icon, string Done, string[] States, string? Warning = null)
{
    private static readonly string[] Failed = ["FAILED", "TIMED_OUT", "TERMINATED"], Ended = ["COMPLETED", .. Failed];

    /// <summary>Removes it from the store.</summary>
    public static readonly ExecutionCommand Remove = new(
        "DELETE", "/remove?archiveWorkflow=false", "Delete", Icons.Material.Outlined.DeleteForever, "Execution deleted", Ended, "The execution and all its tasks are removed for good.");

    /// <summary>In the order in which they are offered.</summary>
    public static readonly IReadOnlyList<ExecutionCommand> All =
    [
        new("PUT", "/pause", "Pause", Icons.Material.Outlined.Pause, "Paused", ["RUNNING"]),
        new("PUT", "/resume", "Resume", Icons.Material.Outlined.PlayArrow, "Resumed", ["PAUSED"]),
        new("POST", "/retry", "Retry", Icons.Material.Outlined.Replay, "The failed tasks are tried again", Failed),
        new("POST", "/restart", "Restart", Icons.Material.Outlined.RestartAlt, "Started again from the beginning", Ended,
            "All tasks are dropped and it runs again from the start, under the same id and by the definition that it had."),
        new("POST", "/restart?useLatestDefinitions=true", "Restart with the newest definition", Icons.Material.Outlined.NewReleases, "Started again from the beginning", Ended,
            "All tasks are dropped and it runs again from the start, under the same id and by the newest definition."),
        new("DELETE", "", "Terminate", Icons.Material.Outlined.StopCircle, "Terminated", ["RUNNING", "PAUSED"], "The execution ends now; its open tasks are canceled."),
        Remove,
    ];

    /// <summary>What an execution's state allows.</summary>
    public static IEnumerable<ExecutionCommand> Of(Execution execution) => All.Where(command => command.States.Contains(execution.Status) && !IsForbidden(command, execution));

    private static bool IsForbidden(ExecutionCommand command, Execution execution)
        => execution.Status == "COMPLETED" && command.Path.StartsWith("/restart", StringComparison.Ordinal)
            && execution.WorkflowDefinition?["restartable"] is System.Text.Json.Nodes.JsonValue value && value.TryGetValue<bool>(out var restartable) && !restartable;
}
