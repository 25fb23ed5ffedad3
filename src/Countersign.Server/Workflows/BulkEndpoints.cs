using Countersign.Integrations.Runs;
using Countersign.Integrations.Workflows;
using Countersign.Server.OpenApi;
using Countersign.Server.Requests;
using Countersign.Tokens;

namespace Countersign.Server.Workflows;

/// <summary>Commands to many executions, each alone (workflow contract 12).</summary>
internal static class BulkEndpoints
{
    private const int Most = 1_000;

    public static void MapBulkCommands(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapWorkflowGroup("/api/workflow/bulk", "Workflow commands").RequireScope(ApiScopes.IntegrationsManage);
        group.MapPut("/pause", PauseAsync).WithName("PauseWorkflows").TakesTexts().AnswersJson();
        group.MapPut("/resume", ResumeAsync).WithName("ResumeWorkflows").TakesTexts().AnswersJson();
        group.MapPost("/restart", RestartAsync).WithName("RestartWorkflows").TakesTexts().AnswersJson().TakesFlag("useLatestDefinitions", "takes the newest definitions");
        group.MapPost("/retry", RetryAsync).WithName("RetryWorkflows").TakesTexts().AnswersJson();
        group.MapPost("/terminate", TerminateAsync).WithName("TerminateWorkflows").TakesTexts().AnswersJson().TakesQuery("reason", "why");
        group.MapDelete("/remove", RemoveAsync).WithName("RemoveWorkflows").AnswersJson();
        group.MapPost("/delete", RemoveAsync).WithName("DeleteWorkflows").TakesTexts().AnswersJson();
    }

    /// <summary>Pauses executions.</summary>
    internal static Task<IResult> PauseAsync(HttpContext http, WorkflowRuns runs) => EachAsync(http, id => runs.CommandAsync(id, new WorkflowChange.Pause(), http.RequestAborted));

    /// <summary>Resumes executions.</summary>
    internal static Task<IResult> ResumeAsync(HttpContext http, WorkflowRuns runs) => EachAsync(http, id => runs.CommandAsync(id, new WorkflowChange.Resume(), http.RequestAborted));

    /// <summary>Restarts executions.</summary>
    internal static Task<IResult> RestartAsync(HttpContext http, WorkflowRuns runs) => EachAsync(http, id => runs.RestartAsync(id, http.Flag("useLatestDefinitions"), http.RequestAborted));

    /// <summary>Retries executions.</summary>
    internal static Task<IResult> RetryAsync(HttpContext http, WorkflowRuns runs) => EachAsync(http, id => runs.CommandAsync(id, new WorkflowChange.Retry(false), http.RequestAborted));

    /// <summary>Terminates executions.</summary>
    internal static Task<IResult> TerminateAsync(HttpContext http, WorkflowRuns runs) => http.Text("reason") is { Length: > CommandEndpoints.LongestReason } ? Task.FromResult<IResult>(WorkflowErrors.LongReason)
        : EachAsync(http, id => runs.CommandAsync(id, new WorkflowChange.Terminate(http.Text("reason")), http.RequestAborted));

    /// <summary>Removes executions that ended.</summary>
    internal static async Task<IResult> RemoveAsync(HttpContext http, WorkflowRuns runs)
    {
        var (ids, error) = await http.ReadTextsAsync(Most);
        if (error is not null) return error;
        var outcomes = new BulkOutcome();
        foreach (var id in ids)
        {
            var removed = await runs.RemoveAsync(id, http.RequestAborted);
            if (removed == true) outcomes.Succeeded(id);
            else outcomes.Failed(id, removed is null ? "The execution has not ended." : "No such workflow execution was found.");
        }
        return outcomes;
    }

    private static async Task<IResult> EachAsync(HttpContext http, Func<string, Task<ChangeResult>> command)
    {
        var (ids, error) = await http.ReadTextsAsync(Most);
        if (error is not null) return error;
        var outcomes = new BulkOutcome();
        foreach (var id in ids)
        {
            switch (await command(id))
            {
                case ChangeResult.Refused refused: outcomes.Failed(id, refused.Message); break;
                case ChangeResult.NotFound: outcomes.Failed(id, "No such workflow execution was found."); break;
                default: outcomes.Succeeded(id); break;
            }
        }
        return outcomes;
    }
}
