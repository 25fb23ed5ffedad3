namespace Countersign.Integrations.Workflows;

/// <summary>What became of a workflow execution (workflow contract 7.1). The names are those of the wire.</summary>
public enum WorkflowStatus
{
    /// <summary>It runs.</summary>
    Running,
    /// <summary>Nothing new is scheduled until it is resumed.</summary>
    Paused,
    /// <summary>It ended as its definition says.</summary>
    Completed,
    /// <summary>A task gave up.</summary>
    Failed,
    /// <summary>It or a task took too long.</summary>
    TimedOut,
    /// <summary>Somebody, or a TERMINATE task, ended it.</summary>
    Terminated,
}

/// <summary>What the statuses mean, and their names on the wire.</summary>
public static class WorkflowStatuses
{
    private static readonly string[] Names = ["RUNNING", "PAUSED", "COMPLETED", "FAILED", "TIMED_OUT", "TERMINATED"];

    extension(WorkflowStatus status)
    {
        /// <summary>The name on the wire.</summary>
        public string Name => Names[(int)status];
        /// <summary>Whether it ended.</summary>
        public bool IsFinal => status >= WorkflowStatus.Completed;

        /// <summary>Reads a name of the wire.</summary>
        public static bool TryRead(string name, out WorkflowStatus read)
        {
            var index = Array.IndexOf(Names, name);
            read = (WorkflowStatus)Math.Max(index, 0);
            return index >= 0;
        }
    }
}
