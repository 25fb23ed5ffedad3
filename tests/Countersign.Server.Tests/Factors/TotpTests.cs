using System.Net;
using System.Text.Json.Nodes;
using Countersign.Testing;

namespace Countersign.Server.Tests.Factors;

public sealed class TotpTests
{
    private const string Factors = "/api/v1/users/me/factors";

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task A_passcode_activates_and_another_verifies(Engine engine)
    {
        await using var app = new CountersignApp(engine);
        var enrolled = await app.PostAsync(Factors, new JsonObject { ["factorType"] = "token:software:totp", ["provider"] = "GOOGLE" });
        var secret = (string)enrolled.Json["_embedded"]!["activation"]!["sharedSecret"]!;

        var activated = await app.PostAsync($"{Factors}/{enrolled.Id}/lifecycle/activate", new JsonObject { ["passCode"] = app.Totp(secret) });
        var replayed = await app.PostAsync($"{Factors}/{enrolled.Id}/verify", new JsonObject { ["passCode"] = app.Totp(secret) });
        var verified = await app.PostAsync($"{Factors}/{enrolled.Id}/verify", new JsonObject { ["passCode"] = app.Totp(secret, steps: 1) });

        Assert.Equal("ACTIVE", (string?)activated.Json["status"]);
        Assert.Null(activated.Json["_embedded"]);
        Assert.Equal((HttpStatusCode.Forbidden, "E0000082"), (replayed.Status, replayed.ErrorCode));
        Assert.Equal("SUCCESS", verified.FactorResult);
    }
}
