using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;
using Countersign.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Countersign.Server.Tests.Telemetry;

public sealed class OtlpExportTests
{
    [Fact]
    public async Task Traces_and_measurements_go_to_the_collector_that_the_environment_names()
    {
        var received = new ConcurrentDictionary<string, string>();
        await using var collector = await StartCollectorAsync(received);
        using var store = new TestStore(Engine.Sqlite);
        using var server = await CountersignProcess.StartAsync(store,
            new("OTEL_EXPORTER_OTLP_ENDPOINT", collector.Urls.Single()), new("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"));
        using var client = server.CreateClient();
        using var content = new StringContent(new JsonObject { ["passCode"] = "123456" }.ToJsonString());

        await client.PostAsync(new Uri("/api/v1/users/me/factors/ost00000000000000000/verify", UriKind.Relative), content);
        server.Terminate();

        Assert.Equal(0, await server.WaitAsync());
        Assert.Contains("verify factor", received["/v1/traces"], StringComparison.Ordinal);
        Assert.Contains("shared commit", received["/v1/traces"], StringComparison.Ordinal);
        Assert.Contains("countersign.verifications", received["/v1/metrics"], StringComparison.Ordinal);
    }

    private static async Task<WebApplication> StartCollectorAsync(ConcurrentDictionary<string, string> received)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var collector = builder.Build();
        collector.MapPost("/v1/{signal}", async (HttpContext http) =>
        {
            using var body = new MemoryStream();
            await http.Request.Body.CopyToAsync(body);
            received.AddOrUpdate(http.Request.Path, Encoding.Latin1.GetString(body.ToArray()), (_, before) => before + Encoding.Latin1.GetString(body.ToArray()));
        });
        await collector.StartAsync();
        return collector;
    }
}
