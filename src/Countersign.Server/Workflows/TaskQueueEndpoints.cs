using System.Globalization;
using System.Text;
using System.Text.Json;
using Countersign.Integrations.Expressions;
using Countersign.Integrations.Runs;
using Countersign.Integrations.Workflows;
using Countersign.Server.OpenApi;
using Countersign.Server.Requests;
using Countersign.Tokens;

namespace Countersign.Server.Workflows;

/// <summary>Reading tasks, their logs and their queues (workflow contract 13).</summary>
internal static class TaskQueueEndpoints
{
    private const int MostQueues = 1_000;

    public static void MapTaskQueues(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapWorkflowGroup("/api/tasks", "Workflow tasks");
        group.MapGet("/{taskId}", GetAsync).WithName("GetTask").RequireScope(ApiScopes.IntegrationsRead).AnswersJson();
        group.MapPost("/{taskId}/log", LogAsync).WithName("LogTask").RequireScope(ApiScopes.IntegrationsManage).TakesJson().AnswersEmpty();
        group.MapGet("/{taskId}/log", ReadLogAsync).WithName("ReadTaskLog").RequireScope(ApiScopes.IntegrationsRead).AnswersList();
        group.MapGet("/queue/sizes", SizesAsync).WithName("ReadQueueSizes").RequireScope(ApiScopes.IntegrationsRead).AnswersJson().TakesQuery("taskType", "a queue; may be repeated");
        group.MapGet("/queue/all", AllSizesAsync).WithName("ReadAllQueueSizes").RequireScope(ApiScopes.IntegrationsRead).AnswersJson();
        group.MapGet("/queue/all/verbose", AllSizesAsync).WithName("ReadAllQueueSizesVerbosely").RequireScope(ApiScopes.IntegrationsRead).AnswersJson();
        group.MapGet("/queue/polldata", PollData).WithName("ReadPollData").RequireScope(ApiScopes.IntegrationsRead).AnswersList().TakesQuery("taskType", "the queue");
        group.MapGet("/queue/polldata/all", AllPollData).WithName("ReadAllPollData").RequireScope(ApiScopes.IntegrationsRead).AnswersList();
        group.MapPost("/queue/requeue/{type}", RequeueAsync).WithName("RequeueTasks").RequireScope(ApiScopes.IntegrationsManage).AnswersText();
        group.MapGet("/search", SearchAsync).WithName("SearchTasks").RequireScope(ApiScopes.IntegrationsRead).AnswersJson().DescribeSearch(WorkflowSearches.Tasks);
    }

    /// <summary>Shows a task.</summary>
    internal static async Task<IResult> GetAsync(HttpContext http, string taskId, TaskRuns tasks, IDefinitionStore definitions)
    {
        if (await tasks.FindAsync(taskId, http.RequestAborted) is not { } found) return WorkflowErrors.NoTask(taskId);
        var known = await definitions.TaskDefinitionsAsync(http.RequestAborted);
        return new WrittenJsonResult(writer => ExecutionDocuments.Write(writer, found.Execution, found.Task, known.GetValueOrDefault));
    }

    /// <summary>Adds a line to a task's log: the body as text, or a text of JSON.</summary>
    internal static async Task<IResult> LogAsync(HttpContext http, string taskId, TaskRuns tasks, TimeProvider clock)
    {
        var (body, error) = await http.ReadBodyAsync();
        if (error is not null) return error;
        return await tasks.LogAsync(taskId, [TaskBodies.Line(Text(body), clock.GetUtcNow())], http.RequestAborted) ? EmptyResult.Instance : WorkflowErrors.NoTask(taskId);
    }

    /// <summary>Shows a task's log.</summary>
    internal static async Task<IResult> ReadLogAsync(HttpContext http, string taskId, TaskRuns tasks)
    {
        if (await tasks.ReadLogAsync(taskId, http.RequestAborted) is not { } lines) return WorkflowErrors.NoTask(taskId);
        return new WrittenJsonResult(writer =>
        {
            writer.WriteStartArray();
            foreach (var line in lines)
            {
                writer.WriteStartObject();
                writer.WriteString("log"u8, line.Line);
                writer.WriteString("taskId"u8, taskId);
                writer.WriteNumber("createdTime"u8, line.Created.ToUnixTimeMilliseconds());
                writer.WriteEndObject();
            }
            writer.WriteEndArray();
        });
    }

    /// <summary>Tells how many tasks wait in queues.</summary>
    internal static async Task<IResult> SizesAsync(HttpContext http, TaskRuns tasks)
    {
        string[] queues = [.. http.Request.Query["taskType"].OfType<string>().Distinct(StringComparer.Ordinal)];
        return queues.Length > MostQueues ? WorkflowErrors.Invalid($"There may be {MostQueues} queues at most.") : Sizes(await tasks.SizesAsync(queues, http.RequestAborted));
    }

    /// <summary>Tells how many tasks wait in every queue.</summary>
    internal static async Task<IResult> AllSizesAsync(HttpContext http, TaskRuns tasks) => Sizes(await tasks.SizesAsync(null, http.RequestAborted));

    /// <summary>Tells which workers polled this node for a queue, and when last.</summary>
    internal static IResult PollData(HttpContext http, TaskRuns tasks) => Polls(tasks.Polls(http.Text("taskType") ?? ""));

    /// <summary>Tells which workers polled this node, and when last.</summary>
    internal static IResult AllPollData(TaskRuns tasks) => Polls(tasks.Polls(null));

    /// <summary>Answers how many tasks wait in a queue: they are in the database, and nothing gets lost from there that could be put back.</summary>
    internal static async Task<IResult> RequeueAsync(HttpContext http, string type, TaskRuns tasks)
        => new TextResult((await tasks.SizesAsync([type], http.RequestAborted))[type].ToString(CultureInfo.InvariantCulture));

    /// <summary>Finds tasks; those that changed last come first.</summary>
    internal static async Task<IResult> SearchAsync(HttpContext http, TaskRuns tasks)
    {
        if (!WorkflowSearches.TryRead(http, WorkflowSearches.Tasks, out var search, out var error)) return error;
        var (total, found) = await tasks.SearchAsync(search, http.RequestAborted);
        return WorkflowSearches.Summaries(total, found);
    }

    private static WrittenJsonResult Sizes(IReadOnlyDictionary<string, long> sizes) => new WrittenJsonResult(writer =>
    {
        writer.WriteStartObject();
        foreach (var (queue, size) in sizes) writer.WriteNumber(queue, size);
        writer.WriteEndObject();
    });

    private static WrittenJsonResult Polls(IEnumerable<PolledQueue> polls) => new WrittenJsonResult(writer =>
    {
        writer.WriteStartArray();
        foreach (var poll in polls)
        {
            writer.WriteStartObject();
            writer.WriteString("queueName"u8, poll.Queue);
            if (poll.Domain.Length > 0) writer.WriteString("domain"u8, poll.Domain);
            writer.WriteString("workerId"u8, poll.Worker);
            writer.WriteNumber("lastPollTime"u8, poll.At.ToUnixTimeMilliseconds());
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    });

    private static string Text(byte[] body)
    {
        if (body is [(byte)'"', ..])
        {
            try
            {
                if (JsonBuilder.Read(body) is { ValueKind: JsonValueKind.String } text) return text.GetString()!;
            }
            catch (JsonException)
            {
                // Then it is a line that begins with a quote.
            }
        }
        return Encoding.UTF8.GetString(body);
    }
}
