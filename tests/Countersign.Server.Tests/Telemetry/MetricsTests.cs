using System.Net;
using System.Text.Json.Nodes;
using Countersign.Testing;
using Microsoft.AspNetCore.Http;

namespace Countersign.Server.Tests.Telemetry;

/// <summary>Instruments belong to the process, so no other host may come and go meanwhile.</summary>
[CollectionDefinition(nameof(MetricsTests), DisableParallelization = true)]
public sealed class MetricsAlone;

[Collection(nameof(MetricsTests))]
public sealed class MetricsTests
{
    private const string Factors = "/api/v1/users/me/factors";

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task Verifications_and_commits_are_counted_from_the_first_reading_on(Engine engine)
    {
        await using var app = new CountersignApp(engine);
        var enrolled = await app.PostAsync(Factors, new JsonObject { ["factorType"] = "token:software:totp", ["provider"] = "GOOGLE" });
        var secret = (string)enrolled.Json["_embedded"]!["activation"]!["sharedSecret"]!;
        await app.PostAsync($"{Factors}/{enrolled.Id}/lifecycle/activate", new JsonObject { ["passCode"] = app.Totp(secret) });

        await app.GetAsync("/metrics");
        await app.PostAsync($"{Factors}/{enrolled.Id}/verify", new JsonObject { ["passCode"] = app.Totp(secret, steps: 1) });
        await app.PostAsync($"{Factors}/{enrolled.Id}/verify", new JsonObject { ["passCode"] = app.Totp(secret, steps: 1) });
        var read = (await app.GetAsync("/metrics")).Text;

        Assert.Contains("factor_type=\"token:software:totp\",outcome=\"SUCCESS\",provider=\"GOOGLE\"} ", read, StringComparison.Ordinal);
        Assert.Contains("factor_type=\"token:software:totp\",outcome=\"Replayed\",provider=\"GOOGLE\"} ", read, StringComparison.Ordinal);
        Assert.Contains("countersign_commit_duration_seconds_count", read, StringComparison.Ordinal);
        Assert.Contains("countersign_commit_size_bucket", read, StringComparison.Ordinal);
        Assert.Contains("countersign_commit_queue", read, StringComparison.Ordinal);
        Assert.Contains("http_server_request_duration_seconds", read, StringComparison.Ordinal);
        Assert.Contains("dotnet_gc_collections_total", read, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("127.0.0.1", HttpStatusCode.OK)]
    [InlineData("::1", HttpStatusCode.OK)]
    [InlineData("203.0.113.9", HttpStatusCode.NotFound)]
    public async Task Only_allowed_addresses_read_them(string address, HttpStatusCode status)
    {
        await using var app = new CountersignApp();
        Assert.Equal(status, await ReadAsync(app, address));
    }

    [Fact]
    public async Task Other_addresses_can_be_allowed()
    {
        await using var app = new CountersignApp(Engine.Sqlite, new KeyValuePair<string, string>("Countersign:Metrics:AllowedNetworks:0", "10.0.0.0/8"));

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.NotFound), (await ReadAsync(app, "10.1.2.3"), await ReadAsync(app, "127.0.0.1")));
    }

    private static async Task<HttpStatusCode> ReadAsync(CountersignApp app, string address)
    {
        var http = await app.Server.SendAsync(http =>
        {
            http.Request.Method = HttpMethods.Get;
            http.Request.Path = "/metrics";
            http.Connection.RemoteIpAddress = IPAddress.Parse(address);
        });
        return (HttpStatusCode)http.Response.StatusCode;
    }
}
