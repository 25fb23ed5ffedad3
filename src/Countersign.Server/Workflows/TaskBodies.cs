using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Countersign.Integrations.Runs;
using Countersign.Integrations.Workflows;

namespace Countersign.Server.Workflows;

/// <summary>Reads what workers say of tasks (workflow contract 13).</summary>
internal static class TaskBodies
{
    private const int LongestLine = 4_096, MostCallbackSeconds = 315_360_000;

    private static readonly BodyMembers Members = new("The task result",
        ("taskId", JsonValueKind.String), ("status", JsonValueKind.String), ("outputData", JsonValueKind.Object), ("reasonForIncompletion", JsonValueKind.String),
        ("workerId", JsonValueKind.String), ("extendLease", JsonValueKind.True), ("logs", JsonValueKind.Array));

    /// <summary>Reads a task result; false with the error when it is none.</summary>
    public static bool TryRead(JsonElement body, [NotNullWhen(true)] out TaskUpdate? update, [NotNullWhen(false)] out IResult? error)
    {
        (update, error) = (null, Members.Fault(body));
        if (error is not null) return false;
        if (!TryReadStatus(body.TextOf("status") ?? "IN_PROGRESS", out var status)) error = Members.Wrong(body, "status", "must be IN_PROGRESS, COMPLETED, FAILED or FAILED_WITH_TERMINAL_ERROR");
        else if (body.Member("callbackAfterSeconds") is { } callback && (!callback.TryGetSeconds(out var seconds) || seconds > MostCallbackSeconds)) error = Members.Wrong(body, "callbackAfterSeconds", "must be a number of seconds");
        else if (body.Member("externalOutputPayloadStoragePath") is not null) error = Members.Wrong(body, "externalOutputPayloadStoragePath", "is not supported: send the output itself");
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

    /// <summary>A task result names its task.</summary>
    public static WorkflowErrorResult WithoutTask(JsonElement body) => Members.Wrong(body, "taskId", "must be the id of a task");

    /// <summary>A line, cut to what is kept; no character is cut in two.</summary>
    public static TaskLogLine Line(string text, DateTimeOffset created) => new(text.Length > LongestLine ? text[..(char.IsHighSurrogate(text[LongestLine - 1]) ? LongestLine - 1 : LongestLine)] : text, created);

    private static bool TryGetSeconds(this JsonElement value, out long seconds)
    {
        seconds = 0;
        if (value.ValueKind != JsonValueKind.Number || !value.TryGetDouble(out var number) || number is < 0 or > long.MaxValue) return false;
        seconds = (long)Math.Ceiling(number);
        return true;
    }
}
