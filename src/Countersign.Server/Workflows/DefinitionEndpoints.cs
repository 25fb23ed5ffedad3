using System.Globalization;
using System.Text.Json;
using Countersign.Integrations.Runs;
using Countersign.Integrations.Workflows;
using Countersign.Server.OpenApi;
using Countersign.Server.Requests;
using Countersign.Tokens;

namespace Countersign.Server.Workflows;

/// <summary>Workflow definitions (workflow contract 11).</summary>
internal static class DefinitionEndpoints
{
    private const int MostListed = 10_000, MostInBulk = 1_000;

    public static void MapWorkflowDefinitions(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapWorkflowGroup("/api/metadata/workflow", "Workflow definitions");
        group.MapPost("/", CreateAsync).WithName("CreateWorkflowDefinition").RequireScope(ApiScopes.IntegrationsManage).TakesJson().AnswersEmpty().TakesFlag("overwrite", "replaces the version if it is there");
        group.MapPut("/", PutAsync).WithName("PutWorkflowDefinitions").RequireScope(ApiScopes.IntegrationsManage).TakesList().AnswersJson().TakesQuery("overwrite", "`false` leaves versions that are there; else they are replaced");
        group.MapPost("/validate", ValidateAsync).WithName("ValidateWorkflowDefinition").RequireScope(ApiScopes.IntegrationsRead).TakesJson().AnswersEmpty();
        group.MapGet("/", ListAsync).WithName("ListWorkflowDefinitions").RequireScope(ApiScopes.IntegrationsRead).AnswersList();
        group.MapGet("/names-and-versions", NamesAsync).WithName("ListWorkflowDefinitionNames").RequireScope(ApiScopes.IntegrationsRead).AnswersJson();
        group.MapGet("/latest-versions", LatestAsync).WithName("ListLatestWorkflowDefinitions").RequireScope(ApiScopes.IntegrationsRead).AnswersList();
        group.MapGet("/{name}", GetAsync).WithName("GetWorkflowDefinition").RequireScope(ApiScopes.IntegrationsRead).AnswersJson().TakesNumber("version", "the version; the highest when absent", 1, int.MaxValue);
        group.MapDelete("/{name}/{version}", RemoveAsync).WithName("DeleteWorkflowDefinition").RequireScope(ApiScopes.IntegrationsManage).AnswersEmpty();
    }

    /// <summary>Stores a new version of a workflow definition, unknown members included.</summary>
    internal static async Task<IResult> CreateAsync(HttpContext http, IDefinitionStore definitions)
    {
        var (body, error) = await http.ReadObjectAsync();
        if (error is not null) return error;
        var (definition, wrong) = await CheckAsync(body, definitions, http.RequestAborted);
        if (definition is null) return wrong!;
        return await definitions.PutAsync(definition, http.Flag("overwrite"), http.By(), http.RequestAborted) ? EmptyResult.Instance
            : WorkflowErrors.Conflict($"The workflow definition {definition.Name}, version {definition.Version.ToString(CultureInfo.InvariantCulture)}, exists already.");
    }

    /// <summary>Stores workflow definitions, each by itself; answers which were stored, and why the others were not.</summary>
    internal static async Task<IResult> PutAsync(HttpContext http, IDefinitionStore definitions)
    {
        var (body, error) = await http.ReadListAsync(MostInBulk);
        if (error is not null) return error;
        var known = await definitions.TaskDefinitionsAsync(http.RequestAborted);
        var outcomes = new BulkOutcome();
        foreach (var document in body.EnumerateArray())
        {
            var name = document.TextOf("name") ?? "";
            var read = DefinitionRules.Check(document, known.GetValueOrDefault);
            if (read.Definition is null) outcomes.Failed(name, read.Faults[0].Path.Length == 0 ? read.Faults[0].Message : $"{read.Faults[0].Path}: {read.Faults[0].Message}");
            else if (await definitions.PutAsync(read.Definition, http.Flag("overwrite", whenAbsent: true), http.By(), http.RequestAborted)) outcomes.Succeeded(name);
            else outcomes.Failed(name, "This version exists already.");
        }
        return outcomes;
    }

