using Countersign.Integrations.Runs;
using Countersign.Integrations.Workflows;
using Countersign.Server.Json;
using Countersign.Server.OpenApi;
using Countersign.Server.Requests;
using Countersign.Tokens;

namespace Countersign.Server.Workflows;

/// <summary>Polling for tasks and updating them (workflow contract 13).</summary>
internal static class TaskUpdateEndpoints
{
    public static void MapTaskUpdates(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapWorkflowGroup("/api/tasks", "Workflow tasks").RequireScope(ApiScopes.IntegrationsManage);
        group.MapGet("/poll/{type}", PollAsync).WithName("PollTask").AnswersJson().TakesQuery("workerid", "who polls").TakesQuery("domain", "the domain of the queue");
        group.MapGet("/poll/batch/{type}", PollBatchAsync).WithName("PollTasks").AnswersList().TakesQuery("workerid", "who polls").TakesQuery("domain", "the domain of the queue")
            .TakesNumber("count", "tasks at most", 1, 100, 1).TakesNumber("timeout", "milliseconds to wait for the first", 0, 60_000, 100);
        group.MapPost("/", UpdateAsync).WithName("UpdateTask").TakesJson().AnswersText();
        group.MapPost("/update-v2", UpdateAndPollAsync).WithName("UpdateTaskAndPoll").TakesJson().AnswersJson();
        group.MapPost("/{workflowId}/{reference}/{status}", UpdateByReferenceAsync).WithName("UpdateTaskByReference").TakesJson().AnswersText();
        group.MapPost("/{workflowId}/{reference}/{status}/sync", UpdateByReferenceAndReadAsync).WithName("UpdateTaskByReferenceAndRead").TakesJson().AnswersJson();
        group.MapPost("/{workflowId}/{status}/signal", SignalAsync).WithName("SignalWorkflow").TakesJson().AnswersEmpty();
        group.MapPost("/{workflowId}/{status}/signal/sync", SignalAndReadAsync).WithName("SignalWorkflowAndRead").TakesJson().AnswersJson().TakesQuery("returnStrategy", "TARGET_WORKFLOW, BLOCKING_WORKFLOW, BLOCKING_TASK or BLOCKING_TASK_INPUT");
    }

    /// <summary>Hands out a task of a queue, or answers 204 when there is none.</summary>
    internal static async Task<IResult> PollAsync(HttpContext http, string type, TaskRuns tasks, IDefinitionStore definitions)
    {
        var taken = await tasks.PollAsync(type, http.Text("domain") ?? "", http.Text("workerid") ?? "", 1, TimeSpan.Zero, http.RequestAborted);
        return taken is [var task] ? Of(task, await definitions.TaskDefinitionsAsync(http.RequestAborted)) : (IResult)NoContentResult.Instance;
    }

    /// <summary>Hands out tasks of a queue; waits for the first of them.</summary>
    internal static async Task<IResult> PollBatchAsync(HttpContext http, string type, TaskRuns tasks, IDefinitionStore definitions, WorkflowSettings settings)
    {
        if (!http.TryNumber("count", 1, 1, int.MaxValue, out var count, out var error) || !http.TryNumber("timeout", 100, 0, int.MaxValue, out var timeout, out error)) return error!;
        var longest = TimeSpan.FromMilliseconds(Math.Min(timeout, settings.LongestPoll.TotalMilliseconds));
        var taken = await tasks.PollAsync(type, http.Text("domain") ?? "", http.Text("workerid") ?? "", (int)Math.Min(count, settings.MostPolled), longest, http.RequestAborted);
        var known = await definitions.TaskDefinitionsAsync(http.RequestAborted);
        return new WrittenJsonResult(writer =>
        {
            writer.WriteStartArray();
            foreach (var task in taken) ExecutionDocuments.Write(writer, task.Execution, task.Task, known.GetValueOrDefault);
            writer.WriteEndArray();
        });
    }

    /// <summary>Updates a task; answers its id.</summary>
    internal static async Task<IResult> UpdateAsync(HttpContext http, TaskRuns tasks, TimeProvider clock)
    {
        var (update, error) = await UpdateWithLogsAsync(http, tasks, clock);
        return error ?? new TextResult(update!.TaskId!);
    }

    /// <summary>Updates a task; hands out the next one of the same queue to the same worker, or answers 204 when there is none.</summary>
    internal static async Task<IResult> UpdateAndPollAsync(HttpContext http, TaskRuns tasks, IDefinitionStore definitions, TimeProvider clock)
    {
        var (update, error) = await UpdateWithLogsAsync(http, tasks, clock);
        if (error is not null) return error;
        if (await tasks.FindAsync(update!.TaskId!, http.RequestAborted) is not { Task: { By: CarriedOutBy.Worker } updated }) return NoContentResult.Instance;
        var taken = await tasks.PollAsync(updated.Task.Name, updated.Domain ?? "", update.WorkerId ?? "", 1, TimeSpan.Zero, http.RequestAborted);
        return taken is [var next] ? Of(next, await definitions.TaskDefinitionsAsync(http.RequestAborted)) : (IResult)NoContentResult.Instance;
    }

