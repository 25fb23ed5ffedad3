using System.Text.Json;

namespace Countersign.Integrations.Workflows;

/// <summary>Executions and tasks on the wire (workflow contract 9, 10). What does not apply is left out; times are milliseconds since 1970; fields that the definition masks are shown as <c>***</c>.</summary>
public static class ExecutionDocuments
{
    /// <summary>What stands in place of a masked value.</summary>
    public const string Mask = "***";

    /// <summary>Writes an execution.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="execution">The execution.</param>
    /// <param name="includesTasks">Whether its tasks are written; else <c>tasks</c> is empty.</param>
    /// <param name="definitionOf">The registered task definition of a name.</param>
    public static void Write(Utf8JsonWriter writer, WorkflowExecution execution, bool includesTasks, Func<string, TaskDefinition?> definitionOf)
    {
        writer.WriteStartObject();
        WriteMembers(writer, execution, includesTasks, definitionOf);
        writer.WriteEndObject();
    }

    /// <summary>Writes the members of an execution into an object that is open: answers that add members of their own.</summary>
    public static void WriteMembers(Utf8JsonWriter writer, WorkflowExecution execution, bool includesTasks, Func<string, TaskDefinition?> definitionOf)
    {
        var definition = execution.Definition;
        writer.WriteString("workflowId", execution.Id);
        writer.WriteString("workflowName", definition.Name);
        writer.WriteNumber("workflowVersion", definition.Version);
        writer.WriteString("status", execution.Status.Name);
        writer.WriteNumber("createTime", Ms(execution.CreatedAt));
        writer.WriteNumber("updateTime", Ms(execution.UpdatedAt));
        writer.WriteNumber("startTime", Ms(execution.StartedAt));
        writer.WriteNumber("endTime", Ms(execution.EndedAt));
        Write(writer, "input", execution.Input, definition);
        Write(writer, "output", execution.Output, definition);
        Write(writer, "variables", execution.Variables, definition);
        WriteText(writer, "correlationId", execution.CorrelationId);
        writer.WriteNumber("priority", execution.Priority);
        writer.WriteStartObject("taskToDomain");
        foreach (var (name, domain) in execution.TaskToDomain.OrderBy(pair => pair.Key, StringComparer.Ordinal)) writer.WriteString(name, domain);
        writer.WriteEndObject();
        writer.WritePropertyName("workflowDefinition");
        definition.Document.WriteTo(writer);
        writer.WriteStartArray("tasks");
        if (includesTasks)
        {
            foreach (var task in execution.Tasks) Write(writer, execution, task, definitionOf);
        }
        writer.WriteEndArray();
        WriteText(writer, "reasonForIncompletion", execution.ReasonForIncompletion);
        WriteTexts(writer, "failedReferenceTaskNames", execution.FailedReferenceTaskNames);
        WriteTexts(writer, "failedTaskNames", execution.FailedTaskNames);
        WriteText(writer, "reRunFromWorkflowId", execution.ReRunFromWorkflowId);
        WriteText(writer, "parentWorkflowId", execution.ParentWorkflowId);
        WriteText(writer, "parentWorkflowTaskId", execution.ParentWorkflowTaskId);
        WriteText(writer, "idempotencyKey", execution.IdempotencyKey);
        WriteText(writer, "createdBy", execution.CreatedBy);
        WriteText(writer, "ownerApp", definition.Document.TextOf("ownerApp"));
    }

    /// <summary>Writes a task.</summary>
    public static void Write(Utf8JsonWriter writer, WorkflowExecution execution, TaskExecution task, Func<string, TaskDefinition?> definitionOf)
    {
        writer.WriteStartObject();
        WriteMembers(writer, execution, task, definitionOf);
        writer.WriteEndObject();
    }

