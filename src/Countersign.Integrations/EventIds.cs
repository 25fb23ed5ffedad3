using Microsoft.Extensions.Logging;

namespace Countersign.Integrations;

/// <summary>The numbers of what integrations write to the process's own log; never reused.</summary>
internal static class EventIds
{
    public static readonly EventId VisitFailed = new(4001, nameof(VisitFailed));
    public static readonly EventId RunnerFailed = new(4002, nameof(RunnerFailed));
    public static readonly EventId FailureWorkflowMissing = new(4003, nameof(FailureWorkflowMissing));
}
