using System.Text.Json;
using System.Text.Json.Nodes;
using Countersign.Integrations.Tasks;
using Countersign.Integrations.Workflows;
using Countersign.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.Server.Tests.VerifyTask;

/// <summary>A task <c>COUNTERSIGN_VERIFY</c> of an execution that the test carries out step by step, as a runner does.</summary>
internal sealed class VerifiedTask(CountersignApp app, JsonObject input, string? starter = null)
{
    public TaskExecution Task { get; private set; } = new()
    {
        Id = Guid.CreateVersion7().ToString(),
        Sequence = 1,
        Task = new WorkflowTask(Element(new JsonObject { ["name"] = "ask", ["taskReferenceName"] = "ask_ref", ["type"] = "COUNTERSIGN_VERIFY" })),
        ReferenceName = "ask_ref",
        Type = "COUNTERSIGN_VERIFY",
        By = CarriedOutBy.Server,
        Status = AttemptStatus.InProgress,
        Input = Element(input),
        ScheduledAt = app.Clock.GetUtcNow(),
        ReadyAt = app.Clock.GetUtcNow(),
        StartedAt = app.Clock.GetUtcNow(),
        UpdatedAt = app.Clock.GetUtcNow(),
    };

    public TaskOutcome Last { get; private set; } = null!;
    public string? FactorResult => Text("factorResult");
    public int? Attempts => Task.Output.TryGetProperty("attempts", out var attempts) ? attempts.GetInt32() : null;

    /// <summary>Visits, and keeps what it came to.</summary>
    public async Task<AttemptStatus> VisitAsync(CountersignApp? node = null) => Keep(await VisitAndLoseAsync(node));

    /// <summary>Visits, and loses what it came to, as when the node ends before it is noted.</summary>
    public Task<TaskOutcome> VisitAndLoseAsync(CountersignApp? node = null) => Handler(node ?? app).CarryOutAsync(Work(), CancellationToken.None);

    public async Task<AttemptStatus> AnswerAsync(JsonObject answer) => Keep(await AnswerAndLoseAsync(answer));

    public Task<TaskOutcome> AnswerAndLoseAsync(JsonObject answer) => Handler(app).AnswerAsync(Work(), Element(answer), CancellationToken.None);

    public string? Text(string name) => Task.Output.TryGetProperty(name, out var value) ? value.ToString() : null;

    private TaskWork Work() => new(new WorkflowExecution
    {
        Id = "6f0c8f0e-5f6e-4a53-9e0e-4a8f6f2f9d11",
        Definition = new WorkflowDefinition(Element(new JsonObject { ["name"] = "transfer", ["version"] = 1 })),
        Status = WorkflowStatus.Running,
        Version = 1,
        CreatedAt = Task.ScheduledAt,
        StartedAt = Task.ScheduledAt,
        UpdatedAt = Task.ScheduledAt,
        Input = WorkflowExecution.EmptyObject,
        CreatedBy = starter,
    }, Task, null);

    private AttemptStatus Keep(TaskOutcome outcome)
    {
        Last = outcome;
        Task = Task with { Status = outcome.Status, Output = outcome.Output ?? Task.Output, Memory = outcome.Memory ?? Task.Memory, ReasonForIncompletion = outcome.Reason };
        return outcome.Status;
    }

    private static IAnsweredTask Handler(CountersignApp node) => node.Services.GetServices<ISystemTask>().OfType<IAnsweredTask>().Single(task => task.Type == "COUNTERSIGN_VERIFY");

    private static JsonElement Element(JsonObject document) => JsonDocument.Parse(document.ToJsonString()).RootElement;
}
