using System.Net;
using System.Text.Json.Nodes;
using Countersign.Integrations.Workflows;
using Countersign.Server.Tests.Factors;
using Countersign.Server.Tests.Factors.Push;
using Countersign.Testing;

namespace Countersign.Server.Tests.VerifyTask;

/// <summary>The task in workflows that run.</summary>
public sealed class WorkflowVerifyTests
{
    private const string Number = "+14155550142";

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task A_passcode_that_the_workflow_is_given_is_verified_at_once(Engine engine)
    {
        await using var app = new CountersignApp(engine);
        var user = await app.AddUserAsync("ana@example.com");
        var (_, secret) = await app.AddTotpAsync(user);

        var id = await app.StartAsync(RunningWorkflow.Definition(), new JsonObject { ["userId"] = user, ["factorType"] = "token:software:totp", ["passCode"] = app.Totp(secret, 1) });
        var ended = await app.EndAsync(id);

        Assert.Equal((WorkflowStatus.Completed, """{"released":"yes","factorResult":"SUCCESS"}"""), (ended.Status, ended.Output.GetRawText()));
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task A_code_that_was_sent_is_given_to_the_waiting_task(Engine engine)
    {
        await using var app = new CountersignApp(engine);
        var user = await app.AddUserAsync("ana@example.com");
        await app.ActiveAsync(user, "sms", Number);
        var id = await app.StartAsync(RunningWorkflow.Definition(), new JsonObject { ["userId"] = user, ["factorType"] = "sms" });
        await app.WaitingTaskAsync(id);

        var wrong = await app.PostAsync($"/api/tasks/{id}/ask_ref/COMPLETED", new JsonObject { ["passCode"] = "000000" });
        var open = await app.WaitingTaskAsync(id);
        Assert.Equal((HttpStatusCode.OK, 1), (wrong.Status, open.Output.GetProperty("attempts").GetInt32()));
        await app.PostAsync($"/api/tasks/{id}/ask_ref/COMPLETED", new JsonObject { ["passCode"] = await app.CodeOfAsync(Number) });
        var ended = await app.EndAsync(id);

        Assert.Equal("""{"released":"yes","factorResult":"SUCCESS"}""", ended.Output.GetRawText());
        Assert.DoesNotContain(await app.CodeOfAsync(Number), (await app.GetAsync($"/api/workflow/{id}")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Answers_that_are_used_up_let_the_workflow_go_on_where_the_task_is_optional()
    {
        await using var app = new CountersignApp();
        var user = await app.AddUserAsync("ana@example.com");
        await app.ActiveAsync(user, "sms", Number);
        var id = await app.StartAsync(RunningWorkflow.Definition(), new JsonObject { ["userId"] = user, ["factorType"] = "sms" });
        await app.WaitingTaskAsync(id);

        await app.PostAsync($"/api/tasks/{id}/ask_ref/COMPLETED", new JsonObject { ["passCode"] = "000000" });
        await app.PostAsync($"/api/tasks/{id}/ask_ref/COMPLETED", new JsonObject { ["passCode"] = "000001" });
        var ended = await app.EndAsync(id);

        Assert.Equal((WorkflowStatus.Completed, """{"released":"no","factorResult":"FAILED"}"""), (ended.Status, ended.Output.GetRawText()));
    }

    [Theory]
    [InlineData(Engine.Sqlite, "approve", """{"released":"yes","factorResult":"SUCCESS"}""")]
    [InlineData(Engine.Postgres, "approve", """{"released":"yes","factorResult":"SUCCESS"}""")]
    [InlineData(Engine.Sqlite, "deny", """{"released":"no","factorResult":"REJECTED"}""")]
    public async Task A_devices_answer_goes_on_with_the_workflow_at_once(Engine engine, string decision, string output)
    {
        // The clock stands still: no look by itself brings it on.
        await using var house = new PushHouse(engine);
        var (device, _) = await house.BoundAsync();
        var id = await house.App.StartAsync(RunningWorkflow.Definition(), new JsonObject { ["userId"] = house.User, ["factorType"] = "push" });
        await house.App.WaitingTaskAsync(id);

        await device.AnswerAsync(await device.NewestAsync(), decision);
        var ended = await house.App.EndAsync(id);

        Assert.Equal(output, ended.Output.GetRawText());
    }

    [Fact]
    public async Task Nobodys_answer_ends_it_in_time()
    {
        await using var house = new PushHouse(Engine.Sqlite);
        await house.BoundAsync();
        var id = await house.App.StartAsync(RunningWorkflow.Definition(), new JsonObject { ["userId"] = house.User, ["factorType"] = "push" });
        await house.App.WaitingTaskAsync(id);

        var ending = house.App.EndAsync(id);
        // What looks again sets its next look by the clock only once it has looked.
        while (!ending.IsCompleted)
        {
            house.Clock.Advance(TimeSpan.FromMinutes(6));
            await Task.WhenAny(ending, Task.Delay(50));
        }

        Assert.Equal("""{"released":"no","factorResult":"TIMEOUT"}""", (await ending).Output.GetRawText());
    }
}
