using System.Net;
using System.Text.Json.Nodes;
using Countersign.Integrations.Conductor;
using Countersign.Server.Runners;
using Countersign.Server.Tests.VerifyTask;
using Countersign.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.Server.Tests.Runners;

/// <summary>Definitions are handed over to another server that speaks the Conductor API: a second Countersign server.</summary>
public sealed class HandOverTests
{
    private const string Path = "/countersign/v1/runners";

    [Fact]
    public async Task A_definition_is_published_started_and_watched_there()
    {
        await using var there = new CountersignApp();
        await using var here = Handing(there);
        await here.PutAsync("/api/metadata/workflow", new JsonArray(Waiting()));
        await here.PostAsync("/api/metadata/taskdefs", new JsonArray(new JsonObject { ["name"] = "hold", ["retryCount"] = 7 }));

        var dry = await here.PostAsync($"{Path}/conductor/publish", new JsonObject { ["name"] = "hold_on", ["dryRun"] = true });
        Assert.Equal(HttpStatusCode.NotFound, (await there.GetAsync("/api/metadata/workflow/hold_on")).Status);
        var published = await here.PostAsync($"{Path}/conductor/publish", new JsonObject { ["name"] = "hold_on" });
        var again = await here.PostAsync($"{Path}/conductor/publish", new JsonObject { ["name"] = "hold_on", ["dryRun"] = true });
        Assert.Equal((false, true), ((bool)dry.Json["published"]!, (bool)published.Json["published"]!));
        Assert.Equal(["task hold", "workflow hold_on"], dry.Json["changes"]!.AsArray().Select(change => $"{change!["kind"]} {change["name"]}"));
        Assert.Empty(again.Json["changes"]!.AsArray());
        Assert.Equal(7, (int)(await there.GetAsync("/api/metadata/taskdefs/hold")).Json["retryCount"]!);

        var started = await here.PostAsync($"{Path}/conductor/api/workflow/hold_on", new JsonObject { ["n"] = 1 });
        var read = await here.GetAsync($"{Path}/conductor/api/workflow/{started.Text}?includeTasks=false");
        var found = await here.GetAsync($"{Path}/conductor/api/workflow/search?query={Uri.EscapeDataString("workflowType = hold_on")}");
        Assert.Equal((HttpStatusCode.OK, "RUNNING", 1), (started.Status, (string?)read.Json["status"], (int)found.Json["totalHits"]!));
        Assert.Equal(HttpStatusCode.OK, (await here.SendAsync(HttpMethod.Put, $"{Path}/conductor/api/workflow/{started.Text}/pause")).Status);
        Assert.Equal("PAUSED", (string?)(await there.GetAsync($"/api/workflow/{started.Text}")).Json["status"]);
        Assert.Equal(HttpStatusCode.OK, (await here.DeleteAsync($"{Path}/conductor/api/workflow/{started.Text}?reason=enough")).Status);
        Assert.Equal("TERMINATED", (string?)(await there.GetAsync($"/api/workflow/{started.Text}")).Json["status"]);
        Assert.Equal(HttpStatusCode.NotFound, (await here.GetAsync($"/api/workflow/{started.Text}")).Status);
    }

    [Fact]
    public async Task Every_command_is_passed_on_also_without_a_body()
    {
        await using var there = new CountersignApp();
        await using var here = Handing(there);
        await there.PutAsync("/api/metadata/workflow", new JsonArray(Waiting()));
        var id = (await here.PostAsync($"{Path}/conductor/api/workflow/hold_on", new JsonObject())).Text;

        async Task<string> AfterAsync(HttpMethod method, string command, string? body = null)
        {
            using var request = new HttpRequestMessage(method, $"{Path}/conductor/api/workflow/{id}{command}") { Content = body is null ? null : new StringContent(body) };
            using var response = await here.Client.SendAsync(request);
            Assert.True(response.IsSuccessStatusCode, command);
            return (string)(await there.GetAsync($"/api/workflow/{id}")).Json["status"]!;
        }

        Assert.Equal("PAUSED", await AfterAsync(HttpMethod.Put, "/pause"));
        Assert.Equal("RUNNING", await AfterAsync(HttpMethod.Put, "/resume"));
        Assert.Equal("TERMINATED", await AfterAsync(HttpMethod.Delete, ""));
        Assert.Equal("RUNNING", await AfterAsync(HttpMethod.Post, "/retry"));
        Assert.Equal("TERMINATED", await AfterAsync(HttpMethod.Delete, ""));
        Assert.Equal("RUNNING", await AfterAsync(HttpMethod.Post, "/restart"));
        Assert.Equal("TERMINATED", await AfterAsync(HttpMethod.Delete, ""));
        var first = (string)(await there.GetAsync($"/api/workflow/{id}")).Json["tasks"]![0]!["taskId"]!;
        Assert.Equal("RUNNING", await AfterAsync(HttpMethod.Post, "/rerun", $$"""{"reRunFromTaskId":"{{first}}"}"""));
    }

