using System.Text.Json;
using Countersign.Integrations.Runs;
using Countersign.Integrations.Workflows;
using Countersign.Server.Json;
using Countersign.Server.OpenApi;
using Countersign.Server.Requests;
using Countersign.Tokens;

namespace Countersign.Server.Workflows;

/// <summary>Commands to executions (workflow contract 7.7, 12).</summary>
internal static class CommandEndpoints
{
    /// <summary>Characters of a reason.</summary>
    public const int LongestReason = 4_000;

    private static readonly BodyMembers OfSkip = new("What is skipped", ("taskInput", JsonValueKind.Object), ("taskOutput", JsonValueKind.Object));
    private static readonly BodyMembers OfRerun = new("The rerun", ("reRunFromTaskId", JsonValueKind.String), ("taskInput", JsonValueKind.Object), ("workflowInput", JsonValueKind.Object), ("correlationId", JsonValueKind.String));
    private static readonly BodyMembers OfState = new("The state", ("variables", JsonValueKind.Object), ("taskReferenceName", JsonValueKind.String), ("taskResult", JsonValueKind.Object));

    public static void MapExecutionCommands(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapWorkflowGroup("/api/workflow", "Workflow commands").RequireScope(ApiScopes.IntegrationsManage);
        group.MapPut("/{workflowId}/pause", PauseAsync).WithName("PauseWorkflow").AnswersEmpty();
        group.MapPut("/{workflowId}/resume", ResumeAsync).WithName("ResumeWorkflow").AnswersEmpty();
        group.MapPut("/{workflowId}/skiptask/{reference}", SkipAsync).WithName("SkipWorkflowTask").TakesJson().AnswersEmpty();
        group.MapPost("/{workflowId}/rerun", RerunAsync).WithName("RerunWorkflow").TakesJson().AnswersText();
        group.MapPost("/{workflowId}/restart", RestartAsync).WithName("RestartWorkflow").AnswersNothing().TakesFlag("useLatestDefinitions", "takes the newest definition");
        group.MapPost("/{workflowId}/retry", RetryAsync).WithName("RetryWorkflow").AnswersNothing().TakesFlag("resumeSubworkflowTasks", "goes on in failed children instead of starting new ones");
        group.MapPost("/{workflowId}/resetcallbacks", ResetCallbacksAsync).WithName("ResetWorkflowCallbacks").AnswersNothing();
        group.MapDelete("/{workflowId}", TerminateAsync).WithName("TerminateWorkflow").AnswersEmpty().TakesQuery("reason", "why");
        group.MapDelete("/{workflowId}/remove", RemoveAsync).WithName("RemoveWorkflow").AnswersEmpty();
        group.MapPut("/decide/{workflowId}", DecideAsync).WithName("DecideWorkflow").AnswersEmpty();
        group.MapPost("/{workflowId}/variables", SetVariablesAsync).WithName("SetWorkflowVariables").TakesJson().AnswersJson();
        group.MapPost("/{workflowId}/state", SetStateAsync).WithName("SetWorkflowState").TakesJson().AnswersJson();
    }

    /// <summary>Pauses an execution: nothing new is scheduled, results still come in.</summary>
    internal static Task<IResult> PauseAsync(HttpContext http, string workflowId, WorkflowRuns runs) => CommandAsync(http, workflowId, new WorkflowChange.Pause(), runs, EmptyResult.Instance);

    /// <summary>Resumes an execution that is paused.</summary>
    internal static Task<IResult> ResumeAsync(HttpContext http, string workflowId, WorkflowRuns runs) => CommandAsync(http, workflowId, new WorkflowChange.Resume(), runs, EmptyResult.Instance);

    /// <summary>Skips a task that is not scheduled yet.</summary>
    internal static async Task<IResult> SkipAsync(HttpContext http, string workflowId, string reference, WorkflowRuns runs)
    {
        var (body, error) = await http.ReadObjectAsync();
        return error ?? OfSkip.Fault(body) ?? await CommandAsync(http, workflowId, new WorkflowChange.Skip(reference, body.ObjectOf("taskInput"), body.ObjectOf("taskOutput")), runs, EmptyResult.Instance);
    }

    /// <summary>Runs an execution that ended again, from one of its tasks or from the start; answers its id.</summary>
    internal static async Task<IResult> RerunAsync(HttpContext http, string workflowId, WorkflowRuns runs)
    {
        var (body, error) = await http.ReadObjectAsync();
        if (error is not null) return error;
        if (OfRerun.Fault(body) is { } fault) return fault;
        if (body.TextOf("correlationId") is { } correlation && (correlation.Length > Limits.CorrelationIdCharacters || correlation.Contains('\0', StringComparison.Ordinal)))
            return OfRerun.Wrong(body, "correlationId", $"may have {Limits.CorrelationIdCharacters} characters at most, and no NUL");
        var rerun = new WorkflowChange.Rerun(body.TextOf("reRunFromTaskId") is { Length: > 0 } from ? from : null, body.Member("taskInput"), body.Member("workflowInput"), body.TextOf("correlationId"));
        return await CommandAsync(http, workflowId, rerun, runs, new TextResult(workflowId));
    }