    /// <summary>Writes the members of a task into an object that is open.</summary>
    public static void WriteMembers(Utf8JsonWriter writer, WorkflowExecution execution, TaskExecution task, Func<string, TaskDefinition?> definitionOf)
    {
        var applied = task.Task.EmbeddedDefinition ?? definitionOf(task.Task.Name);
        writer.WriteString("taskId", task.Id);
        writer.WriteString("taskType", task.Type);
        writer.WriteString("taskDefName", task.Task.Name);
        writer.WriteString("referenceTaskName", task.ReferenceName);
        writer.WriteString("status", task.Status.Name);
        writer.WriteNumber("seq", task.Sequence);
        writer.WriteString("workflowInstanceId", execution.Id);
        writer.WriteString("workflowType", execution.Definition.Name);
        WriteText(writer, "correlationId", execution.CorrelationId);
        writer.WriteNumber("workflowPriority", execution.Priority);
        writer.WriteNumber("scheduledTime", Ms(task.ScheduledAt));
        writer.WriteNumber("startTime", Ms(task.StartedAt));
        writer.WriteNumber("endTime", Ms(task.EndedAt));
        writer.WriteNumber("updateTime", Ms(task.UpdatedAt));
        writer.WriteNumber("startDelayInSeconds", (long)task.Task.StartDelay.TotalSeconds);
        Write(writer, "inputData", task.Input, execution.Definition);
        Write(writer, "outputData", task.Output, execution.Definition);
        WriteText(writer, "reasonForIncompletion", task.ReasonForIncompletion);
        WriteText(writer, "workerId", task.WorkerId);
        writer.WriteNumber("pollCount", task.PollCount);
        writer.WriteNumber("callbackAfterSeconds", task.CallbackAfterSeconds);
        writer.WriteNumber("queueWaitTime", task.StartedAt is { } started ? Math.Max((long)(started - task.ScheduledAt).TotalMilliseconds, 0) : 0);
        writer.WriteNumber("retryCount", task.RetryCount);
        writer.WriteBoolean("retried", task.IsRetried);
        WriteText(writer, "retriedTaskId", task.RetriedTaskId);
        writer.WriteBoolean("executed", task.Status.IsFinal);
        writer.WriteNumber("iteration", task.Iteration);
        writer.WriteBoolean("loopOverTask", task.LoopReferenceName is not null);
        WriteText(writer, "subWorkflowId", task.SubWorkflowId);
        writer.WriteNumber("responseTimeoutSeconds", applied is null ? 0 : (long)applied.ResponseTimeout.TotalSeconds);
        writer.WriteNumber("rateLimitPerFrequency", applied?.RateLimitPerFrequency ?? 0);
        writer.WriteNumber("rateLimitFrequencyInSeconds", (long)(applied?.RateLimitFrequency.TotalSeconds ?? 1));
        WriteText(writer, "domain", task.Domain);
        writer.WritePropertyName("workflowTask");
        task.Task.Document.WriteTo(writer);
        if (applied is null) return;
        writer.WritePropertyName("taskDefinition");
        applied.Document.WriteTo(writer);
    }

    /// <summary>Writes a value with the fields that the definition masks shown as <see cref="Mask"/>, at any depth.</summary>
    public static void WriteMasked(Utf8JsonWriter writer, JsonElement value, WorkflowDefinition definition)
    {
        if (definition.MaskedFields.Count == 0) value.WriteTo(writer);
        else WriteMasked(writer, value, definition.MaskedFields);
    }

    /// <summary>A time on the wire: 0 is "not yet".</summary>
    public static long Ms(DateTimeOffset? time) => time?.ToUnixTimeMilliseconds() ?? 0;

    private static void Write(Utf8JsonWriter writer, string name, JsonElement value, WorkflowDefinition definition)
    {
        writer.WritePropertyName(name);
        WriteMasked(writer, value, definition);
    }

    private static void WriteMasked(Utf8JsonWriter writer, JsonElement value, IReadOnlySet<string> masked)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var member in value.EnumerateObject())
                {
                    writer.WritePropertyName(member.Name);
                    if (masked.Contains(member.Name)) writer.WriteStringValue(Mask);
                    else WriteMasked(writer, member.Value, masked);
                }
                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var element in value.EnumerateArray()) WriteMasked(writer, element, masked);
                writer.WriteEndArray();
                break;
            default:
                value.WriteTo(writer);
                break;
        }
    }

    private static void WriteText(Utf8JsonWriter writer, string name, string? text)
    {
        if (text is not null) writer.WriteString(name, text);
    }

    private static void WriteTexts(Utf8JsonWriter writer, string name, System.Collections.Immutable.ImmutableArray<string> texts)
    {
        writer.WriteStartArray(name);
        foreach (var text in texts) writer.WriteStringValue(text);
        writer.WriteEndArray();
    }
}
