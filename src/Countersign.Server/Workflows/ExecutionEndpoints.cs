using System.Text.Json;
using Countersign.Integrations.Runs;
using Countersign.Integrations.Workflows;
using Countersign.Server.OpenApi;
using Countersign.Server.Requests;
using Countersign.Tokens;

namespace Countersign.Server.Workflows;

/// <summary>Starting and reading executions (workflow contract 12).</summary>
internal static class ExecutionEndpoints
{
    private const int MostCorrelated = 1_000, MostTasks = 1_000_000;

    private static readonly BodyMembers OfBatch = new("What is looked for");

    public static void MapExecutions(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapWorkflowGroup("/api/workflow", "Workflow executions");
        group.MapPost("/", StartAsync).WithName("StartWorkflow").RequireScope(ApiScopes.IntegrationsManage).TakesJson().AnswersText();
        group.MapPost("/{name}", StartByNameAsync).WithName("StartWorkflowByName").RequireScope(ApiScopes.IntegrationsManage).TakesJson().AnswersText()
            .TakesNumber("version", "the version; the highest when absent", 1, int.MaxValue).TakesQuery("correlationId", "free text").TakesNumber("priority", "a higher one is handed out first", 0, 99, 0);
        group.MapPost("/start/{name}/{version}", StartVersionAsync).WithName("StartWorkflowVersion").RequireScope(ApiScopes.IntegrationsManage).TakesJson().AnswersText();
        group.MapPost("/execute/{name}", ExecuteLatestAsync).WithName("ExecuteWorkflow").RequireScope(ApiScopes.IntegrationsManage).TakesJson().AnswersJson()
            .TakesNumber("version", "the version; the highest when absent", 1, int.MaxValue);
        group.MapPost("/execute/{name}/{version}", ExecuteAsync).WithName("ExecuteWorkflowVersion").RequireScope(ApiScopes.IntegrationsManage).TakesJson().AnswersJson()
            .TakesQuery("waitUntilTaskRef", "reference names, separated by commas: the answer comes when one of them has ended").TakesNumber("waitForSeconds", "how long to wait", 0, 60, 10).TakesQuery("returnStrategy", "TARGET_WORKFLOW, BLOCKING_WORKFLOW, BLOCKING_TASK or BLOCKING_TASK_INPUT");
        group.MapPost("/test", TestAsync).WithName("TestWorkflow").RequireScope(ApiScopes.IntegrationsRead).TakesJson().AnswersJson();
        group.MapGet("/{workflowId}", GetAsync).WithName("GetWorkflow").RequireScope(ApiScopes.IntegrationsRead).AnswersJson().TakesQuery("includeTasks", "`false` leaves the tasks out");
        group.MapGet("/{workflowId}/status", StatusAsync).WithName("GetWorkflowStatus").RequireScope(ApiScopes.IntegrationsRead).AnswersJson().TakesFlag("includeOutput", "shows the output").TakesFlag("includeVariables", "shows the variables");
        group.MapGet("/{workflowId}/tasks", TasksAsync).WithName("ListWorkflowTasks").RequireScope(ApiScopes.IntegrationsRead).AnswersJson();
        group.MapGet("/{name}/correlated/{correlationId}", CorrelatedAsync).WithName("ListCorrelatedWorkflows").RequireScope(ApiScopes.IntegrationsRead).AnswersList();
        group.MapPost("/{name}/correlated", CorrelatedManyAsync).WithName("FindCorrelatedWorkflows").RequireScope(ApiScopes.IntegrationsRead).TakesTexts().AnswersJson();
        group.MapPost("/correlated/batch", CorrelatedBatchAsync).WithName("FindCorrelatedWorkflowsOfNames").RequireScope(ApiScopes.IntegrationsRead).TakesJson().AnswersJson();
        group.MapGet("/running/{name}", RunningAsync).WithName("ListRunningWorkflows").RequireScope(ApiScopes.IntegrationsRead).Answers<string[]>();
        group.MapGet("/search", SearchAsync).WithName("SearchWorkflows").RequireScope(ApiScopes.IntegrationsRead).AnswersJson().DescribeSearch(WorkflowSearches.Executions);
        group.MapGet("/search-v2", SearchWholeAsync).WithName("SearchWholeWorkflows").RequireScope(ApiScopes.IntegrationsRead).AnswersJson().DescribeSearch(WorkflowSearches.Executions);
    }