    /// <summary>Restarts an execution that ended, under the same id.</summary>
    internal static async Task<IResult> RestartAsync(HttpContext http, string workflowId, WorkflowRuns runs)
        => WorkflowErrors.Of(await runs.RestartAsync(workflowId, http.Flag("useLatestDefinitions"), http.RequestAborted), workflowId) ?? (IResult)NoContentResult.Instance;

    /// <summary>Schedules the tasks that failed last again.</summary>
    internal static Task<IResult> RetryAsync(HttpContext http, string workflowId, WorkflowRuns runs)
        => CommandAsync(http, workflowId, new WorkflowChange.Retry(http.Flag("resumeSubworkflowTasks")), runs, NoContentResult.Instance);

    /// <summary>Lets open tasks that wait for a callback be handed out at once.</summary>
    internal static Task<IResult> ResetCallbacksAsync(HttpContext http, string workflowId, WorkflowRuns runs) => CommandAsync(http, workflowId, new WorkflowChange.ResetCallbacks(), runs, NoContentResult.Instance);

    /// <summary>Terminates an execution.</summary>
    internal static Task<IResult> TerminateAsync(HttpContext http, string workflowId, WorkflowRuns runs)
        => http.Text("reason") is { Length: > LongestReason } ? Task.FromResult<IResult>(WorkflowErrors.LongReason)
            : CommandAsync(http, workflowId, new WorkflowChange.Terminate(http.Text("reason")), runs, EmptyResult.Instance);

    /// <summary>Removes an execution that ended, for ever.</summary>
    internal static async Task<IResult> RemoveAsync(HttpContext http, string workflowId, WorkflowRuns runs) => await runs.RemoveAsync(workflowId, http.RequestAborted) switch
    {
        true => EmptyResult.Instance,
        false => WorkflowErrors.NoExecution(workflowId),
        null => WorkflowErrors.Conflict($"Execution {workflowId} has not ended: terminate it first."),
    };

    /// <summary>Evaluates an execution now.</summary>
    internal static Task<IResult> DecideAsync(HttpContext http, string workflowId, WorkflowRuns runs) => CommandAsync(http, workflowId, new WorkflowChange.Look(), runs, EmptyResult.Instance);

    /// <summary>Sets variables of an execution; answers it.</summary>
    internal static async Task<IResult> SetVariablesAsync(HttpContext http, string workflowId, WorkflowRuns runs, IDefinitionStore definitions)
    {
        var (body, error) = await http.ReadObjectAsync();
        return error ?? await ChangedAsync(http, workflowId, await runs.CommandAsync(workflowId, new WorkflowChange.SetVariables(body), http.RequestAborted), definitions);
    }

    /// <summary>Sets variables and updates a task; waits, and answers the execution.</summary>
    internal static async Task<IResult> SetStateAsync(HttpContext http, string workflowId, WorkflowRuns runs, TaskRuns tasks, IDefinitionStore definitions)
    {
        var (body, error) = await http.ReadObjectAsync();
        if (error is not null) return error;
        if (!http.TryNumber("waitForSeconds", 10, 0, 60, out var seconds, out error)) return error!;
        if (OfState.Fault(body) is { } fault) return fault;
        TaskUpdate? update = null;
        if (body.Member("taskResult") is { } result)
        {
            if (!TaskBodies.TryRead(result, out update, out error)) return error;
            if (body.TextOf("taskReferenceName") is { Length: > 0 } reference) update = update with { TaskId = null, ReferenceName = reference };
            else if (update.TaskId is null) return OfState.Wrong(body, "taskReferenceName", "must be the reference name of an open task");
            // Before the variables are changed: where there is no such task, nothing is.
            if (await runs.FindAsync(workflowId, withTasks: true, http.RequestAborted) is { } found && !(update.TaskId is { } id ? found.Tasks.Any(task => task.Id == id) : WorkflowDecider.FindOpen(found.Tasks, update) is not null))
                return WorkflowErrors.NoTask(update.TaskId ?? update.ReferenceName!);
        }
        if (body.Member("variables") is { } variables
            && WorkflowErrors.Of(await runs.CommandAsync(workflowId, new WorkflowChange.SetVariables(variables), http.RequestAborted), workflowId) is { } refused) return refused;
        if (update is not null && WorkflowErrors.Of(await tasks.UpdateAsync(workflowId, update, http.RequestAborted), workflowId) is { } unchanged) return unchanged;
        var references = http.Text("waitUntilTaskRef")?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];
        var execution = await runs.WaitAsync(workflowId, references, TimeSpan.FromSeconds(seconds), http.RequestAborted);
        return execution is null ? WorkflowErrors.NoExecution(workflowId) : await WaitedResult.OfAsync(execution, "TARGET_WORKFLOW", http.Text("requestId"), runs, definitions, http.RequestAborted);
    }

    private static async Task<IResult> CommandAsync(HttpContext http, string workflowId, WorkflowChange change, WorkflowRuns runs, IResult done)
        => WorkflowErrors.Of(await runs.CommandAsync(workflowId, change, http.RequestAborted), workflowId) ?? done;

    private static async Task<IResult> ChangedAsync(HttpContext http, string workflowId, ChangeResult result, IDefinitionStore definitions)
        => WorkflowErrors.Of(result, workflowId) ?? ExecutionEndpoints.Whole(((ChangeResult.Changed)result).Execution, includesTasks: true, await definitions.TaskDefinitionsAsync(http.RequestAborted));
}
