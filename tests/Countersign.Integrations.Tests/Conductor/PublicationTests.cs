using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Countersign.Integrations.Conductor;
using Countersign.Integrations.Expressions;
using Microsoft.Extensions.Time.Testing;

namespace Countersign.Integrations.Tests.Conductor;

public sealed class PublicationTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 3, 5, 9, 41, 7, TimeSpan.Zero);

    private const string Workflow = """
        {"name":"transfer","version":2,"createTime":5,"schemaVersion":2,"tasks":[
          {"name":"fetch","taskReferenceName":"fetch_ref","type":"HTTP","inputParameters":{"http_request":{"uri":"https://a.example/${workflow.env.REGION}","method":"GET","headers":{"Authorization":"Bearer ${workflow.secrets.API_TOKEN}"}}}},
          {"name":"choose","taskReferenceName":"choose_ref","type":"SWITCH","evaluatorType":"value-param","expression":"x","decisionCases":{"yes":[
            {"name":"ask","taskReferenceName":"ask_ref","type":"COUNTERSIGN_VERIFY"},
            {"name":"child","taskReferenceName":"child_ref","type":"SUB_WORKFLOW","subWorkflowParam":{"name":"payout"}}]},"defaultCase":[]}]}
        """;

    private readonly ScriptedServer _server = new();

    public PublicationTests()
    {
        _server.Answers("PUT /api/metadata/workflow", """{"bulkSuccessfulResults":["transfer"],"bulkErrorResults":{}}""");
        _server.Answers("POST /api/metadata/taskdefs", "");
    }

    public void Dispose() => _server.Dispose();

    [Fact]
    public async Task What_the_other_server_lacks_is_refused_by_name_and_nothing_is_sent()
    {
        _server.Answers("GET /api/secrets", """["OTHER"]""");
        _server.Answers("GET /api/tasks/queue/polldata", "[]");

        var result = await PublishAsync(Workflow);

        Assert.False(result.Published);
        Assert.Equal(
        [
            "the secret API_TOKEN is not there",
            "the environment variable REGION is not there",
            "the workflow payout, which child_ref starts, is not there: publish it first",
            "no worker polls the queue COUNTERSIGN_VERIFY there, which ask_ref needs: start countersign worker --conductor https://other.example",
        ], result.Refusals);
        Assert.Empty(_server.Received("PUT /api/metadata/workflow"));
    }

    [Fact]
    public async Task A_definition_whose_needs_are_met_is_sent_after_its_task_definitions()
    {
        MeetNeeds();

        var result = await PublishAsync(Workflow, """{"name":"fetch","retryCount":1,"createdBy":"ann"}""");

        Assert.Equal((true, 0), (result.Published, result.Refusals.Count));
        Assert.Equal([("task", "fetch", null), ("workflow", "transfer", 2)], result.Changes.Select(change => (change.Kind, change.Name, change.Version)));
        Assert.Equal("""[{"name":"fetch","retryCount":1}]""", _server.Received("POST /api/metadata/taskdefs").Single().Body);
        var sent = JsonNode.Parse(_server.Received("PUT /api/metadata/workflow").Single().Body)!.AsArray().Single()!.AsObject();
        Assert.Null(sent["createTime"]);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(Workflow)!["tasks"], sent["tasks"]));
    }

    [Fact]
    public async Task A_dry_run_says_the_difference_and_sends_nothing()
    {
        MeetNeeds();
        _server.Answers("GET /api/metadata/workflow/transfer", """{"name":"transfer","version":2,"updateTime":9,"restartable":true,"tasks":[]}""");

        var result = await PublishAsync(Workflow, isDryRun: true);

        var change = Assert.Single(result.Changes);
        Assert.Equal((false, 0, """{"name":"transfer","version":2,"restartable":true,"tasks":[]}"""), (result.Published, result.Refusals.Count, change.Before!.Value.GetRawText()));
        Assert.Equal("?version=2", _server.Received("GET /api/metadata/workflow/transfer").Single().Query);
        Assert.Empty(_server.Received("PUT /api/metadata/workflow"));
    }

    [Fact]
    public async Task Defaults_and_what_servers_set_are_no_difference()
    {
        const string Plain = """{"name":"plain","version":1,"tasks":[{"name":"a","taskReferenceName":"a_ref","type":"SIMPLE","inputParameters":{"n":1}}]}""";
        _server.Answers("GET /api/metadata/workflow/plain", """
            {"name":"plain","version":1,"schemaVersion":2,"restartable":true,"ownerApp":"x","createTime":1,"timeoutSeconds":0,"timeoutPolicy":"ALERT_ONLY","variables":{},"inputTemplate":{},
             "tasks":[{"name":"a","taskReferenceName":"a_ref","type":"SIMPLE","inputParameters":{"n":1.0},"optional":false,"startDelay":0,"decisionCases":{},"joinOn":[]}]}
            """);

        Assert.Empty((await PublishAsync(Plain, isDryRun: true)).Changes);
        Assert.Single((await PublishAsync(Plain.Replace("\"n\":1", "\"n\":2", StringComparison.Ordinal), isDryRun: true)).Changes);
        Assert.Single((await PublishAsync(Plain.Replace("\"n\":1", "\"m\":1", StringComparison.Ordinal), isDryRun: true)).Changes);
    }

    [Fact]
    public async Task Authentication_of_ours_is_refused_and_an_escaped_expression_needs_nothing()
    {
        var result = await PublishAsync("""
            {"name":"w","tasks":[{"name":"h","taskReferenceName":"h_ref","type":"HTTP","inputParameters":{"http_request":{"uri":"https://a.example/$${workflow.secrets.NO}","method":"GET","authentication":{"type":"bearer","token":"x"}}}}]}
            """, isDryRun: true);

        Assert.Equal(["the task h_ref uses authentication, which is Countersign's own: write the header Authorization instead"], result.Refusals);
    }

    [Fact]
    public async Task What_the_other_server_says_against_it_is_told()
    {
        _server.Answers("PUT /api/metadata/workflow", """{"bulkSuccessfulResults":[],"bulkErrorResults":{"w":"no owner"}}""");

        var result = await PublishAsync("""{"name":"w","tasks":[{"name":"n","taskReferenceName":"n_ref","type":"NOOP"}]}""");

        Assert.Equal((false, "that server refuses w: no owner"), (result.Published, result.Refusals.Single()));
    }

    [Fact]
    public async Task A_server_that_cannot_be_asked_is_the_reason()
    {
        _server.AnswersBy("GET /api/metadata/workflow/w", _ => (HttpStatusCode.InternalServerError, """{"message":"out of order"}"""));

        var result = await PublishAsync("""{"name":"w","tasks":[{"name":"n","taskReferenceName":"n_ref","type":"NOOP"}]}""");

        Assert.Equal((false, "other.example: it answered 500: out of order"), (result.Published, result.Refusals.Single()));
    }

    private void MeetNeeds()
    {
        _server.Answers("GET /api/secrets", """["API_TOKEN"]""");
        _server.Answers("GET /api/environment/REGION", "eu");
        _server.Answers("GET /api/metadata/workflow/payout", """{"name":"payout"}""");
        _server.Answers("GET /api/tasks/queue/polldata", $$"""[{"queueName":"COUNTERSIGN_VERIFY","workerId":"w","lastPollTime":{{(Now - TimeSpan.FromMinutes(1)).ToUnixTimeMilliseconds()}}}]""");
    }

    private async Task<PublishResult> PublishAsync(string workflow, string? task = null, bool isDryRun = false)
    {
        var clock = new FakeTimeProvider(Now);
        using var client = new ConductorClient(new Uri("https://other.example"), null, TimeSpan.FromSeconds(30), clock, _server);
        JsonElement? definition = task is null ? null : JsonDocument.Parse(task).RootElement;
        return await new Publication(client, clock).PublishAsync(JsonBuilder.Read(workflow), name => name == "fetch" ? definition : null, isDryRun, CancellationToken.None);
    }

    [Fact]
    public async Task A_worker_whose_last_poll_is_no_number_is_none()
    {
        _server.Answers("GET /api/tasks/queue/polldata", """[{"queueName":"COUNTERSIGN_VERIFY","workerId":"w","lastPollTime":"today"}]""");

        var result = await PublishAsync("""{"name":"flow","tasks":[{"name":"ask","taskReferenceName":"ask_ref","type":"COUNTERSIGN_VERIFY"}]}""");

        Assert.Contains("no worker polls the queue", Assert.Single(result.Refusals), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_definition_as_deep_as_one_may_be_is_handed_over()
    {
        var tasks = """[{"name":"ship","taskReferenceName":"ship"}]""";
        for (var depth = 0; depth < 30; depth++) tasks = $$"""[{"name":"f","taskReferenceName":"f{{depth}}","type":"FORK_JOIN","forkTasks":[{{tasks}}]},{"name":"j","taskReferenceName":"j{{depth}}","type":"JOIN"}]""";
        _server.Answers("PUT /api/metadata/workflow", "{}");

        var result = await PublishAsync($$"""{"name":"flow","tasks":{{tasks}}}""");

        Assert.True(result.Published, string.Join(", ", result.Refusals));
    }
}