    /// <summary>Updates the open task of a reference name, with the body as its output; answers the task's id.</summary>
    internal static async Task<IResult> UpdateByReferenceAsync(HttpContext http, string workflowId, string reference, string status, TaskRuns tasks)
    {
        var (task, _, error) = await UpdateReferenceAsync(http, workflowId, reference, status, tasks);
        return error ?? new TextResult(task!.Id);
    }

    /// <summary>Updates the open task of a reference name, with the body as its output; answers the execution.</summary>
    internal static async Task<IResult> UpdateByReferenceAndReadAsync(HttpContext http, string workflowId, string reference, string status, TaskRuns tasks, IDefinitionStore definitions)
    {
        var (_, execution, error) = await UpdateReferenceAsync(http, workflowId, reference, status, tasks);
        return error ?? ExecutionEndpoints.Whole(execution!, includesTasks: true, await definitions.TaskDefinitionsAsync(http.RequestAborted));
    }

    /// <summary>Completes the first task that an execution waits for, in its children too.</summary>
    internal static async Task<IResult> SignalAsync(HttpContext http, string workflowId, string status, TaskRuns tasks) => await SignalledAsync(http, workflowId, status, tasks) ?? EmptyResult.Instance;

    /// <summary>Completes the first task that an execution waits for, in its children too; answers as the execution is then.</summary>
    internal static async Task<IResult> SignalAndReadAsync(HttpContext http, string workflowId, string status, TaskRuns tasks, WorkflowRuns runs, IDefinitionStore definitions)
    {
        if (!WaitedResult.TryReadStrategy(http.Text("returnStrategy"), out var strategy)) return WorkflowErrors.Invalid("returnStrategy must be TARGET_WORKFLOW, BLOCKING_WORKFLOW, BLOCKING_TASK or BLOCKING_TASK_INPUT.");
        if (await SignalledAsync(http, workflowId, status, tasks) is { } error) return error;
        var execution = await runs.WaitAsync(workflowId, static execution => execution.Status.IsFinal || execution.Tasks.Any(task => task is { Status.IsFinal: false, Type: TaskTypes.Wait or TaskTypes.Human }), TimeSpan.FromSeconds(2), http.RequestAborted);
        return execution is null ? WorkflowErrors.NoExecution(workflowId) : await WaitedResult.OfAsync(execution, strategy, null, runs, definitions, http.RequestAborted);
    }

    private static async Task<(TaskUpdate? Update, IResult? Error)> UpdateWithLogsAsync(HttpContext http, TaskRuns tasks, TimeProvider clock)
    {
        var (body, error) = await http.ReadObjectAsync();
        if (error is not null) return (null, error);
        if (body.TextOf("taskId") is not { Length: > 0 } id) return (null, TaskBodies.WithoutTask(body));
        if (!TaskBodies.TryRead(body, out var update, out error)) return (null, error);
        if (await tasks.UpdateAsync(update, http.RequestAborted) is ChangeResult.NotFound) return (null, WorkflowErrors.NoTask(id));
        if (TaskBodies.Lines(body, clock.GetUtcNow()) is { Count: > 0 } lines) await tasks.LogAsync(id, lines, http.RequestAborted);
        return (update, null);
    }

    private static async Task<(TaskExecution? Task, WorkflowExecution? Execution, IResult? Error)> UpdateReferenceAsync(HttpContext http, string workflowId, string reference, string status, TaskRuns tasks)
    {
        var (body, error) = await http.ReadObjectAsync();
        if (error is not null) return (null, null, error);
        if (!TaskBodies.TryReadStatus(status, out var read)) return (null, null, WorkflowErrors.Invalid("The status must be IN_PROGRESS, COMPLETED, FAILED or FAILED_WITH_TERMINAL_ERROR."));
        var result = await tasks.UpdateAsync(workflowId, new TaskUpdate { ReferenceName = reference, Status = read, Output = body, WorkerId = http.Text("workerid") }, http.RequestAborted);
        if (WorkflowErrors.Of(result, workflowId) is { } refused) return (null, null, refused);
        var execution = ((ChangeResult.Changed)result).Execution;
        return execution.Tasks.LastOrDefault(task => task.ReferenceName == reference || task.Task.ReferenceName == reference) is { } task ? (task, execution, null)
            : (null, null, WorkflowErrors.NotFound($"No such open task: {reference} was not found in execution {workflowId}."));
    }

    private static async Task<IResult?> SignalledAsync(HttpContext http, string workflowId, string status, TaskRuns tasks)
    {
        var (body, error) = await http.ReadObjectAsync();
        if (error is not null) return error;
        if (!TaskBodies.TryReadStatus(status, out var read)) return WorkflowErrors.Invalid("The status must be IN_PROGRESS, COMPLETED, FAILED or FAILED_WITH_TERMINAL_ERROR.");
        return await tasks.SignalAsync(workflowId, read, body, http.RequestAborted) is { } result ? WorkflowErrors.Of(result, workflowId)
            : WorkflowErrors.NotFound($"No such task: none that waits was found in execution {workflowId}.");
    }

    private static WrittenJsonResult Of(TaskOf task, IReadOnlyDictionary<string, TaskDefinition> known)
        => new WrittenJsonResult(writer => ExecutionDocuments.Write(writer, task.Execution, task.Task, name => known.GetValueOrDefault(name)));
}
