using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Countersign.Integrations.Conductor;
using Countersign.Integrations.Workflows;
using Countersign.Server.Tests.Factors;
using Countersign.Server.Tests.Factors.Push;
using Countersign.Server.VerifyTask;
using Countersign.Testing;

namespace Countersign.Server.Tests.VerifyTask;

/// <summary>
/// The worker for another Conductor server. The other server is Countersign too, which would carry out the task itself; so there it is a worker's task whose queue has the same name.
/// </summary>
public sealed class VerifyWorkerTests
{
    private const string Number = "+14155550142";

    [Fact]
    public async Task A_passcode_in_the_input_is_verified_by_this_server()
    {
        await using var here = new CountersignApp();
        await using var there = new CountersignApp();
        var user = await here.AddUserAsync("ana@example.com");
        var (_, secret) = await here.AddTotpAsync(user);
        var id = await there.StartAsync(Definition(), new JsonObject { ["userId"] = "ana@example.com", ["factorType"] = "token:software:totp", ["passCode"] = here.Totp(secret, 1) });

        await WorkAsync(here, there, () => there.EndAsync(id));
        var ended = await there.EndAsync(id);

        Assert.Equal((WorkflowStatus.Completed, "SUCCESS"), (ended.Status, ended.Tasks[0].Output.TryGetProperty("factorResult", out var result) ? result.GetString() : ended.Tasks[0].ReasonForIncompletion + ended.Tasks[0].Output.GetRawText()));
    }

    [Fact]
    public async Task A_code_is_given_by_an_update_and_does_not_stay_in_the_output()
    {
        await using var here = new CountersignApp();
        await using var there = new CountersignApp();
        var user = await here.AddUserAsync("ana@example.com");
        await here.ActiveAsync(user, "sms", Number);
        var id = await there.StartAsync(Definition(), new JsonObject { ["userId"] = user, ["factorType"] = "sms" });

        await WorkAsync(here, there, async () =>
        {
            await there.WaitAsync(id, execution => execution.Tasks[0].Output.TryGetProperty("factorResult", out _));
            await there.PostAsync($"/api/tasks/{id}/ask_ref/IN_PROGRESS", new JsonObject { ["passCode"] = await here.CodeOfAsync(Number) });
            var end = there.EndAsync(id);
            while (await Task.WhenAny(end, Task.Delay(20)) != end) there.Clock.Advance(TimeSpan.FromSeconds(1));
        });
        var output = (await there.EndAsync(id)).Tasks[0].Output;

        Assert.Equal(("SUCCESS", 1), (output.GetProperty("factorResult").GetString(), output.GetProperty("attempts").GetInt32()));
        Assert.False(output.TryGetProperty("passCode", out _));
    }

    [Fact]
    public async Task A_devices_answer_is_found_by_a_later_look()
    {
        await using var house = new PushHouse(Engine.Sqlite);
        await using var there = new CountersignApp();
        var (device, _) = await house.BoundAsync();
        var id = await there.StartAsync(Definition(), new JsonObject { ["userId"] = house.User, ["factorType"] = "push" });

        await WorkAsync(house.App, there, async () =>
        {
            await there.WaitAsync(id, execution => execution.Tasks[0].Output.TryGetProperty("transactionId", out _));
            await device.AnswerAsync(await device.NewestAsync(), "deny");
            var end = there.EndAsync(id);
            while (await Task.WhenAny(end, Task.Delay(20)) != end) there.Clock.Advance(TimeSpan.FromSeconds(1));
        });
        var ended = await there.EndAsync(id);

        Assert.Equal((WorkflowStatus.Failed, "REJECTED", AttemptStatus.FailedWithTerminalError), (ended.Status, ended.Tasks[0].Output.GetProperty("factorResult").GetString(), ended.Tasks[0].Status));
    }

    private static JsonObject Definition() => new()
    {
        ["name"] = "verify_elsewhere",
        ["tasks"] = new JsonArray(new JsonObject
        {
            ["name"] = "COUNTERSIGN_VERIFY",
            ["taskReferenceName"] = "ask_ref",
            ["type"] = "SIMPLE",
            ["inputParameters"] = new JsonObject { ["userId"] = "${workflow.input.userId}", ["factorType"] = "${workflow.input.factorType}", ["passCode"] = "${workflow.input.passCode}" },
        }),
    };

    /// <summary>Lets a worker work until something is done; then it is told to stop, and does.</summary>
    private static async Task WorkAsync(CountersignApp here, CountersignApp there, Func<Task> until)
    {
        using var conductor = new ConductorClient(there.Server.BaseAddress, ("First start", CountersignApp.Token), TimeSpan.FromMinutes(2), TimeProvider.System, there.Server.CreateHandler());
        using var http = here.CreateClient();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("SSWS", CountersignApp.Token);
        using var stop = new CancellationTokenSource();
        await using var said = new StringWriter();
        var working = new VerifyWorker(conductor, new WorkerTask(new FactorsApi(http), here.Clock), "worker-1", said, TimeProvider.System).RunAsync(stop.Token);

        await until().WaitAsync(TimeSpan.FromSeconds(60));
        await stop.CancelAsync();
        await working.WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Equal("", said.ToString());
    }
}
