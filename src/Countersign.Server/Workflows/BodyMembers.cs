using System.Text.Json;
using Countersign.Integrations.Workflows;

namespace Countersign.Server.Workflows;

/// <summary>Of which kinds the members of a body must be: what is of another kind is told, and not taken for absent (workflow contract 1.4).</summary>
internal sealed class BodyMembers(string what, params (string Name, JsonValueKind Kind)[] members)
{
    /// <summary>The error of the first member that is of another kind; null when there is none. Null counts as absent.</summary>
    public WorkflowErrorResult? Fault(JsonElement body)
    {
        foreach (var (name, kind) in members)
        {
            if (body.Member(name) is { } value && !IsOf(value, kind)) return Wrong(body, name, $"must be {NameOf(kind)}");
        }
        return null;
    }

    /// <summary>The error of one member.</summary>
    public WorkflowErrorResult Wrong(JsonElement body, string name, string rule)
        => WorkflowErrors.Invalid($"{what} is not valid.", new ValidationFault(name, $"{name} {rule}.", body.Member(name)?.GetRawText()));

    private static bool IsOf(JsonElement value, JsonValueKind kind) => kind switch
    {
        JsonValueKind.Number => value.ValueKind == kind && value.TryGetInt64(out var number) && number is >= int.MinValue and <= int.MaxValue,
        JsonValueKind.True => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        _ => value.ValueKind == kind,
    };

    private static string NameOf(JsonValueKind kind) => kind switch
    {
        JsonValueKind.Number => "a whole number",
        JsonValueKind.True => "true or false",
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        _ => "a text",
    };
}
