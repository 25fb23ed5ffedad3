using System.Net;
using System.Text.Json.Nodes;
using Countersign.Factors.Otp;
using Countersign.Testing;

namespace Countersign.Crash.Tests;

/// <summary>One passcode, sent to several processes at once.</summary>
public sealed class RaceTests
{
    [Fact]
    public async Task Of_two_hundred_copies_of_a_time_based_passcode_on_two_processes_one_is_accepted()
    {
        using var store = new TestStore(Engine.Postgres);
        using var one = await CountersignProcess.StartAsync(store);
        using var other = await CountersignProcess.StartAsync(store);
        using HttpClient first = one.CreateClient(), second = other.CreateClient();
        for (var round = 0; round < 5; round++)
        {
            var user = await first.AddUserAsync($"user{round}@example.com");
            var factors = $"/api/v1/users/{user}/factors";
            var enrolled = await first.PostAsync(factors, new JsonObject { ["factorType"] = "token:software:totp", ["provider"] = "GOOGLE" });
            Assert.True(Base32.TryDecode((string)enrolled.Json["_embedded"]!["activation"]!["sharedSecret"]!, out var secret));
            using var generator = new OtpGenerator(secret, 6, OtpAlgorithm.Sha1);
            var step = TimeWindow.StepAt(TimeProvider.System.GetUtcNow(), 30);
            await first.PostAsync($"{factors}/{enrolled.Id}/lifecycle/activate", new JsonObject { ["passCode"] = generator.Passcode(step) });

            await OneOfAsync(200, i => (i % 2 == 0 ? first : second).PostAsync($"{factors}/{enrolled.Id}/verify", new JsonObject { ["passCode"] = generator.Passcode(step + 1) }));
        }
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task Of_two_hundred_copies_of_a_counters_passcode_one_is_accepted(Engine engine)
    {
        using var store = new TestStore(engine);
        using var one = await CountersignProcess.StartAsync(store);
        using var other = await CountersignProcess.StartAsync(store);
        using HttpClient first = one.CreateClient(), second = other.CreateClient();
        var profile = await first.AddCounterProfileAsync();
        await Task.Delay(TimeSpan.FromSeconds(1.1));   // what the other process remembers of the organisation
        for (var round = 0; round < 5; round++)
        {
            var user = await first.AddUserAsync($"user{round}@example.com");
            var factor = await second.EnrollCounterAsync(user, profile);

            await OneOfAsync(200, i => (i % 2 == 0 ? first : second).VerifyAsync(user, factor, 0));
        }
    }

    private static async Task OneOfAsync(int copies, Func<int, Task<Answer>> send)
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, copies).Select(send));

        Assert.Single(answers, answer => answer.Status == HttpStatusCode.OK && answer.FactorResult == "SUCCESS");
        Assert.All(answers.Where(answer => answer.Status != HttpStatusCode.OK), answer => Assert.Contains(answer.ErrorCode, (string?[])["E0000082", "E0000069"]));
    }
}
