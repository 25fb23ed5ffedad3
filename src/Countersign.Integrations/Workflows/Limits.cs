namespace Countersign.Integrations.Workflows;

/// <summary>What is allowed (workflow contract 1.5).</summary>
public static class Limits
{
    /// <summary>Bytes of a definition.</summary>
    public const int DefinitionBytes = 2 * 1024 * 1024;
    /// <summary>Tasks in a definition, counted through all nesting; and branches of a dynamic fork.</summary>
    public const int Tasks = 1_000;
    /// <summary>How deep tasks stand in tasks.</summary>
    public const int NestingDepth = 32;
    /// <summary>How many executions start each other as sub-workflows or failure workflows, below the first.</summary>
    public const int Depth = 32;
    /// <summary>Bytes of an input or output, of an execution or a task.</summary>
    public const int PayloadBytes = 3 * 1024 * 1024;
    /// <summary>Bytes of all variables.</summary>
    public const int VariablesBytes = 256 * 1024;
    /// <summary>Rounds of a loop.</summary>
    public const int LoopRounds = 10_000;
    /// <summary>Attempts that one decision schedules; more follow with the next, so that no commit grows without bound.</summary>
    public const int AttemptsPerDecision = 500;
    /// <summary>Scripts that one decision runs; more follow with the next, so that scripts which use up their time do not hold a thread for long.</summary>
    public const int ScriptsPerDecision = 10;
    /// <summary>Characters of a reason.</summary>
    public const int ReasonCharacters = 4_096;
    /// <summary>The highest priority.</summary>
    public const int HighestPriority = 99;
    /// <summary>Characters of a correlation id.</summary>
    public const int CorrelationIdCharacters = 1_024;
}