    /// <summary>Starts an execution; answers its id.</summary>
    internal static async Task<IResult> StartAsync(HttpContext http, WorkflowRuns runs)
    {
        var (body, error) = await http.ReadObjectAsync();
        if (error is not null) return error;
        return StartBodies.TryRead(body, Caller(http), out var start, out error) ? await StartedAsync(http, runs, start) : error;
    }

    /// <summary>Starts an execution with the body as its input; answers its id.</summary>
    internal static async Task<IResult> StartByNameAsync(HttpContext http, string name, WorkflowRuns runs)
    {
        var (body, error) = await http.ReadObjectAsync();
        if (error is not null || !http.TryNumber("version", 0, 0, int.MaxValue, out var version, out error) || !http.TryNumber("priority", 0, 0, 99, out var priority, out error)) return error!;
        return await StartedAsync(http, runs, new WorkflowStart
        {
            Name = name,
            Version = (int)version,
            Input = body,
            CorrelationId = http.Text("correlationId"),
            Priority = (int)priority,
            CreatedBy = Caller(http),
        });
    }

    /// <summary>Starts an execution of a version by a start request; answers its id.</summary>
    internal static async Task<IResult> StartVersionAsync(HttpContext http, string name, string version, WorkflowRuns runs)
    {
        var (start, error) = await ReadAsync(http, name, version);
        return start is null ? error! : await StartedAsync(http, runs, start);
    }

    /// <summary>Starts an execution of the highest version, or the one asked for, and waits for its end, or for that of one of its tasks; answers it as it is then.</summary>
    internal static Task<IResult> ExecuteLatestAsync(HttpContext http, string name, WorkflowRuns runs, IDefinitionStore definitions)
        => ExecuteAsync(http, name, http.Text("version"), runs, definitions);

