namespace Countersign.Integrations.Workflows;

/// <summary>What became of one attempt of a task (workflow contract 7.1). The names are those of the wire.</summary>
public enum AttemptStatus
{
    /// <summary>It waits to be carried out.</summary>
    Scheduled,
    /// <summary>It is being carried out, or waits for an answer.</summary>
    InProgress,
    /// <summary>It succeeded.</summary>
    Completed,
    /// <summary>It gave up, and is optional.</summary>
    CompletedWithErrors,
    /// <summary>It was skipped.</summary>
    Skipped,
    /// <summary>It failed; it may be tried again.</summary>
    Failed,
    /// <summary>It took too long; it may be tried again.</summary>
    TimedOut,
    /// <summary>It failed, and would fail again.</summary>
    FailedWithTerminalError,
    /// <summary>It is not needed any more.</summary>
    Canceled,
}

/// <summary>What the statuses mean, and their names on the wire.</summary>
public static class AttemptStatuses
{
    private static readonly string[] Names =
        ["SCHEDULED", "IN_PROGRESS", "COMPLETED", "COMPLETED_WITH_ERRORS", "SKIPPED", "FAILED", "TIMED_OUT", "FAILED_WITH_TERMINAL_ERROR", "CANCELED"];

    extension(AttemptStatus status)
    {
        /// <summary>The name on the wire.</summary>
        public string Name => Names[(int)status];
        /// <summary>Whether nothing more happens to the attempt.</summary>
        public bool IsFinal => status >= AttemptStatus.Completed;
        /// <summary>Whether the execution goes on as if the task had succeeded.</summary>
        public bool IsSuccess => status is AttemptStatus.Completed or AttemptStatus.CompletedWithErrors or AttemptStatus.Skipped;
        /// <summary>Whether another attempt may follow.</summary>
        public bool IsRetriable => status is AttemptStatus.Failed or AttemptStatus.TimedOut;

        /// <summary>Reads a name of the wire.</summary>
        public static bool TryRead(string name, out AttemptStatus read)
        {
            var index = Array.IndexOf(Names, name);
            read = (AttemptStatus)Math.Max(index, 0);
            return index >= 0;
        }
    }
}
