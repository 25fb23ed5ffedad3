using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Countersign.Integrations.Runs;
using Countersign.Integrations.Workflows;

namespace Countersign.Server.Workflows;

/// <summary>Reads start requests (workflow contract 12).</summary>
internal static class StartBodies
{
    private static readonly (string Name, JsonValueKind Kind, string Expected)[] Members =
    [
        ("name", JsonValueKind.String, "a text"), ("version", JsonValueKind.Number, "a whole number"), ("input", JsonValueKind.Object, "an object"), ("correlationId", JsonValueKind.String, "a text"),
        ("taskToDomain", JsonValueKind.Object, "an object"), ("priority", JsonValueKind.Number, "a whole number"), ("workflowDef", JsonValueKind.Object, "an object"),
        ("idempotencyKey", JsonValueKind.String, "a text"), ("idempotencyStrategy", JsonValueKind.String, "a text"), ("externalInputPayloadStoragePath", JsonValueKind.String, "a text"),
    ];

    /// <summary>Reads a request; false with the error when one of its members is of a wrong kind.</summary>
    public static bool TryRead(JsonElement body, string? by, out WorkflowStart start, [NotNullWhen(false)] out IResult? error)
    {
        (start, error) = (new WorkflowStart(), Fault(body));
        if (error is not null) return false;
        if (!TryReadStrategy(body.TextOf("idempotencyStrategy"), out var strategy))
        {
            error = Wrong("idempotencyStrategy", "must be FAIL, RETURN_EXISTING or FAIL_ON_RUNNING", body);
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
            TaskToDomain = body.ObjectOf("taskToDomain").EnumerateObject().Where(pair => pair.Value.ValueKind == JsonValueKind.String).ToImmutableDictionary(pair => pair.Name, pair => pair.Value.GetString()!, StringComparer.Ordinal),
            IdempotencyKey = body.TextOf("idempotencyKey") is { Length: > 0 } key ? key : null,
            Strategy = strategy,
            CreatedBy = by,
        };
        return true;
    }

    private static WorkflowErrorResult? Fault(JsonElement body)
    {
        foreach (var (name, kind, expected) in Members)
        {
            if (body.Member(name) is not { } value) continue;
            if (value.ValueKind != kind) return Wrong(name, $"must be {expected}", body);
            if (kind == JsonValueKind.Number && (!value.TryGetInt64(out var number) || number is < int.MinValue or > int.MaxValue)) return Wrong(name, $"must be {expected}", body);
        }
        return body.Member("externalInputPayloadStoragePath") is null ? null : Wrong("externalInputPayloadStoragePath", "is not supported: send the input itself", body);
    }

    private static bool TryReadStrategy(string? text, out IdempotencyStrategy strategy)
    {
        strategy = text switch { "RETURN_EXISTING" => IdempotencyStrategy.ReturnExisting, "FAIL_ON_RUNNING" => IdempotencyStrategy.FailOnRunning, _ => IdempotencyStrategy.Fail };
        return text is null or "" or "FAIL" || strategy != IdempotencyStrategy.Fail;
    }

    private static WorkflowErrorResult Wrong(string name, string rule, JsonElement body) => WorkflowErrors.Invalid("The start request is not valid.", new ValidationFault(name, $"{name} {rule}.", body.Member(name)?.GetRawText()));
}