    [Fact]
    public async Task What_cannot_run_there_is_refused_by_name()
    {
        await using var there = new CountersignApp();
        await using var here = Handing(there);
        await here.PutAsync("/api/metadata/workflow", new JsonArray(RunningWorkflow.Definition("${workflow.secrets.FACTOR}")));

        var refused = await here.PostAsync($"{Path}/conductor/publish", new JsonObject { ["name"] = "verify_transfer", ["version"] = 1 });

        Assert.False((bool)refused.Json["published"]!);
        Assert.Contains("the secret FACTOR is not there", refused.Json["refusals"]!.AsArray().Select(refusal => (string?)refusal));
        Assert.Contains(refused.Json["refusals"]!.AsArray(), refusal => ((string)refusal!).StartsWith("no worker polls the queue COUNTERSIGN_VERIFY there, which ask_ref needs", StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.NotFound, (await there.GetAsync("/api/metadata/workflow/verify_transfer")).Status);
    }

    [Fact]
    public async Task The_other_server_is_listed_with_whether_it_lets_us_in()
    {
        await using var there = new CountersignApp();
        await using var here = Handing(there);
        await using var refused = Handing(there, "not-the-token-0123456789");
        await using var alone = new CountersignApp();

        var reachable = (await here.GetAsync(Path)).Json.AsArray();
        var unreachable = (await refused.GetAsync(Path)).Json.AsArray();

        Assert.Equal(("embedded", "conductor", true), ((string?)reachable[0]!["id"], (string?)reachable[1]!["id"], (bool)reachable[1]!["isReachable"]!));
        Assert.False((bool)unreachable[1]!["isReachable"]!);
        Assert.Contains("refused the key", (string?)unreachable[1]!["reason"], StringComparison.Ordinal);
        Assert.Single((await alone.GetAsync(Path)).Json.AsArray());
        Assert.Equal(HttpStatusCode.GatewayTimeout, (await refused.GetAsync($"{Path}/conductor/api/workflow/x")).Status);
    }

    [Fact]
    public async Task Without_another_server_there_is_nothing_to_hand_over_to()
    {
        await using var app = new CountersignApp();

        var publish = await app.PostAsync($"{Path}/conductor/publish", new JsonObject { ["name"] = "w" });
        var passed = await app.GetAsync($"{Path}/conductor/api/workflow/search");

        Assert.Equal((HttpStatusCode.NotFound, "E0000007", HttpStatusCode.NotFound), (publish.Status, publish.ErrorCode, passed.Status));
    }

    private static JsonObject Waiting() => new()
    {
        ["name"] = "hold_on",
        ["version"] = 1,
        ["tasks"] = new JsonArray(new JsonObject { ["name"] = "hold", ["taskReferenceName"] = "hold_ref", ["type"] = "HUMAN" }),
    };

    private static CountersignApp Handing(CountersignApp there, string token = CountersignApp.Token)
    {
        var client = new ConductorClient(there.Server.BaseAddress, ("First start", token), TimeSpan.FromSeconds(30), TimeProvider.System, there.Server.CreateHandler());
        return new CountersignApp { Replaces = services => services.AddSingleton(_ => new ConductorRunner(client, there.Clock)) };
    }
}