    /// <summary>Checks a workflow definition and stores nothing.</summary>
    internal static async Task<IResult> ValidateAsync(HttpContext http, IDefinitionStore definitions)
    {
        var (body, error) = await http.ReadObjectAsync();
        return error ?? (await CheckAsync(body, definitions, http.RequestAborted)).Wrong ?? (IResult)EmptyResult.Instance;
    }

    /// <summary>Lists every version of every workflow definition.</summary>
    internal static Task<IResult> ListAsync(HttpContext http, IDefinitionStore definitions) => AnswerAsync(http, definitions, latestOnly: false);

    /// <summary>Lists the highest version of every workflow definition.</summary>
    internal static Task<IResult> LatestAsync(HttpContext http, IDefinitionStore definitions) => AnswerAsync(http, definitions, latestOnly: true);

    /// <summary>Lists the versions of workflow definitions by their names.</summary>
    internal static async Task<IResult> NamesAsync(HttpContext http, IDefinitionStore definitions)
    {
        var found = await AllAsync(definitions, latestOnly: false, http.RequestAborted);
        return new WrittenJsonResult(writer =>
        {
            writer.WriteStartObject();
            foreach (var versions in found.GroupBy(definition => definition.Name, StringComparer.Ordinal))
            {
                writer.WriteStartArray(versions.Key);
                foreach (var definition in versions)
                {
                    writer.WriteStartObject();
                    writer.WriteString("name"u8, definition.Name);
                    writer.WriteNumber("version"u8, definition.Version);
                    writer.WriteNumber("createTime"u8, definition.Document.NumberOf("createTime") ?? 0);
                    writer.WriteEndObject();
                }
                writer.WriteEndArray();
            }
            writer.WriteEndObject();
        });
    }

    /// <summary>Shows a workflow definition.</summary>
    internal static async Task<IResult> GetAsync(HttpContext http, string name, IDefinitionStore definitions)
    {
        if (!http.TryNumber("version", 0, 0, int.MaxValue, out var version, out var error)) return error!;
        return await definitions.FindAsync(name, version == 0 ? null : (int)version, http.RequestAborted) is { } found ? new WrittenJsonResult(found.Document.WriteTo) : NotFound(name, version);
    }

    /// <summary>Removes a version of a workflow definition. Executions keep their own copy.</summary>
    internal static async Task<IResult> RemoveAsync(HttpContext http, string name, string version, IDefinitionStore definitions)
        => int.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && await definitions.RemoveAsync(name, number, http.By(), http.RequestAborted)
            ? EmptyResult.Instance : WorkflowErrors.NotFound($"No such workflow definition: {name}, version {version}, was not found.");

    private static async Task<IResult> AnswerAsync(HttpContext http, IDefinitionStore definitions, bool latestOnly)
    {
        var found = await AllAsync(definitions, latestOnly, http.RequestAborted);
        return new WrittenJsonResult(writer =>
        {
            writer.WriteStartArray();
            foreach (var definition in found) definition.Document.WriteTo(writer);
            writer.WriteEndArray();
        });
    }

    private static Task<IReadOnlyList<WorkflowDefinition>> AllAsync(IDefinitionStore definitions, bool latestOnly, CancellationToken cancellationToken)
        => definitions.ListAsync(null, MostListed, latestOnly, cancellationToken);

    private static async ValueTask<(WorkflowDefinition? Definition, WorkflowErrorResult? Wrong)> CheckAsync(JsonElement document, IDefinitionStore definitions, CancellationToken cancellationToken)
    {
        var known = await definitions.TaskDefinitionsAsync(cancellationToken);
        var read = DefinitionRules.Check(document, known.GetValueOrDefault);
        return read.Definition is null ? (null, WorkflowErrors.Invalid("The workflow definition breaks rules.", read.Faults)) : (read.Definition, null);
    }

    private static WorkflowErrorResult NotFound(string name, long version)
        => WorkflowErrors.NotFound($"No such workflow definition: {name}{(version == 0 ? "" : $", version {version.ToString(CultureInfo.InvariantCulture)},")} was not found.");
}
