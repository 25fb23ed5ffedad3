namespace Countersign.Integrations.Workflows;

/// <summary>Decides how an execution goes on (workflow contract 7): a pure function, without I/O, clock or chance but what it is given.</summary>
public static class WorkflowDecider
{
    /// <summary>A new execution with its first tasks scheduled.</summary>
    /// <returns><see cref="Decision.Decided"/>, or <see cref="Decision.Refused"/> with <see cref="RefusalKind.Invalid"/> when the definition cannot be started or the request breaks a limit.</returns>
    public static Decision Start(StartRequest request, DecisionInputs inputs) => throw new NotSupportedException();

    /// <summary>Applies a change, then decides everything that follows from it.</summary>
    public static Decision Decide(WorkflowExecution execution, WorkflowChange change, DecisionInputs inputs) => throw new NotSupportedException();
}