    /// <summary>Starts an execution of a version and waits for its end, or for that of one of its tasks; answers it as it is then.</summary>
    internal static async Task<IResult> ExecuteAsync(HttpContext http, string name, string? version, WorkflowRuns runs, IDefinitionStore definitions)
    {
        var (start, error) = await ReadAsync(http, name, version);
        if (start is null) return error!;
        if (!http.TryNumber("waitForSeconds", 10, 0, 60, out var seconds, out error)) return error!;
        if (!WaitedResult.TryReadStrategy(http.Text("returnStrategy"), out var strategy)) return WorkflowErrors.Invalid("returnStrategy must be TARGET_WORKFLOW, BLOCKING_WORKFLOW, BLOCKING_TASK or BLOCKING_TASK_INPUT.");
        string id;
        switch (await runs.StartAsync(start, http.RequestAborted))
        {
            case StartOutcome.Started started: id = started.Execution.Id; break;
            case StartOutcome.Existing existing: id = existing.Id; break;
            case StartOutcome.Refused refused: return Refused(refused);
            default: throw new System.Diagnostics.UnreachableException();
        }
        var references = http.Text("waitUntilTaskRef")?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];
        var execution = await runs.WaitAsync(id, references, TimeSpan.FromSeconds(seconds), http.RequestAborted);
        return execution is null ? WorkflowErrors.NoExecution(id) : await WaitedResult.OfAsync(execution, strategy, http.Text("requestId"), runs, definitions, http.RequestAborted);
    }

    /// <summary>Runs a definition with the given outputs of its tasks; stores nothing and calls nobody.</summary>
    internal static async Task<IResult> TestAsync(HttpContext http, WorkflowRuns runs, IDefinitionStore definitions)
    {
        var (body, error) = await http.ReadObjectAsync();
        if (error is not null) return error;
        if (!StartBodies.TryRead(body, Caller(http), out var start, out error)) return error;
        var outputs = MockOutput.Read(body.Member("taskRefToMockOutput"), out var fault);
        if (fault is not null) return WorkflowErrors.Invalid(fault);
        return await runs.TryOutAsync(start, outputs, http.RequestAborted) switch
        {
            StartOutcome.Started tried => Whole(tried.Execution, includesTasks: true, await definitions.TaskDefinitionsAsync(http.RequestAborted)),
            StartOutcome.Refused refused => Refused(refused),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    /// <summary>Shows an execution.</summary>
    internal static async Task<IResult> GetAsync(HttpContext http, string workflowId, WorkflowRuns runs, IDefinitionStore definitions)
    {
        var includesTasks = http.Flag("includeTasks", whenAbsent: true);
        return await runs.FindAsync(workflowId, includesTasks, http.RequestAborted) is { } execution ? Whole(execution, includesTasks, await definitions.TaskDefinitionsAsync(http.RequestAborted)) : WorkflowErrors.NoExecution(workflowId);
    }

    /// <summary>Shows the status of an execution.</summary>
    internal static async Task<IResult> StatusAsync(HttpContext http, string workflowId, WorkflowRuns runs)
    {
        if (await runs.FindAsync(workflowId, withTasks: false, http.RequestAborted) is not { } execution) return WorkflowErrors.NoExecution(workflowId);
        return new WrittenJsonResult(writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("workflowId"u8, execution.Id);
            writer.WriteString("status"u8, execution.Status.Name);
            if (execution.CorrelationId is { } correlation) writer.WriteString("correlationId"u8, correlation);
            if (http.Flag("includeOutput")) WriteMasked(writer, "output", execution.Output, execution.Definition);
            if (http.Flag("includeVariables")) WriteMasked(writer, "variables", execution.Variables, execution.Definition);
            writer.WriteEndObject();
        });
    }

    /// <summary>Lists the tasks of an execution.</summary>
    internal static async Task<IResult> TasksAsync(HttpContext http, string workflowId, WorkflowRuns runs, IDefinitionStore definitions)
    {
        if (!http.TryNumber("start", 0, 0, MostTasks, out var start, out var error) || !http.TryNumber("count", 15, 0, MostTasks, out var count, out error)) return error!;
        if (await runs.FindAsync(workflowId, withTasks: true, http.RequestAborted) is not { } execution) return WorkflowErrors.NoExecution(workflowId);
        var status = http.Request.Query["status"];
        if (status.FirstOrDefault(static word => !AttemptStatus.TryRead(word ?? "", out AttemptStatus _)) is { } unknown) return WorkflowErrors.Invalid($"There is no status {unknown} of tasks.");
        var tasks = execution.Tasks.Where(task => status.Count == 0 || status.Contains(task.Status.Name)).ToList();
        var known = await definitions.TaskDefinitionsAsync(http.RequestAborted);
        return new WrittenJsonResult(writer =>
        {
            writer.WriteStartObject();
            writer.WriteNumber("totalHits"u8, tasks.Count);
            writer.WriteStartArray("results"u8);
            foreach (var task in tasks.Skip((int)start).Take((int)count)) ExecutionDocuments.Write(writer, execution, task, known.GetValueOrDefault);
            writer.WriteEndArray();
            writer.WriteEndObject();
        });
    }

    /// <summary>Lists the executions of a definition with a correlation id.</summary>
    internal static async Task<IResult> CorrelatedAsync(HttpContext http, string name, string correlationId, WorkflowRuns runs, IDefinitionStore definitions)
    {
        var found = await FindCorrelatedAsync(http, [name], correlationId, runs);
        var known = await definitions.TaskDefinitionsAsync(http.RequestAborted);
        return new WrittenJsonResult(writer => WriteAll(writer, found, http.Flag("includeTasks"), known));
    }

    /// <summary>Lists the executions of a definition by correlation id.</summary>
    internal static async Task<IResult> CorrelatedManyAsync(HttpContext http, string name, WorkflowRuns runs, IDefinitionStore definitions)
    {
        var (ids, error) = await http.ReadTextsAsync(MostCorrelated);
        return error ?? await ByCorrelationAsync(http, [name], ids, runs, definitions);
    }

    /// <summary>Lists the executions of several definitions by correlation id.</summary>
    internal static async Task<IResult> CorrelatedBatchAsync(HttpContext http, WorkflowRuns runs, IDefinitionStore definitions)
    {
        var (body, error) = await http.ReadObjectAsync();
        if (error is not null) return error;
        foreach (var name in (ReadOnlySpan<string>)["workflowNames", "correlationIds"])
        {
            if (body.Member(name) is { } list && (list.ValueKind != JsonValueKind.Array || list.GetArrayLength() > MostCorrelated || list.EnumerateArray().Any(static element => element.ValueKind != JsonValueKind.String)))
                return OfBatch.Wrong(body, name, $"must be a list of {MostCorrelated} texts at most");
        }
        string[] names = [.. body.TextsOf("workflowNames")], ids = [.. body.TextsOf("correlationIds")];
        return await ByCorrelationAsync(http, names, ids, runs, definitions);
    }

    /// <summary>Lists the ids of the running executions of a definition, at most 1,000.</summary>
    internal static async Task<IResult> RunningAsync(HttpContext http, string name, WorkflowRuns runs)
    {
        if (!http.TryNumber("version", 0, 0, int.MaxValue, out var version, out var error) || !http.TryNumber("startTime", 0, 0, long.MaxValue, out var from, out error) || !http.TryNumber("endTime", 0, 0, long.MaxValue, out var to, out error)) return error!;
        var conditions = new List<SearchCondition> { new SearchCondition.Compare("workflowType", "=", name), new SearchCondition.Compare("status", "=", WorkflowStatus.Running.Name) };
        if (version > 0) conditions.Add(new SearchCondition.Compare("version", "=", version));
        if (from > 0) conditions.Add(new SearchCondition.Compare("startTime", ">=", from));
        if (to > 0) conditions.Add(new SearchCondition.Compare("startTime", "<=", to));
        var found = await runs.SearchAsync(new ExecutionSearch { Query = new SearchCondition.And([.. conditions]), Size = ExecutionSearch.LargestPage }, http.RequestAborted);
        return new WrittenJsonResult(writer =>
        {
            writer.WriteStartArray();
            foreach (var execution in found.Executions) writer.WriteStringValue(execution.Id);
            writer.WriteEndArray();
        });
    }

    /// <summary>Finds executions; answers their summaries.</summary>
    internal static async Task<IResult> SearchAsync(HttpContext http, WorkflowRuns runs)
        => WorkflowSearches.TryRead(http, WorkflowSearches.Executions, out var search, out var error)
            ? WorkflowSearches.Summaries(await runs.SearchAsync(search, http.RequestAborted)) : error;

    /// <summary>Finds executions; answers them without their tasks.</summary>
    internal static async Task<IResult> SearchWholeAsync(HttpContext http, WorkflowRuns runs, IDefinitionStore definitions)
    {
        if (!WorkflowSearches.TryRead(http, WorkflowSearches.Executions, out var search, out var error)) return error;
        var found = await runs.SearchAsync(search, http.RequestAborted);
        var known = await definitions.TaskDefinitionsAsync(http.RequestAborted);
        return new WrittenJsonResult(writer =>
        {
            writer.WriteStartObject();
            writer.WriteNumber("totalHits"u8, found.Total);
            writer.WritePropertyName("results"u8);
            WriteAll(writer, found.Executions, includesTasks: false, known);
            writer.WriteEndObject();
        });
    }

    /// <summary>Answers an execution.</summary>
    public static IResult Whole(WorkflowExecution execution, bool includesTasks, IReadOnlyDictionary<string, TaskDefinition> known)
        => new WrittenJsonResult(writer => ExecutionDocuments.Write(writer, execution, includesTasks, name => known.GetValueOrDefault(name)));

    private static async Task<(WorkflowStart? Start, IResult? Error)> ReadAsync(HttpContext http, string name, string? version)
    {
        var (body, error) = await http.ReadObjectAsync();
        if (error is not null) return (null, error);
        if (!StartBodies.TryRead(body, Caller(http), out var start, out error)) return (null, error);
        if (version is null) return (start with { Name = name }, null);
        return int.TryParse(version, System.Globalization.CultureInfo.InvariantCulture, out var number) && number >= 0 ? (start with { Name = name, Version = number }, null) : (null, WorkflowErrors.Invalid("The version must be a whole number."));
    }

    private static async Task<IResult> StartedAsync(HttpContext http, WorkflowRuns runs, WorkflowStart start) => await runs.StartAsync(start, http.RequestAborted) switch
    {
        StartOutcome.Started started => new TextResult(started.Execution.Id),
        StartOutcome.Existing existing => new TextResult(existing.Id),
        StartOutcome.Refused refused => Refused(refused),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private static WorkflowErrorResult Refused(StartOutcome.Refused refused) => WorkflowErrors.Of(refused.Kind, refused.Message, refused.Faults.IsDefault ? null : refused.Faults);

    private static async Task<IReadOnlyList<WorkflowExecution>> FindCorrelatedAsync(HttpContext http, string[] names, string correlationId, WorkflowRuns runs)
    {
        if (names.Length == 0) return [];
        var conditions = new List<SearchCondition> { new SearchCondition.Compare("correlationId", "=", correlationId), new SearchCondition.In("workflowType", [.. names]) };
        if (!http.Flag("includeClosed")) conditions.Add(new SearchCondition.In("status", [WorkflowStatus.Running.Name, WorkflowStatus.Paused.Name]));
        var found = await runs.SearchAsync(new ExecutionSearch { Query = new SearchCondition.And([.. conditions]), Size = MostCorrelated }, http.RequestAborted);
        if (!http.Flag("includeTasks")) return found.Executions;
        var whole = new List<WorkflowExecution>();
        foreach (var execution in found.Executions)
            if (await runs.FindAsync(execution.Id, withTasks: true, http.RequestAborted) is { } read) whole.Add(read);
        return whole;
    }

    /// <summary>Who asks, as executions name them.</summary>
    private static string? Caller(HttpContext http) => ApiRequest.Of(http).Token?.Owner.AlternateId;

    private static async Task<IResult> ByCorrelationAsync(HttpContext http, string[] names, IReadOnlyList<string> ids, WorkflowRuns runs, IDefinitionStore definitions)
    {
        var found = new Dictionary<string, IReadOnlyList<WorkflowExecution>>(StringComparer.Ordinal);
        foreach (var id in ids.Distinct(StringComparer.Ordinal)) found[id] = await FindCorrelatedAsync(http, names, id, runs);
        var known = await definitions.TaskDefinitionsAsync(http.RequestAborted);
        return new WrittenJsonResult(writer =>
        {
            writer.WriteStartObject();
            foreach (var (id, executions) in found)
            {
                writer.WritePropertyName(id);
                WriteAll(writer, executions, http.Flag("includeTasks"), known);
            }
            writer.WriteEndObject();
        });
    }

    private static void WriteAll(Utf8JsonWriter writer, IReadOnlyList<WorkflowExecution> executions, bool includesTasks, IReadOnlyDictionary<string, TaskDefinition> known)
    {
        writer.WriteStartArray();
        foreach (var execution in executions) ExecutionDocuments.Write(writer, execution, includesTasks, name => known.GetValueOrDefault(name));
        writer.WriteEndArray();
    }

    private static void WriteMasked(Utf8JsonWriter writer, string name, JsonElement value, WorkflowDefinition definition)
    {
        writer.WritePropertyName(name);
        ExecutionDocuments.WriteMasked(writer, value, definition);
    }
}
