using System.Text.Json;
using System.Text.Json.Nodes;
using Countersign.Integrations.Conductor;
using Countersign.Integrations.Runs;
using Countersign.Server.Errors;
using Countersign.Server.Json;
using Countersign.Server.OpenApi;
using Countersign.Server.Requests;
using Countersign.Tokens;

namespace Countersign.Server.Runners;

/// <summary>Handing definitions over to another Conductor server (workflow contract 19).</summary>
internal static class RunnerEndpoints
{
    /// <summary>What the endpoints need.</summary>
    public static void AddRunners(this WebApplicationBuilder builder) => builder.Services.AddSingleton<ConductorRunner>();

    /// <summary>The endpoints.</summary>
    public static void MapRunners(this IEndpointRouteBuilder routes)
    {
        var runners = routes.MapGroup("/countersign/v1/runners").WithTags("Runners");
        runners.MapGet("/", ListAsync).WithName("ListRunners").RequireScope(ApiScopes.IntegrationsRead).Answers<RunnerShape[]>();
        runners.MapPost("/conductor/publish", PublishAsync).WithName("PublishWorkflow").RequireScope(ApiScopes.IntegrationsManage).TakesBody<PublishRequest>().Answers<PublishShape>();
        runners.MapGroup("/conductor/api/workflow").MapPassedOn();
    }

    /// <summary>Lists what runs workflows: this server, and the other one that is configured.</summary>
    internal static async Task<IResult> ListAsync(HttpContext http, ConductorRunner conductor)
    {
        var runners = new JsonArray(new JsonObject { ["id"] = "embedded", ["name"] = "This server" });
        if (await conductor.DescribeAsync(http.RequestAborted) is { } other) runners.Add((JsonNode)other);
        return new JsonResult(runners);
    }

    /// <summary>Hands a workflow definition over to the other server, with the task definitions that it names; or, in a dry run, only says what would change there and what is in the way.</summary>
    internal static async Task<IResult> PublishAsync(HttpContext http, ConductorRunner conductor, IDefinitionStore definitions)
    {
        if (await http.ReadAsync(ApiJson.Default.PublishRequest) is not { } body) return ApiErrors.NotWellFormed.ToResult();
        if (string.IsNullOrEmpty(body.Name)) return ApiErrors.Blank("name").ToResult();
        if (body.Version is < 1) return ApiErrors.Validation("version", "version: must be at least 1").ToResult();
        if (conductor.Publication is not { } publication) return NotConfigured();
        if (await definitions.FindAsync(body.Name, body.Version, http.RequestAborted) is not { } definition) return ApiErrors.NotFound(body.Name, "WorkflowDef").ToResult();
        var tasks = await definitions.TaskDefinitionsAsync(http.RequestAborted);
        var result = await publication.PublishAsync(definition.Document, name => tasks.TryGetValue(name, out var task) ? task.Document : null, body.DryRun == true, http.RequestAborted);
        return new JsonResult(new JsonObject
        {
            ["changes"] = new JsonArray([.. result.Changes.Select(Change)]),
            ["refusals"] = new JsonArray([.. result.Refusals.Select(refusal => (JsonNode)refusal)]),
            ["published"] = result.Published,
        });
    }

    /// <summary>The error of a server that is not told of another one.</summary>
    internal static IResult NotConfigured() => ApiErrors.NotFound("conductor", "Runner").ToResult();

    private static JsonNode Change(PublishChange change)
    {
        var shown = new JsonObject { ["kind"] = change.Kind, ["name"] = change.Name };
        if (change.Version is { } version) shown["version"] = version;
        if (change.Before is { } before) shown["before"] = Node(before);
        shown["after"] = Node(change.After);
        return shown;

        static JsonNode? Node(JsonElement element) => JsonNode.Parse(element.GetRawText());
    }
}
