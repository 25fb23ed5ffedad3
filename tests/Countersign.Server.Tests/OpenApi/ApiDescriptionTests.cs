using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.RegularExpressions;
using Countersign.Server.Json;
using Countersign.Server.OpenApi;
using Countersign.Testing;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.Server.Tests.OpenApi;

public sealed partial class ApiDescriptionTests
{
    /// <summary>The description is part of the product: a change of it is looked at. <c>COUNTERSIGN_APPROVE=1</c> accepts the present one.</summary>
    [Fact]
    public async Task The_description_is_the_approved_one()
    {
        await using var app = new CountersignApp();
        var description = (await app.GetAsync("/openapi/v1.json")).Json.ToJsonString(new JsonSerializerOptions { WriteIndented = true }) + "\n";
        if (Environment.GetEnvironmentVariable("COUNTERSIGN_APPROVE") == "1") await File.WriteAllTextAsync(Approved(), description);

        Assert.Equal(await File.ReadAllTextAsync(Approved()), description);
    }

    [Fact]
    public async Task Every_operation_says_what_it_does_what_it_takes_and_how_it_fails()
    {
        await using var app = new CountersignApp();
        foreach (var (path, operations) in (await app.GetAsync("/openapi/v1.json")).Json["paths"]!.AsObject())
        {
            foreach (var (method, operation) in operations!.AsObject())
            {
                var name = $"{method} {path}";
                Assert.True(operation!["operationId"] is not null, $"{name} has no name");
                Assert.True(operation["summary"] is not null, $"{name} has no summary");
                Assert.True(operation["responses"]!["500"] is not null, $"{name} does not say how it fails");
                Assert.All(operation["parameters"]?.AsArray().Where(parameter => (string?)parameter!["in"] != "path") ?? [], parameter => Assert.True(parameter!["description"] is not null, $"{name}: {parameter["name"]} is not described"));
            }
        }
    }

    /// <summary>Compiled ahead of time there is no reflection to find the properties of a type by.</summary>
    [Fact]
    public async Task Every_described_type_is_in_a_source_generated_context()
    {
        await using var app = new CountersignApp();
        var endpoints = app.Services.GetRequiredService<EndpointDataSource>().Endpoints;
        var described = endpoints.Where(endpoint => endpoint.Metadata.GetMetadata<IExcludeFromDescriptionMetadata>() is null)
            .SelectMany(endpoint => endpoint.Metadata)
            .Select(metadata => metadata is IProducesResponseTypeMetadata produces ? produces.Type : (metadata as IAcceptsMetadata)?.RequestType)
            .Where(type => type is not null && type != typeof(void)).Distinct();

        Assert.DoesNotContain(described, type => (ApiJson.Default.GetTypeInfo(type!) ?? ShapeJson.Default.GetTypeInfo(type!)) is null);
    }

    [Fact]
    public async Task The_page_asks_nobody_else_for_anything()
    {
        await using var app = new CountersignApp();
        var page = await app.GetAsync("/docs/");

        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.DoesNotMatch(Elsewhere(), page.Text);
        Assert.StartsWith("default-src 'self';", page.Headers["Content-Security-Policy"], StringComparison.Ordinal);
    }

    [GeneratedRegex("""(src|href)\s*=\s*["'](https?:)?//""")]
    private static partial Regex Elsewhere();

    private static string Approved([CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "openapi.approved.json");
}
