using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using Countersign.Integrations.Expressions;
using Countersign.Integrations.Runs;
using Countersign.Integrations.Workflows;
using Countersign.Server.OpenApi;

namespace Countersign.Server.Workflows;

/// <summary>Searches: what they take and what they answer (workflow contract 12.1).</summary>
internal static class WorkflowSearches
{
    private const int MostWords = 20;

    /// <summary>What can be searched for.</summary>
    /// <param name="Fields">The fields of its queries; those of numbers.</param>
    /// <param name="Newest">The field that an answer is ordered by where nothing else is said, the largest first.</param>
    /// <param name="Example">A query.</param>
    public sealed record Searched(FrozenDictionary<string, bool> Fields, string Newest, string Example);

    public static readonly Searched Executions = new(SearchQuery.ExecutionFields, "startTime", "status = FAILED AND workflowType IN (a,b)");

    public static readonly Searched Tasks = new(SearchQuery.TaskFields, "updateTime", "status = FAILED AND taskType IN (HTTP,EVENT)");

    /// <summary>Describes what a search takes.</summary>
    public static RouteHandlerBuilder DescribeSearch(this RouteHandlerBuilder builder, Searched searched) => builder
        .TakesNumber("start", "hits to leave out", 0, ExecutionSearch.MostCounted, 0).TakesNumber("size", "the page", 0, ExecutionSearch.LargestPage, 100)
        .TakesQuery("sort", $"a field and a direction, for example `{searched.Newest}:DESC`").TakesQuery("freeText", "words; `*` is everything").TakesQuery("query", $"conditions, for example `{searched.Example}`");

    /// <summary>Reads a search, or says what is wrong with it.</summary>
    public static bool TryRead(HttpContext http, Searched searched, out ExecutionSearch search, [NotNullWhen(false)] out IResult? error)
    {
        search = new ExecutionSearch();
        if (!http.TryNumber("start", 0, 0, ExecutionSearch.MostCounted, out var start, out error) || !http.TryNumber("size", 100, 0, ExecutionSearch.LargestPage, out var size, out error)) return false;
        if (!SearchQuery.TryRead(http.Text("query"), searched.Fields, out var condition, out var fault))
        {
            error = WorkflowErrors.Invalid(fault!);
            return false;
        }
        var (field, direction) = (http.Text("sort") ?? $"{searched.Newest}:DESC").Split(':') switch
        {
            [var only] => (only, "ASC"),
            [var name, var order] => (name, order.ToUpperInvariant()),
            _ => ("", ""),
        };
        if (!searched.Fields.ContainsKey(field) || direction is not ("ASC" or "DESC"))
        {
            error = WorkflowErrors.Invalid($"sort must be a field and ASC or DESC, for example {searched.Newest}:DESC.");
            return false;
        }
        string[] words = http.Text("freeText") is { } text && text != "*" ? text.Split(' ', StringSplitOptions.RemoveEmptyEntries) : [];
        if (words.Length > MostWords)
        {
            error = WorkflowErrors.Invalid($"freeText may have {MostWords} words at most.");
            return false;
        }
        search = new ExecutionSearch { Start = (int)start, Size = (int)size, Query = condition, SortField = field, Descending = direction == "DESC", Words = [.. words] };
        return true;
    }

    /// <summary>Answers summaries.</summary>
    public static IResult Summaries(FoundExecutions found) => new WrittenJsonResult(writer =>
    {
        writer.WriteStartObject();
        writer.WriteNumber("totalHits"u8, found.Total);
        writer.WriteStartArray("results"u8);
        foreach (var execution in found.Executions) WriteSummary(writer, execution);
        writer.WriteEndArray();
        writer.WriteEndObject();
    });

    /// <summary>Answers summaries of tasks.</summary>
    public static IResult Summaries(long total, IReadOnlyList<TaskOf> tasks) => new WrittenJsonResult(writer =>
    {
        writer.WriteStartObject();
        writer.WriteNumber("totalHits"u8, total);
        writer.WriteStartArray("results"u8);
        foreach (var task in tasks) WriteSummary(writer, task.Execution, task.Task);
        writer.WriteEndArray();
        writer.WriteEndObject();
    });

    private static void WriteSummary(Utf8JsonWriter writer, WorkflowExecution execution)
    {
        writer.WriteStartObject();
        writer.WriteString("workflowType"u8, execution.Definition.Name);
        writer.WriteNumber("version"u8, execution.Definition.Version);
        writer.WriteString("workflowId"u8, execution.Id);
        WriteText(writer, "correlationId", execution.CorrelationId);
        WriteTime(writer, "startTime", execution.StartedAt);
        WriteTime(writer, "updateTime", execution.UpdatedAt);
        WriteTime(writer, "endTime", execution.EndedAt);
        writer.WriteString("status"u8, execution.Status.Name);
        writer.WriteString("input"u8, Text(execution.Input, execution.Definition));
        writer.WriteString("output"u8, Text(execution.Output, execution.Definition));
        WriteText(writer, "reasonForIncompletion", execution.ReasonForIncompletion);
        writer.WriteNumber("executionTime"u8, execution.EndedAt is { } ended ? (long)(ended - execution.StartedAt).TotalMilliseconds : 0);
        writer.WriteString("failedReferenceTaskNames"u8, string.Join(',', execution.FailedReferenceTaskNames));
        writer.WriteNumber("priority"u8, execution.Priority);
        WriteText(writer, "createdBy", execution.CreatedBy);
        writer.WriteEndObject();
    }

    private static void WriteSummary(Utf8JsonWriter writer, WorkflowExecution execution, TaskExecution task)
    {
        writer.WriteStartObject();
        writer.WriteString("workflowId"u8, execution.Id);
        writer.WriteString("workflowType"u8, execution.Definition.Name);
        WriteText(writer, "correlationId", execution.CorrelationId);
        writer.WriteString("taskId"u8, task.Id);
        writer.WriteString("taskDefName"u8, task.Task.Name);
        writer.WriteString("taskType"u8, task.Type);
        writer.WriteString("taskReferenceName"u8, task.ReferenceName);
        writer.WriteString("status"u8, task.Status.Name);
        WriteTime(writer, "scheduledTime", task.ScheduledAt);
        WriteTime(writer, "startTime", task.StartedAt);
        WriteTime(writer, "updateTime", task.UpdatedAt);
        WriteTime(writer, "endTime", task.EndedAt);
        WriteText(writer, "reasonForIncompletion", task.ReasonForIncompletion);
        writer.WriteString("input"u8, Text(task.Input, execution.Definition));
        writer.WriteString("output"u8, Text(task.Output, execution.Definition));
        writer.WriteNumber("workflowPriority"u8, execution.Priority);
        writer.WriteEndObject();
    }

    private static string Text(JsonElement value, WorkflowDefinition definition)
        => definition.MaskedFields.Count == 0 ? value.GetRawText() : JsonBuilder.Build(writer => ExecutionDocuments.WriteMasked(writer, value, definition)).GetRawText();

    private static void WriteText(Utf8JsonWriter writer, string name, string? text)
    {
        if (text is not null) writer.WriteString(name, text);
    }

    private static void WriteTime(Utf8JsonWriter writer, string name, DateTimeOffset? time)
    {
        if (time is { } at) writer.WriteString(name, at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
    }
}
