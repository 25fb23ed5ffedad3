using System.Net;
using System.Text.Json.Nodes;
using Countersign.Testing;

namespace Countersign.Server.Tests.Factors;

public sealed class RecoveryTests
{
    private const string Switch = "/api/v1/org/factors/countersign_recovery/lifecycle";

    [Fact]
    public async Task Nobody_is_told_of_the_kind_until_it_is_switched_on()
    {
        await using var app = new CountersignApp();

        Assert.Equal("Factor not enabled.", (await EnrollAsync(app, "me")).Cause);
        Assert.DoesNotContain("recovery", (await app.GetAsync($"{FactorClient.Factors}/catalog")).Text, StringComparison.Ordinal);
        Assert.DoesNotContain("recovery", (await app.GetAsync("/api/v1/org/factors")).Text, StringComparison.Ordinal);

        await app.PostAsync($"{Switch}/activate");
        var enrolled = await EnrollAsync(app, "me");
        Assert.Equal(("ACTIVE", "rcf"), ((string?)enrolled.Json["status"], enrolled.Id[..3]));
        Assert.Contains("token:recovery", (await app.GetAsync($"{FactorClient.Factors}/catalog")).Text, StringComparison.Ordinal);
        Assert.Contains("countersign_recovery", (await app.GetAsync("/api/v1/org/factors")).Text, StringComparison.Ordinal);

        await app.PostAsync($"{Switch}/deactivate");
        Assert.DoesNotContain(enrolled.Id, (await app.GetAsync(FactorClient.Factors)).Text, StringComparison.Ordinal);
        Assert.Equal("E0000007", (await app.VerifyAsync(enrolled.Id, CodesOf(enrolled)[0])).ErrorCode);
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task Ten_codes_are_good_once_each(Engine engine)
    {
        await using var app = new CountersignApp(engine);
        await app.PostAsync($"{Switch}/activate");
        var enrolled = await EnrollAsync(app, "me");
        var codes = CodesOf(enrolled);
        Assert.Equal(10, codes.Distinct().Count());
        Assert.All(codes, code => Assert.Matches("^[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}$", code));

        foreach (var code in codes) Assert.Equal("SUCCESS", (await app.VerifyAsync(enrolled.Id, code)).FactorResult);

        Assert.Equal("E0000068", (await app.VerifyAsync(enrolled.Id, codes[0])).ErrorCode);
        Assert.Equal(0, (int?)(await app.GetAsync($"{FactorClient.Factors}/{enrolled.Id}")).Json["profile"]!["remaining"]);
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task A_code_counts_once_however_many_bring_it(Engine engine)
    {
        await using var app = new CountersignApp(engine, new KeyValuePair<string, string>("Countersign:Attempts:LockoutThreshold", "1000"));
        await app.PostAsync($"{Switch}/activate");
        var enrolled = await EnrollAsync(app, "me");
        var code = CodesOf(enrolled)[3];

        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => app.VerifyAsync(enrolled.Id, code)));

        Assert.Equal(1, answers.Count(answer => answer.Status == HttpStatusCode.OK));
    }

    [Fact]
    public async Task Codes_are_read_as_people_write_them()
    {
        await using var app = new CountersignApp();
        await app.PostAsync($"{Switch}/activate");
        var enrolled = await EnrollAsync(app, "me");
        var codes = CodesOf(enrolled);

        var answers = new List<string?>
        {
            (await app.VerifyAsync(enrolled.Id, codes[0].ToLowerInvariant())).FactorResult,
            (await app.VerifyAsync(enrolled.Id, codes[1].Replace("-", " ", StringComparison.Ordinal))).FactorResult,
            (await app.VerifyAsync(enrolled.Id, codes[2].Replace("-", "", StringComparison.Ordinal).Replace('0', 'o').Replace('1', 'l'))).FactorResult,
            (await app.VerifyAsync(enrolled.Id, codes[3][..^1])).ErrorCode,
            (await app.VerifyAsync(enrolled.Id, " ")).ErrorCode,
        };

        Assert.Equal(["SUCCESS", "SUCCESS", "SUCCESS", "E0000068", "E0000001"], answers);
    }

    [Fact]
    public async Task Codes_are_replaced_all_together_and_shown_once()
    {
        await using var app = new CountersignApp();
        await app.PostAsync($"{Switch}/activate");
        var enrolled = await EnrollAsync(app, "me");
        var older = CodesOf(enrolled);
        await app.VerifyAsync(enrolled.Id, older[0]);

        var replaced = await app.PutAsync($"{FactorClient.Factors}/{enrolled.Id}", new JsonObject());

        Assert.Equal((enrolled.Id, 10), (replaced.Id, (int?)replaced.Json["profile"]!["remaining"]));
        Assert.Empty(CodesOf(replaced).Intersect(older));
        Assert.Equal("E0000068", (await app.VerifyAsync(enrolled.Id, older[1])).ErrorCode);
        Assert.Equal("SUCCESS", (await app.VerifyAsync(enrolled.Id, CodesOf(replaced)[1])).FactorResult);
        Assert.Null((await app.GetAsync($"{FactorClient.Factors}/{enrolled.Id}")).Json["_embedded"]);
        Assert.Equal("A factor of this type is already set up.", (await EnrollAsync(app, "me")).Cause);
        // Neither the store nor the log has a code.
        var code = CodesOf(replaced)[5].Replace("-", "", StringComparison.Ordinal);
        Assert.Equal(0, await app.Store.SqlAsync($"SELECT count(*) FROM user_state WHERE instr(CAST(state AS TEXT), '{code}') > 0"));
        Assert.DoesNotContain(code[..5], (await app.GetAsync("/api/v1/logs")).Text, StringComparison.Ordinal);
    }

    private static Task<Answer> EnrollAsync(CountersignApp app, string user)
        => app.PostAsync($"/api/v1/users/{user}/factors", new JsonObject { ["factorType"] = "token:recovery", ["provider"] = "COUNTERSIGN" });

    private static List<string> CodesOf(Answer enrolled) => [.. enrolled.Json["_embedded"]!["activation"]!["codes"]!.AsArray().Select(code => (string)code!)];
}
