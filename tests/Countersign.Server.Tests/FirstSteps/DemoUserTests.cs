using System.Text.Json.Nodes;
using Countersign.Server.FirstSteps;
using Countersign.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.Server.Tests.FirstSteps;

public sealed class DemoUserTests
{
    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task Every_start_tells_a_passcode_that_is_accepted(Engine engine)
    {
        await using var app = new CountersignApp(engine);

        for (var start = 0; start < 12; start++)
        {
            var told = await NextPasscodeAsync(app);
            var verified = await VerifyAsync(app, told, told.Passcode);
            var again = await VerifyAsync(app, told, told.Passcode);

            Assert.Equal("SUCCESS", verified.FactorResult);
            Assert.Equal("E0000082", again.ErrorCode);
        }
    }

    [Fact]
    public async Task A_passcode_is_good_until_the_time_told()
    {
        await using var app = new CountersignApp();
        var told = await NextPasscodeAsync(app);

        app.Clock.SetUtcNow(told.Until.AddSeconds(-1));
        var verified = await VerifyAsync(app, told, told.Passcode);

        Assert.Equal("SUCCESS", verified.FactorResult);
    }

    [Fact]
    public async Task A_passcode_that_was_not_used_is_told_again()
    {
        await using var app = new CountersignApp();

        Assert.Equal(await NextPasscodeAsync(app), await NextPasscodeAsync(app));
    }

    [Fact]
    public async Task A_demo_user_locked_by_wrong_passcodes_is_unlocked_by_the_next_start()
    {
        await using var app = new CountersignApp();
        var told = await NextPasscodeAsync(app);
        for (var wrong = 0; wrong < 6; wrong++) await VerifyAsync(app, told, "0");

        told = await NextPasscodeAsync(app);

        Assert.Equal("SUCCESS", (await VerifyAsync(app, told, told.Passcode)).FactorResult);
    }

    [Fact]
    public async Task The_notice_shows_a_request_that_can_be_pasted()
    {
        await using var app = new CountersignApp();
        var told = await NextPasscodeAsync(app);

        var notice = FirstStepsNotice.Text("http://127.0.0.1:8080", "a-token", told);

        Assert.Contains("http://127.0.0.1:8080/console\n", notice, StringComparison.Ordinal);
        Assert.Contains("http://127.0.0.1:8080/docs\n", notice, StringComparison.Ordinal);
        Assert.Contains($"\ncurl -X POST 'http://127.0.0.1:8080/api/v1/users/demo@countersign.invalid/factors/{told.Factor}/verify' -H 'Authorization: SSWS a-token' -H 'Content-Type: application/json' -d '{{\"passCode\":\"{told.Passcode}\"}}'\n", notice, StringComparison.Ordinal);
    }

    private static async Task<DemoPasscode> NextPasscodeAsync(CountersignApp app)
        => (await app.Services.GetRequiredService<DemoUser>().NextPasscodeAsync(CancellationToken.None))!;

    private static Task<Answer> VerifyAsync(CountersignApp app, DemoPasscode told, string passcode)
        => app.PostAsync($"/api/v1/users/{DemoUser.Login}/factors/{told.Factor}/verify", new JsonObject { ["passCode"] = passcode });
}
