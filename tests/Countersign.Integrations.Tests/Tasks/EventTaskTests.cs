using System.Text.Json;
using Countersign.Integrations.Expressions;
using Countersign.Integrations.Tasks;
using Countersign.Integrations.Workflows;

namespace Countersign.Integrations.Tests.Tasks;

public sealed class EventTaskTests
{
    [Theory]
    [InlineData("webhook:https://hooks.example/in?a=1", "https://hooks.example/in?a=1")]
    [InlineData("WEBHOOK: http://hooks.example", "http://hooks.example")]
    [InlineData("https://hooks.example/in", "https://hooks.example/in")]
    [InlineData("conductor", null)]
    [InlineData("sqs:queue", null)]
    [InlineData("webhook:", null)]
    [InlineData("webhook:ftp://hooks.example", null)]
    [InlineData("webhook:/in", null)]
    [InlineData(null, null)]
    public void A_sink_is_a_webhook_or_none_that_is_served(string? sink, string? address) => Assert.Equal(address, EventSink.AddressOf(sink));

    [Fact]
    public async Task The_input_is_posted_to_the_webhook_under_the_attempts_id()
    {
        var http = new RecordingHttp();

        var outcome = await new EventTask(() => http).CarryOutAsync(Work("webhook:https://hooks.example/in", """{"order":7,"note":"${x}"}"""), CancellationToken.None);

        Assert.Equal(AttemptStatus.Completed, outcome.Status);
        Assert.Equal("""{"http_request":{"uri":"https://hooks.example/in","method":"POST","headers":{"Idempotency-Key":"t-1"},"body":{"order":7,"note":"${x}"}}}""", http.Input!.Value.GetRawText());
    }

    [Fact]
    public async Task An_input_is_posted_however_deep_it_is()
    {
        var (http, deep) = (new RecordingHttp(), string.Concat(Enumerable.Repeat("[", 150)) + string.Concat(Enumerable.Repeat("]", 150)));

        var outcome = await new EventTask(() => http).CarryOutAsync(Work("webhook:https://hooks.example/in", $$"""{"deep":{{deep}}}"""), CancellationToken.None);

        Assert.Equal(AttemptStatus.Completed, outcome.Status);
        Assert.Equal(deep, http.Input!.Value.GetProperty("http_request").GetProperty("body").GetProperty("deep").GetRawText());
    }

    [Fact]
    public async Task An_event_to_another_sink_fails_for_good()
    {
        var outcome = await new EventTask(() => new RecordingHttp()).CarryOutAsync(Work("conductor:x", "{}"), CancellationToken.None);

        Assert.Equal(AttemptStatus.FailedWithTerminalError, outcome.Status);
    }

    [Theory]
    [InlineData("webhook:https://hooks.example", 0)]
    [InlineData("kafka:topic", 1)]
    public void A_definition_with_another_sink_is_not_started(string sink, int tasks)
    {
        var definition = new WorkflowDefinition(JsonDocument.Parse($$"""{"name":"w","tasks":[{"name":"e","taskReferenceName":"e_ref","type":"EVENT","sink":"{{sink}}"}]}""").RootElement);

        Assert.Equal(tasks, DefinitionRules.Unstartable(definition).Count);
    }

    private static TaskWork Work(string sink, string input)
    {
        var now = new DateTimeOffset(2026, 3, 5, 9, 41, 7, TimeSpan.Zero);
        var definition = JsonDocument.Parse($$"""{"name":"w","tasks":[{"name":"e","taskReferenceName":"e_ref","type":"EVENT","sink":"{{sink}}"}]}""").RootElement;
        var task = new TaskExecution
        {
            Id = "t-1",
            Sequence = 1,
            Task = new WorkflowTask(definition.GetProperty("tasks")[0]),
            ReferenceName = "e_ref",
            Type = "EVENT",
            By = CarriedOutBy.Server,
            Input = JsonBuilder.Read(input),
            ScheduledAt = now,
            ReadyAt = now,
            UpdatedAt = now,
        };
        var execution = new WorkflowExecution { Id = "e", Definition = new WorkflowDefinition(definition), Status = WorkflowStatus.Running, Version = 1, CreatedAt = now, StartedAt = now, UpdatedAt = now, Input = WorkflowExecution.EmptyObject };
        return new TaskWork(execution, task, null);
    }

    private sealed class RecordingHttp : ISystemTask
    {
        public JsonElement? Input { get; private set; }
        public string Type => "HTTP";
        public bool IsRepeatable(TaskExecution task) => false;
        public TimeSpan LongestVisit(TaskExecution task) => TimeSpan.FromSeconds(1);

        public Task<TaskOutcome> CarryOutAsync(TaskWork work, CancellationToken cancellationToken)
        {
            Input = work.Task.Input;
            return Task.FromResult(new TaskOutcome { Status = AttemptStatus.Completed });
        }
    }
}
