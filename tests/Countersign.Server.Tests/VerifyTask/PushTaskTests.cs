using System.Text.Json.Nodes;
using System.Threading.Channels;
using Countersign.Integrations.Tasks;
using Countersign.Integrations.Workflows;
using Countersign.Server.Tests.Factors.Push;
using Countersign.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.Server.Tests.VerifyTask;

public sealed class PushTaskTests
{
    [Theory]
    [InlineData(Engine.Sqlite, "approve", AttemptStatus.Completed, "SUCCESS")]
    [InlineData(Engine.Postgres, "approve", AttemptStatus.Completed, "SUCCESS")]
    [InlineData(Engine.Sqlite, "deny", AttemptStatus.FailedWithTerminalError, "REJECTED")]
    [InlineData(Engine.Sqlite, "report", AttemptStatus.FailedWithTerminalError, "REJECTED")]
    public async Task A_device_is_asked_once_and_its_answer_ends_the_task(Engine engine, string decision, AttemptStatus status, string factorResult)
    {
        await using var house = new PushHouse(engine);
        var (device, _) = await house.BoundAsync();
        var task = new VerifiedTask(house.App, new JsonObject { ["userId"] = house.User, ["factorType"] = "push" });

        await task.VisitAndLoseAsync();
        Assert.Equal(AttemptStatus.InProgress, await task.VisitAsync(house.AddNode()));
        var request = Assert.Single((await device.RequestsAsync()).Json["requests"]!.AsArray())!;
        Assert.Equal(("WAITING", (string?)request["transactionId"], "transfer"), (task.FactorResult, task.Text("transactionId"), (string?)request["application"]));
        await device.AnswerAsync(request, decision);

        Assert.Equal(status, await task.VisitAsync());
        Assert.Equal(factorResult, task.FactorResult);
    }

    [Fact]
    public async Task The_number_that_the_device_asks_for_is_in_the_output()
    {
        await using var house = new PushHouse(Engine.Sqlite);
        var (device, _) = await house.BoundAsync();
        var task = new VerifiedTask(house.App, new JsonObject { ["userId"] = house.User, ["factorType"] = "push", ["useNumberMatchingChallenge"] = true });
        await task.VisitAsync();

        var number = task.Task.Output.GetProperty("challenge").GetProperty("correctAnswer").GetInt32();
        await device.AnswerAsync(await device.NewestAsync(), "approve", number.ToString(System.Globalization.CultureInfo.InvariantCulture));

        Assert.Equal(AttemptStatus.Completed, await task.VisitAsync());
    }

    [Fact]
    public async Task A_device_that_does_not_answer_in_the_tasks_time_is_not_asked_any_more()
    {
        await using var house = new PushHouse(Engine.Sqlite);
        var (device, _) = await house.BoundAsync();
        var task = new VerifiedTask(house.App, new JsonObject { ["userId"] = house.User, ["factorType"] = "push", ["timeoutSeconds"] = 60 });
        await task.VisitAsync();

        house.Clock.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(AttemptStatus.FailedWithTerminalError, await task.VisitAsync());

        Assert.Equal("TIMEOUT", task.FactorResult);
        Assert.Empty((await device.RequestsAsync()).Json["requests"]!.AsArray());
    }

    [Fact]
    public async Task A_request_whose_own_time_is_over_ends_a_task_that_would_wait_longer()
    {
        await using var house = new PushHouse(Engine.Sqlite);
        await house.BoundAsync();
        var task = new VerifiedTask(house.App, new JsonObject { ["userId"] = house.User, ["factorType"] = "push", ["timeoutSeconds"] = 86_400 });
        await task.VisitAsync();

        house.Clock.Advance(TimeSpan.FromMinutes(30));
        Assert.Equal(AttemptStatus.FailedWithTerminalError, await task.VisitAsync());

        Assert.Equal("TIMEOUT", task.FactorResult);
    }

    [Fact]
    public async Task A_devices_answer_wakes_the_task_on_the_node_that_visited_it()
    {
        var woken = new Wakes();
        await using var house = new PushHouse(Engine.Sqlite);
        await using var app = new CountersignApp(house.App.Store) { Clock = house.Clock, Replaces = services => services.AddSingleton<ITaskWakes>(woken) };
        var (device, _) = await house.BoundAsync();
        device.Client = app.CreateClient();
        var task = new VerifiedTask(app, new JsonObject { ["userId"] = house.User, ["factorType"] = "push" });
        await task.VisitAsync();

        await device.AnswerAsync(await device.NewestAsync(), "approve");

        Assert.Equal(task.Task.Id, await woken.NextAsync());
        Assert.Equal(task.Task.Id, await woken.NextAsync());   // the first time it was told that the task is being visited
        Assert.Equal(AttemptStatus.Completed, await task.VisitAsync());
    }

    private sealed class Wakes : ITaskWakes
    {
        private readonly Channel<string> _woken = Channel.CreateUnbounded<string>();
        private int _count;

        public async Task<string> NextAsync() => await _woken.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30));

        public Task<bool> WakeAsync(string executionId, string taskId, CancellationToken cancellationToken)
        {
            _woken.Writer.TryWrite(taskId);
            return Task.FromResult(Interlocked.Increment(ref _count) > 1);
        }
    }
}
