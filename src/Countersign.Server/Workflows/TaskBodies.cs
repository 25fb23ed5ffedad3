using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Countersign.Integrations.Runs;
using Countersign.Integrations.Workflows;

namespace Countersign.Server.Workflows;

/// <summary>Reads what workers say of tasks (workflow contract 13).</summary>
internal static class TaskBodies
{
    private const int LongestLine = 4_096, MostCallbackSeconds = 315_360_000;

    /// <summary>Reads a task result; false with the error when it is none.</summary>
    public static bool TryRead(JsonElement body, [NotNullWhen(true)] out TaskUpdate? update, [NotNullWhen(false)] out IResult? error)
    {
        (update, error) = (null, null);
        if (!TryReadStatus(body.TextOf("status") ?? "IN_PROGRESS", out var status)) error = Wrong("status", "must be IN_PROGRESS, COMPLETED, FAILED or FAILED_WITH_TERMINAL_ERROR", body);
        else if (body.Member("outputData") is { ValueKind: not JsonValueKind.Object }) error = Wrong("outputData", "must be an object", body);
        else if (body.Member("callbackAfterSeconds") is { } callback && (!callback.TryGetSeconds(out var seconds) || seconds > MostCallbackSeconds)) error = Wrong("callbackAfterSeconds", "must be a number of seconds", body);
        else if (body.Member("externalOutputPayloadStoragePath") is not null) error = Wrong("externalOutputPayloadStoragePath", "is not supported: send the output itself", body);
        if (error is not null) return false;
        update = new TaskUpdate
        {
            TaskId = body.TextOf("taskId"),
            Status = status,
            Output = body.Member("outputData"),
            Reason = body.TextOf("reasonForIncompletion"),
            CallbackAfterSeconds = body.Member("callbackAfterSeconds") is { } after && after.TryGetSeconds(out var wait) ? wait : 0,
            WorkerId = body.TextOf("workerId"),
            ExtendsLease = body.FlagOf("extendLease"),
        };
        return true;
    }

    /// <summary>Reads a status that may be given to a task.</summary>
    public static bool TryReadStatus(string text, out AttemptStatus status)
        => AttemptStatus.TryRead(text, out status) && status is AttemptStatus.InProgress or AttemptStatus.Completed or AttemptStatus.Failed or AttemptStatus.FailedWithTerminalError;

    /// <summary>The lines of a result's log, each cut to what is kept.</summary>
    public static IReadOnlyList<TaskLogLine> Lines(JsonElement body, DateTimeOffset now) =>
    [
        .. body.ListOf("logs").Select(line => (Text: line.TextOf("log"), Created: line.NumberOf("createdTime"))).Where(line => line.Text is not null)
            .Select(line => Line(line.Text!, line.Created is > 0 and < 253_402_300_800_000 and var created ? DateTimeOffset.FromUnixTimeMilliseconds(created) : now)),
    ];

    /// <summary>A line, cut to what is kept.</summary>
    public static TaskLogLine Line(string text, DateTimeOffset created) => new(text.Length > LongestLine ? text[..LongestLine] : text, created);

    private static bool TryGetSeconds(this JsonElement value, out long seconds)
    {
        seconds = 0;
        if (value.ValueKind != JsonValueKind.Number || !value.TryGetDouble(out var number) || number is < 0 or > long.MaxValue) return false;
        seconds = (long)Math.Ceiling(number);
        return true;
    }

    private static WorkflowErrorResult Wrong(string name, string rule, JsonElement body) => WorkflowErrors.Invalid("The task result is not valid.", new ValidationFault(name, $"{name} {rule}.", body.Member(name)?.GetRawText()));
}
