using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Countersign.Integrations.Runs;
using Countersign.Integrations.Workflows;

namespace Countersign.Server.Workflows;

/// <summary>Reads start requests (workflow contract 12).</summary>
internal static class StartBodies
{
    private static readonly BodyMembers Members = new("The start request",
        ("name", JsonValueKind.String), ("version", JsonValueKind.Number), ("input", JsonValueKind.Object), ("correlationId", JsonValueKind.String),
        ("taskToDomain", JsonValueKind.Object), ("priority", JsonValueKind.Number), ("workflowDef", JsonValueKind.Object),
        ("idempotencyKey", JsonValueKind.String), ("idempotencyStrategy", JsonValueKind.String), ("externalInputPayloadStoragePath", JsonValueKind.String));

    /// <summary>Reads a request; false with the error when one of its members is of a wrong kind.</summary>
    public static bool TryRead(JsonElement body, string? by, out WorkflowStart start, [NotNullWhen(false)] out IResult? error)
    {
        (start, error) = (new WorkflowStart(), Fault(body));
        if (error is not null) return false;
        if (!TryReadStrategy(body.TextOf("idempotencyStrategy"), out var strategy))
        {
            error = Members.Wrong(body, "idempotencyStrategy", "must be FAIL, RETURN_EXISTING or FAIL_ON_RUNNING");
            return false;
        }
        start = new WorkflowStart
        {
            Name = body.TextOf("name"),
            Version = (int?)body.NumberOf("version"),
            Definition = body.Member("workflowDef"),
            Input = body.ObjectOf("input"),
            CorrelationId = body.TextOf("correlationId"),
            Priority = (int)(body.NumberOf("priority") ?? 0),
            TaskToDomain = body.ObjectOf("taskToDomain").EnumerateObject().ToImmutableDictionary(pair => pair.Name, pair => pair.Value.GetString()!, StringComparer.Ordinal),
            IdempotencyKey = body.TextOf("idempotencyKey") is { Length: > 0 } key ? key : null,
            Strategy = strategy,
            CreatedBy = by,
        };
        return true;
    }

    private static WorkflowErrorResult? Fault(JsonElement body)
    {
        if (Members.Fault(body) is { } fault) return fault;
        if (body.NumberOf("version") < 0) return Members.Wrong(body, "version", "must be 1 or more, or 0 for the highest");
        if (body.ObjectOf("taskToDomain").EnumerateObject().FirstOrDefault(pair => pair.Value.ValueKind != JsonValueKind.String) is { Value.ValueKind: not JsonValueKind.Undefined } pair)
            return WorkflowErrors.Invalid("The start request is not valid.", new ValidationFault($"taskToDomain.{pair.Name}", "A domain must be a text.", pair.Value.GetRawText()));
        return body.Member("externalInputPayloadStoragePath") is null ? null : Members.Wrong(body, "externalInputPayloadStoragePath", "is not supported: send the input itself");
    }

    private static bool TryReadStrategy(string? text, out IdempotencyStrategy strategy)
    {
        strategy = text switch { "RETURN_EXISTING" => IdempotencyStrategy.ReturnExisting, "FAIL_ON_RUNNING" => IdempotencyStrategy.FailOnRunning, _ => IdempotencyStrategy.Fail };
        return text is null or "" or "FAIL" || strategy != IdempotencyStrategy.Fail;
    }
}
