using System.Text.Json;
using Countersign.Integrations.Expressions;
using Countersign.Integrations.Http;
using Countersign.Integrations.Workflows;

namespace Countersign.Integrations.Tasks;

/// <summary>
/// The task <c>EVENT</c>: posts its input to a webhook, through the same client and guard as the task HTTP. A webhook is told at least once: after a crash it may be told again, with the same
/// <c>Idempotency-Key</c>, which is the attempt's id.
/// </summary>
/// <param name="http">Finds the task HTTP, which sends.</param>
public sealed class EventTask(Func<ISystemTask> http) : ISystemTask
{
    /// <inheritdoc/>
    public string Type => TaskTypes.Event;

    /// <inheritdoc/>
    public bool IsRepeatable(TaskExecution task) => true;

    /// <inheritdoc/>
    public TimeSpan LongestVisit(TaskExecution task) => http().LongestVisit(Request(task, "https://a.example"));

    /// <inheritdoc/>
    public async Task<TaskOutcome> CarryOutAsync(TaskWork work, CancellationToken cancellationToken)
    {
        var sink = work.Task.Task.Document.TryGetProperty("sink", out var member) && member.ValueKind == JsonValueKind.String ? member.GetString() : null;
        if (EventSink.AddressOf(sink) is not { } address)
            return new TaskOutcome { Status = AttemptStatus.FailedWithTerminalError, Reason = "The sink must be a webhook: webhook: and an http or https address." };
        return await http().CarryOutAsync(work with { Task = Request(work.Task, address) }, cancellationToken).ConfigureAwait(false);
    }

    private static TaskExecution Request(TaskExecution task, string address) => task with
    {
        Input = JsonBuilder.BuildObject(writer =>
        {
            writer.WriteStartObject(RequestReader.Member);
            writer.WriteString("uri", address);
            writer.WriteString("method", "POST");
            writer.WriteStartObject("headers");
            writer.WriteString("Idempotency-Key", task.Id);
            writer.WriteEndObject();
            writer.WritePropertyName("body");
            task.Input.WriteTo(writer);
            writer.WriteEndObject();
        }),
    };
}
