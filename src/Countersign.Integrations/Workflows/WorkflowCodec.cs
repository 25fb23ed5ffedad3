using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using Countersign.Integrations.Expressions;

namespace Countersign.Integrations.Workflows;

/// <summary>Executions as they are stored: compact JSON in UTF-8, in which unknown members are passed over, so that an older program reads what a newer one wrote.</summary>
public static class WorkflowCodec
{
    /// <summary>An execution without its definition, its tasks and its version: they are stored beside it.</summary>
    public static byte[] WriteHeader(WorkflowExecution execution) => Write(writer =>
    {
        writer.WriteString("id", execution.Id);
        writer.WriteString("status", execution.Status.Name);
        WriteTime(writer, "created", execution.CreatedAt);
        WriteTime(writer, "started", execution.StartedAt);
        WriteTime(writer, "updated", execution.UpdatedAt);
        WriteTime(writer, "ended", execution.EndedAt);
        WriteTime(writer, "due", execution.DueAt);
        WriteObject(writer, "input", execution.Input);
        WriteObject(writer, "output", execution.Output);
        WriteObject(writer, "variables", execution.Variables);
        WriteText(writer, "correlation", execution.CorrelationId);
        WriteNumber(writer, "priority", execution.Priority);
        if (execution.TaskToDomain.Count > 0)
        {
            writer.WriteStartObject("domains");
            foreach (var (name, domain) in execution.TaskToDomain.OrderBy(pair => pair.Key, StringComparer.Ordinal)) writer.WriteString(name, domain);
            writer.WriteEndObject();
        }
        WriteText(writer, "reason", execution.ReasonForIncompletion);
        WriteTexts(writer, "failedReferences", execution.FailedReferenceTaskNames);
        WriteTexts(writer, "failedNames", execution.FailedTaskNames);
        WriteText(writer, "parent", execution.ParentWorkflowId);
        WriteText(writer, "parentTask", execution.ParentWorkflowTaskId);
        WriteNumber(writer, "depth", execution.Depth);
        WriteText(writer, "rerunFrom", execution.ReRunFromWorkflowId);
        WriteText(writer, "idempotency", execution.IdempotencyKey);
        WriteText(writer, "createdBy", execution.CreatedBy);
        if (execution.Skipped.Count > 0)
        {
            writer.WriteStartObject("skipped");
            foreach (var (name, skipped) in execution.Skipped.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            {
                writer.WriteStartObject(name);
                WriteObject(writer, "input", skipped.Input);
                WriteObject(writer, "output", skipped.Output);
                writer.WriteEndObject();
            }
            writer.WriteEndObject();
        }
    });

    /// <summary>Reads what <see cref="WriteHeader"/> wrote.</summary>
    /// <param name="utf8">The bytes; they may be changed afterwards.</param>
    /// <param name="definition">The definition as it was at the start.</param>
    /// <param name="version">The version of the row.</param>
    /// <param name="tasks">The attempts, in the order of <see cref="TaskExecution.Sequence"/>.</param>
    /// <exception cref="JsonException">They are not such bytes.</exception>
    public static WorkflowExecution ReadHeader(ReadOnlySpan<byte> utf8, WorkflowDefinition definition, long version, ImmutableArray<TaskExecution> tasks)
    {
        var header = JsonBuilder.Read(utf8);
        return new WorkflowExecution
        {
            Id = header.TextOf("id") ?? throw new JsonException("A stored execution has no id."),
            Version = version,
            Definition = definition,
            Status = WorkflowStatus.TryRead(header.TextOf("status") ?? "", out WorkflowStatus status) ? status : throw new JsonException("A stored execution has an unknown status."),
            CreatedAt = TimeOf(header, "created") ?? default,
            StartedAt = TimeOf(header, "started") ?? default,
            UpdatedAt = TimeOf(header, "updated") ?? default,
            EndedAt = TimeOf(header, "ended"),
            DueAt = TimeOf(header, "due"),
            Input = header.ObjectOf("input"),
            Output = header.ObjectOf("output"),
            Variables = header.ObjectOf("variables"),
            Tasks = tasks,
            CorrelationId = header.TextOf("correlation"),
            Priority = (int)(header.NumberOf("priority") ?? 0),
            TaskToDomain = header.ObjectOf("domains").EnumerateObject().ToImmutableDictionary(member => member.Name, member => member.Value.GetString() ?? ""),
            ReasonForIncompletion = header.TextOf("reason"),
            FailedReferenceTaskNames = [.. header.TextsOf("failedReferences")],
            FailedTaskNames = [.. header.TextsOf("failedNames")],
            ParentWorkflowId = header.TextOf("parent"),
            ParentWorkflowTaskId = header.TextOf("parentTask"),
            Depth = (int)(header.NumberOf("depth") ?? 0),
            ReRunFromWorkflowId = header.TextOf("rerunFrom"),
            IdempotencyKey = header.TextOf("idempotency"),
            CreatedBy = header.TextOf("createdBy"),
            Skipped = header.ObjectOf("skipped").EnumerateObject().ToImmutableDictionary(
                member => member.Name, member => new SkippedTask(member.Value.ObjectOf("input"), member.Value.ObjectOf("output"))),
        };
    }

    /// <summary>An attempt. Its task's document is left out when the definition has it.</summary>
    public static byte[] WriteTask(TaskExecution task, WorkflowDefinition definition) => Write(writer =>
    {
        writer.WriteString("id", task.Id);
        writer.WriteNumber("seq", task.Sequence);
        writer.WriteString("ref", task.ReferenceName);
        writer.WriteString("type", task.Type);
        WriteNumber(writer, "by", (int)task.By);
        writer.WriteString("status", task.Status.Name);
        if (definition.Find(task.Task.ReferenceName) is { } known && (ReferenceEquals(known, task.Task) || JsonElement.DeepEquals(known.Document, task.Task.Document)))
        {
            if (task.Task.ReferenceName != task.ReferenceName) writer.WriteString("bare", task.Task.ReferenceName);
        }
        else
        {
            WriteObject(writer, "task", task.Task.Document);
        }
        WriteObject(writer, "input", task.Input);
        WriteObject(writer, "output", task.Output);
        WriteText(writer, "reason", task.ReasonForIncompletion);
        WriteTime(writer, "scheduled", task.ScheduledAt);
        WriteTime(writer, "ready", task.ReadyAt);
        WriteTime(writer, "started", task.StartedAt);
        WriteTime(writer, "ended", task.EndedAt);
        WriteTime(writer, "updated", task.UpdatedAt);
        WriteTime(writer, "lease", task.LeaseUntil);
        WriteText(writer, "worker", task.WorkerId);
        WriteNumber(writer, "polls", task.PollCount);
        WriteNumber(writer, "attempt", task.RetryCount);
        if (task.IsRetried) writer.WriteBoolean("retried", true);
        WriteText(writer, "retryOf", task.RetriedTaskId);
        WriteNumber(writer, "callback", task.CallbackAfterSeconds);
        WriteNumber(writer, "iteration", task.Iteration);
        WriteText(writer, "loop", task.LoopReferenceName);
        WriteText(writer, "child", task.SubWorkflowId);
        WriteText(writer, "domain", task.Domain);
        if (task.Memory is { } memory)
        {
            writer.WritePropertyName("memory");
            memory.WriteTo(writer);
        }
    });

    /// <summary>Reads what <see cref="WriteTask"/> wrote.</summary>
    /// <exception cref="JsonException">They are not such bytes.</exception>
    public static TaskExecution ReadTask(ReadOnlySpan<byte> utf8, WorkflowDefinition definition)
    {
        var task = JsonBuilder.Read(utf8);
        var reference = task.TextOf("ref") ?? throw new JsonException("A stored task has no reference name.");
        return new TaskExecution
        {
            Id = task.TextOf("id") ?? throw new JsonException("A stored task has no id."),
            Sequence = (int)(task.NumberOf("seq") ?? 0),
            Task = task.Member("task") is { } document
                ? new WorkflowTask(document)
                : definition.Find(task.TextOf("bare") ?? reference) ?? throw new JsonException($"The definition has no task {task.TextOf("bare") ?? reference}."),
            ReferenceName = reference,
            Type = task.TextOf("type") ?? "",
            By = (CarriedOutBy)(task.NumberOf("by") ?? 0),
            Status = AttemptStatus.TryRead(task.TextOf("status") ?? "", out AttemptStatus status) ? status : throw new JsonException("A stored task has an unknown status."),
            Input = task.ObjectOf("input"),
            Output = task.ObjectOf("output"),
            ReasonForIncompletion = task.TextOf("reason"),
            ScheduledAt = TimeOf(task, "scheduled") ?? default,
            ReadyAt = TimeOf(task, "ready") ?? default,
            StartedAt = TimeOf(task, "started"),
            EndedAt = TimeOf(task, "ended"),
            UpdatedAt = TimeOf(task, "updated") ?? default,
            LeaseUntil = TimeOf(task, "lease"),
            WorkerId = task.TextOf("worker"),
            PollCount = (int)(task.NumberOf("polls") ?? 0),
            RetryCount = (int)(task.NumberOf("attempt") ?? 0),
            IsRetried = task.FlagOf("retried"),
            RetriedTaskId = task.TextOf("retryOf"),
            CallbackAfterSeconds = task.NumberOf("callback") ?? 0,
            Iteration = (int)(task.NumberOf("iteration") ?? 0),
            LoopReferenceName = task.TextOf("loop"),
            SubWorkflowId = task.TextOf("child"),
            Domain = task.TextOf("domain"),
            Memory = task.Member("memory"),
        };
    }

    private static byte[] Write(Action<Utf8JsonWriter> writeMembers)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var writer = JsonBuilder.WriterOver(buffer))
        {
            writer.WriteStartObject();
            writeMembers(writer);
            writer.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteObject(Utf8JsonWriter writer, string name, JsonElement value)
    {
        if (value.IsEmpty) return;
        writer.WritePropertyName(name);
        value.WriteTo(writer);
    }

    private static void WriteText(Utf8JsonWriter writer, string name, string? text)
    {
        if (text is not null) writer.WriteString(name, text);
    }

    private static void WriteNumber(Utf8JsonWriter writer, string name, long number)
    {
        if (number != 0) writer.WriteNumber(name, number);
    }

    private static void WriteTime(Utf8JsonWriter writer, string name, DateTimeOffset? time)
    {
        if (time is { } at) writer.WriteNumber(name, at.ToUnixTimeMilliseconds());
    }

    private static void WriteTexts(Utf8JsonWriter writer, string name, ImmutableArray<string> texts)
    {
        if (texts.IsDefaultOrEmpty) return;
        writer.WriteStartArray(name);
        foreach (var text in texts) writer.WriteStringValue(text);
        writer.WriteEndArray();
    }

    private static DateTimeOffset? TimeOf(JsonElement owner, string name) => owner.NumberOf(name) is { } ms ? DateTimeOffset.FromUnixTimeMilliseconds(ms) : null;
}
