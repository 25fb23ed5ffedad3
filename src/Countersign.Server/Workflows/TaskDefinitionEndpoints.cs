using Countersign.Integrations.Runs;
using Countersign.Integrations.Workflows;
using Countersign.Server.Requests;
using Countersign.Tokens;

namespace Countersign.Server.Workflows;

/// <summary>Task definitions (workflow contract 4, 11).</summary>
internal static class TaskDefinitionEndpoints
{
    private const int MostInOne = 1_000;

    public static void MapTaskDefinitions(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapWorkflowGroup("/api/metadata/taskdefs", "Task definitions");
        group.MapPost("/", PutAllAsync).WithName("CreateTaskDefinitions").RequireScope(ApiScopes.IntegrationsManage).TakesList().AnswersEmpty();
        group.MapPut("/", ReplaceAsync).WithName("ReplaceTaskDefinition").RequireScope(ApiScopes.IntegrationsManage).TakesJson().AnswersEmpty();
        group.MapGet("/", ListAsync).WithName("ListTaskDefinitions").RequireScope(ApiScopes.IntegrationsRead).AnswersList();
        group.MapGet("/{name}", GetAsync).WithName("GetTaskDefinition").RequireScope(ApiScopes.IntegrationsRead).AnswersJson();
        group.MapDelete("/{name}", RemoveAsync).WithName("DeleteTaskDefinition").RequireScope(ApiScopes.IntegrationsManage).AnswersEmpty();
    }

    /// <summary>Makes or replaces task definitions: all of them, or none when one breaks a rule.</summary>
    internal static async Task<IResult> PutAllAsync(HttpContext http, IDefinitionStore definitions, WorkflowSettings settings)
    {
        var (body, error) = await http.ReadListAsync(MostInOne);
        if (error is not null) return error;
        var read = body.EnumerateArray().Select((document, index) => DefinitionRules.CheckTask(document, $"[{index}]")).ToList();
        var faults = read.SelectMany(definition => definition.Faults).ToList();
        if (faults.Count > 0) return WorkflowErrors.Invalid("A task definition breaks rules.", faults);
        return await PutAsync(http, definitions, settings, [.. read.Select(definition => definition.Definition!)], mustExist: false);
    }

    /// <summary>Replaces a task definition that is there.</summary>
    internal static async Task<IResult> ReplaceAsync(HttpContext http, IDefinitionStore definitions, WorkflowSettings settings)
    {
        var (body, error) = await http.ReadObjectAsync();
        if (error is not null) return error;
        var read = DefinitionRules.CheckTask(body);
        if (read.Definition is null) return WorkflowErrors.Invalid("The task definition breaks rules.", read.Faults);
        return await PutAsync(http, definitions, settings, [read.Definition], mustExist: true);
    }

    /// <summary>Lists the task definitions.</summary>
    internal static async Task<IResult> ListAsync(HttpContext http, IDefinitionStore definitions)
    {
        var found = await definitions.TaskDefinitionsAsync(http.RequestAborted);
        return new WrittenJsonResult(writer =>
        {
            writer.WriteStartArray();
            foreach (var (_, definition) in found.OrderBy(pair => pair.Key, StringComparer.Ordinal)) definition.Document.WriteTo(writer);
            writer.WriteEndArray();
        });
    }

    /// <summary>Shows a task definition.</summary>
    internal static async Task<IResult> GetAsync(HttpContext http, string name, IDefinitionStore definitions)
        => (await definitions.TaskDefinitionsAsync(http.RequestAborted)).TryGetValue(name, out var found) ? new WrittenJsonResult(found.Document.WriteTo) : NotFound(name);

    /// <summary>Removes a task definition.</summary>
    internal static async Task<IResult> RemoveAsync(HttpContext http, string name, IDefinitionStore definitions)
        => await definitions.RemoveTaskDefinitionAsync(name, http.By(), http.RequestAborted) ? EmptyResult.Instance : NotFound(name);

    private static async Task<IResult> PutAsync(HttpContext http, IDefinitionStore definitions, WorkflowSettings settings, IReadOnlyList<TaskDefinition> put, bool mustExist)
        => await definitions.PutTaskDefinitionsAsync(put, mustExist, settings.MostTaskDefinitions, http.By(), http.RequestAborted) switch
        {
            TaskDefinitionsPut.Stored => EmptyResult.Instance,
            TaskDefinitionsPut.Missing => NotFound(put[0].Name),
            _ => WorkflowErrors.Invalid($"There may be {settings.MostTaskDefinitions} task definitions at most."),
        };

    private static WorkflowErrorResult NotFound(string name) => WorkflowErrors.NotFound($"No such task definition: {name} was not found.");
}
