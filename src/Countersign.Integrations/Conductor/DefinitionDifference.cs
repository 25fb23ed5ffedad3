using System.Text.Json;
using Countersign.Integrations.Expressions;

namespace Countersign.Integrations.Conductor;

/// <summary>Whether a definition here says something else than the one there. Servers fill in defaults and their own members; those are no difference.</summary>
internal static class DefinitionDifference
{
    private static readonly HashSet<string> SetByServers = new(StringComparer.Ordinal) { "ownerApp", "createdBy", "updatedBy", "createTime", "updateTime", "accessPolicy" };

    private static readonly Dictionary<string, string> Defaults = new(StringComparer.Ordinal)
    {
        ["version"] = "1",
        ["schemaVersion"] = "2",
        ["restartable"] = "true",
        ["timeoutPolicy"] = "\"ALERT_ONLY\"",
        ["type"] = "\"SIMPLE\"",
        ["retryCount"] = "3",
        ["retryLogic"] = "\"FIXED\"",
        ["retryDelaySeconds"] = "60",
        ["backoffScaleFactor"] = "1",
        ["responseTimeoutSeconds"] = "3600",
        ["enforceSchema"] = "true",
        ["rateLimitFrequencyInSeconds"] = "1",
        ["joinStatus"] = "null",
    };

    /// <summary>Whether they say the same.</summary>
    public static bool IsSame(JsonElement here, JsonElement there) => (here.ValueKind, there.ValueKind) switch
    {
        (JsonValueKind.Object, JsonValueKind.Object) => AreSameMembers(here, there),
        (JsonValueKind.Array, JsonValueKind.Array) => here.GetArrayLength() == there.GetArrayLength() && here.EnumerateArray().Zip(there.EnumerateArray()).All(pair => IsSame(pair.First, pair.Second)),
        (JsonValueKind.Number, JsonValueKind.Number) => here.GetRawText() == there.GetRawText() || here.GetDouble() == there.GetDouble(),
        _ => JsonElement.DeepEquals(here, there),
    };

    /// <summary>The definition without what servers set themselves.</summary>
    public static JsonElement Own(JsonElement definition) => JsonBuilder.BuildObject(writer =>
    {
        foreach (var member in definition.EnumerateObject())
            if (!SetByServers.Contains(member.Name)) member.WriteTo(writer);
    });

    private static bool AreSameMembers(JsonElement here, JsonElement there)
    {
        foreach (var member in here.EnumerateObject())
        {
            if (SetByServers.Contains(member.Name)) continue;
            if (there.TryGetProperty(member.Name, out var other) ? !IsSame(member.Value, other) : !IsDefault(member.Name, member.Value)) return false;
        }
        foreach (var member in there.EnumerateObject())
            if (!SetByServers.Contains(member.Name) && !here.TryGetProperty(member.Name, out _) && !IsDefault(member.Name, member.Value)) return false;
        return true;
    }

    private static bool IsDefault(string name, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.False => true,
        JsonValueKind.Object => !value.EnumerateObject().Any() || value.EnumerateObject().All(member => IsDefault(member.Name, member.Value)),
        JsonValueKind.Array => value.GetArrayLength() == 0,
        JsonValueKind.String when value.GetString()!.Length == 0 => true,
        JsonValueKind.Number when value.GetDouble() == 0 => true,
        _ => Defaults.TryGetValue(name, out var usual) && value.GetRawText() == usual,
    };
}
