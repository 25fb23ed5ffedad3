using System.Globalization;
using Countersign.Integrations.Workflows;

namespace Countersign.Integrations.Runs;

/// <summary>Makes of what a caller asks for what is decided on: it finds the definition.</summary>
internal sealed class StartRequests(IDefinitionStore definitions, TimeProvider clock)
{
    private const int LongestText = 1_000;

    /// <summary>The request, or why there is none.</summary>
    public async Task<(StartRequest? Request, StartOutcome.Refused? Refused)> MakeAsync(WorkflowStart start, CancellationToken cancellationToken)
    {
        if (Check(start) is { } wrong) return (null, new(RefusalKind.Invalid, wrong));
        var (definition, refused) = await DefinitionAsync(start, cancellationToken);
        return definition is null ? (null, refused) : (new StartRequest
        {
            Id = start.Id ?? Guid.CreateVersion7(clock.GetUtcNow()).ToString(),
            Definition = definition,
            Input = start.Input,
            CorrelationId = start.CorrelationId,
            Priority = start.Priority,
            TaskToDomain = start.TaskToDomain,
            IdempotencyKey = start.IdempotencyKey,
            ParentWorkflowId = start.ParentWorkflowId,
            ParentWorkflowTaskId = start.ParentWorkflowTaskId,
            Depth = start.Depth,
            CreatedBy = start.CreatedBy,
        }, null);
    }

    /// <summary>The start of the failure workflow of an execution, or why there is none.</summary>
    public Task<(StartRequest? Request, StartOutcome.Refused? Refused)> MakeAsync(FailureStart failure, WorkflowExecution failed, CancellationToken cancellationToken) => MakeAsync(new WorkflowStart
    {
        Id = failure.Id,
        Name = failure.Name,
        Version = failure.Version,
        Input = failure.Input,
        CorrelationId = failed.CorrelationId,
        Priority = failed.Priority,
        TaskToDomain = failed.TaskToDomain,
        Depth = failed.Depth + 1,
        CreatedBy = failed.CreatedBy,
    }, cancellationToken);

    private static string? Check(WorkflowStart start)
    {
        if (start.IdempotencyKey is { Length: > LongestText }) return $"The idempotency key is longer than {LongestText} characters.";
        if (start.TaskToDomain.Count > LongestText || start.TaskToDomain.Any(pair => pair.Key.Length > 255 || pair.Value.Length > 255)) return "A domain is longer than 255 characters, or there are more than 1,000.";
        if (HasNul(start.CorrelationId)) return "The correlationId has the character NUL.";
        if (HasNul(start.IdempotencyKey)) return "The idempotency key has the character NUL.";
        if (start.TaskToDomain.Any(pair => HasNul(pair.Key) || HasNul(pair.Value))) return "A domain has the character NUL.";
        return start.Name is null && start.Definition is null ? "The name of the workflow is missing." : null;
    }

    private static bool HasNul(string? text) => text?.Contains('\0', StringComparison.Ordinal) == true;

    private async Task<(WorkflowDefinition? Definition, StartOutcome.Refused? Refused)> DefinitionAsync(WorkflowStart start, CancellationToken cancellationToken)
    {
        if (start.Definition is { } inline)
        {
            var known = await definitions.TaskDefinitionsAsync(cancellationToken);
            var read = DefinitionRules.Check(inline, known.GetValueOrDefault);
            return read.Definition is not null ? (read.Definition, null) : (null, new(RefusalKind.Invalid, "The workflow definition breaks rules.", read.Faults));
        }
        var found = await definitions.FindAsync(start.Name!, start.Version is null or 0 ? null : start.Version, cancellationToken);
        if (found is not null) return (found, null);
        var version = start.Version is { } number and not 0 ? $", version {number.ToString(CultureInfo.InvariantCulture)}," : "";
        return (null, new(RefusalKind.NotFound, $"No such workflow definition: {start.Name}{version} was not found."));
    }
}
