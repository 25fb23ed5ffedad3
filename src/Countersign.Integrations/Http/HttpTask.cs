using System.Text.Json;
using Countersign.Integrations.Tasks;
using Countersign.Integrations.Workflows;

namespace Countersign.Integrations.Http;

/// <summary>The task <c>HTTP</c>: sends a request, and has the answer as its output (workflow contract 8).</summary>
public sealed class HttpTask(HttpCalls calls, TimeProvider clock) : ISystemTask
{
    /// <inheritdoc/>
    public string Type => "HTTP";

    /// <inheritdoc/>
    public bool IsRepeatable(TaskExecution task) => HttpCalls.IsRepeatable(task);

    /// <inheritdoc/>
    public TimeSpan LongestVisit(TaskExecution task) => HttpCalls.LongestCall(task);

    /// <inheritdoc/>
    public async Task<TaskOutcome> CarryOutAsync(TaskWork work, CancellationToken cancellationToken)
    {
        var call = await calls.SendAsync(work, Type, cancellationToken).ConfigureAwait(false);
        return call.Fault is { } fault ? HttpOutcomes.OfFault(fault, call.Scrubber)
            : HttpOutcomes.Of(call.Exchange!, call.Settings!, call.Settings!.CompletesLater ?? CompletesLater(work.Task.Task), call.Scrubber, clock.GetUtcNow());
    }

    private static bool CompletesLater(WorkflowTask task) => task.Document.TryGetProperty("asyncComplete", out var flag) && flag.ValueKind == JsonValueKind.True;
}
