using System.Collections.Frozen;
using System.Text.Json;

namespace Countersign.Integrations.Workflows.Rules;

/// <summary>Of which kind the known properties of documents are. Null counts as absent; unknown properties are kept and not looked at.</summary>
internal static class PropertyRules
{
    public static readonly FrozenDictionary<string, PropertyKind> OfWorkflow = new Dictionary<string, PropertyKind>
    {
        ["name"] = PropertyKind.Text,
        ["version"] = new("an integer from 1 to 2147483647", value => IsInteger(value, 1) && value.GetInt64() <= int.MaxValue),
        ["description"] = PropertyKind.Text,
        ["tasks"] = PropertyKind.Objects,
        ["inputParameters"] = PropertyKind.Texts,
        ["inputTemplate"] = PropertyKind.Map,
        ["outputParameters"] = PropertyKind.Map,
        ["variables"] = PropertyKind.Map,
        ["timeoutSeconds"] = PropertyKind.Count,
        ["timeoutPolicy"] = PropertyKind.OneOf("TIME_OUT_WF", "ALERT_ONLY"),
        ["failureWorkflow"] = PropertyKind.Text,
        ["failureWorkflowVersion"] = PropertyKind.Count,
        ["restartable"] = PropertyKind.Flag,
        ["ownerEmail"] = PropertyKind.Text,
        ["schemaVersion"] = new("2, the only schema version", value => IsInteger(value, 2) && value.GetInt64() == 2),
        ["workflowStatusListenerEnabled"] = PropertyKind.Flag,
        ["workflowStatusListenerSink"] = PropertyKind.Text,
        ["rateLimitConfig"] = PropertyKind.Map,
        ["inputSchema"] = PropertyKind.Map,
        ["outputSchema"] = PropertyKind.Map,
        ["enforceSchema"] = PropertyKind.Flag,
        ["metadata"] = PropertyKind.Map,
        ["maskedFields"] = PropertyKind.Texts,
        ["cacheConfig"] = PropertyKind.Map,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static readonly FrozenDictionary<string, PropertyKind> OfTask = new Dictionary<string, PropertyKind>
    {
        ["name"] = PropertyKind.Text,
        ["taskReferenceName"] = PropertyKind.Text,
        ["type"] = PropertyKind.Text,
        ["description"] = PropertyKind.Text,
        ["inputParameters"] = PropertyKind.Map,
        ["optional"] = PropertyKind.Flag,
        ["permissive"] = PropertyKind.Flag,
        ["startDelay"] = PropertyKind.Count,
        ["asyncComplete"] = PropertyKind.Flag,
        ["retryCount"] = PropertyKind.Count,
        ["taskDefinition"] = PropertyKind.Map,
        ["decisionCases"] = PropertyKind.Map,
        ["defaultCase"] = PropertyKind.Objects,
        ["evaluatorType"] = PropertyKind.Text,
        ["expression"] = PropertyKind.Text,
        ["forkTasks"] = new("a list of lists of tasks", value => value.ValueKind is JsonValueKind.Array && value.EnumerateArray().All(PropertyKind.Objects.IsMet)),
        ["joinOn"] = PropertyKind.Texts,
        ["loopCondition"] = PropertyKind.Text,
        ["loopOver"] = PropertyKind.Objects,
        ["items"] = new("a list, or an expression that gives one", value => value.ValueKind is JsonValueKind.Array or JsonValueKind.String),
        ["subWorkflowParam"] = PropertyKind.Map,
        ["dynamicTaskNameParam"] = PropertyKind.Text,
        ["dynamicForkTasksParam"] = PropertyKind.Text,
        ["dynamicForkTasksInputParamName"] = PropertyKind.Text,
        ["dynamicForkJoinTasksParam"] = PropertyKind.Text,
        ["sink"] = PropertyKind.Text,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static readonly FrozenDictionary<string, PropertyKind> OfTaskDefinition = new Dictionary<string, PropertyKind>
    {
        ["name"] = PropertyKind.Text,
        ["description"] = PropertyKind.Text,
        ["ownerEmail"] = PropertyKind.Text,
        ["inputKeys"] = PropertyKind.Texts,
        ["outputKeys"] = PropertyKind.Texts,
        ["retryCount"] = PropertyKind.Count,
        ["retryLogic"] = PropertyKind.OneOf("FIXED", "LINEAR_BACKOFF", "EXPONENTIAL_BACKOFF"),
        ["retryDelaySeconds"] = PropertyKind.Count,
        ["backoffScaleFactor"] = new("an integer of 1 or more", value => IsInteger(value, 1)),
        ["maxRetryDelaySeconds"] = PropertyKind.Count,
        ["backoffJitterMs"] = PropertyKind.Count,
        ["timeoutSeconds"] = PropertyKind.Count,
        ["responseTimeoutSeconds"] = new("an integer of 1 or more", value => IsInteger(value, 1)),
        ["pollTimeoutSeconds"] = PropertyKind.Count,
        ["totalTimeoutSeconds"] = PropertyKind.Count,
        ["timeoutPolicy"] = PropertyKind.OneOf("RETRY", "TIME_OUT_WF", "ALERT_ONLY"),
        ["concurrentExecLimit"] = PropertyKind.Count,
        ["rateLimitPerFrequency"] = PropertyKind.Count,
        ["rateLimitFrequencyInSeconds"] = PropertyKind.Count,
        ["inputTemplate"] = PropertyKind.Map,
        ["isolationGroupId"] = PropertyKind.Text,
        ["executionNameSpace"] = PropertyKind.Text,
        ["baseType"] = PropertyKind.Text,
        ["enforceSchema"] = PropertyKind.Flag,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static bool IsInteger(JsonElement value, long least) => value.ValueKind is JsonValueKind.Number && value.TryGetInt64(out var number) && number >= least;
}

/// <summary>What a property's value must be.</summary>
/// <param name="Wanted">In words, after "must be".</param>
/// <param name="IsMet">Whether a value is.</param>
internal sealed record PropertyKind(string Wanted, Func<JsonElement, bool> IsMet)
{
    public static readonly PropertyKind Text = new("a text", value => value.ValueKind is JsonValueKind.String);
    public static readonly PropertyKind Flag = new("true or false", value => value.ValueKind is JsonValueKind.True or JsonValueKind.False);
    public static readonly PropertyKind Count = new("an integer of 0 or more", value => PropertyRules.IsInteger(value, 0));
    public static readonly PropertyKind Map = new("an object", value => value.ValueKind is JsonValueKind.Object);
    public static readonly PropertyKind Texts = new("a list of texts", value => value.ValueKind is JsonValueKind.Array && value.EnumerateArray().All(each => each.ValueKind is JsonValueKind.String));
    public static readonly PropertyKind Objects = new("a list of objects", value => value.ValueKind is JsonValueKind.Array && value.EnumerateArray().All(each => each.ValueKind is JsonValueKind.Object));

    public static PropertyKind OneOf(params string[] words)
        => new($"one of {string.Join(", ", words)}", value => value.ValueKind is JsonValueKind.String && words.Contains(value.GetString()));
}
