using System.Text.Json;

namespace Countersign.Integrations.Workflows.Rules;

/// <summary>One check of a task definition's document (workflow contract 4).</summary>
internal static class TaskDefinitionCheck
{
    public static void Check(JsonElement document, string path, Faults faults, bool isEmbedded)
    {
        faults.CheckKinds(document, path, PropertyRules.OfTaskDefinition);
        if (!isEmbedded || document.Member("name") is not null) faults.CheckName(document, path, "name");
        long response = document.NumberOf("responseTimeoutSeconds") ?? 0, timeout = document.NumberOf("timeoutSeconds") ?? 0, total = document.NumberOf("totalTimeoutSeconds") ?? 0;
        if (timeout > 0 && response > timeout)
        {
            faults.Add(Faults.Below(path, "responseTimeoutSeconds"), $"responseTimeoutSeconds must not be more than timeoutSeconds, {timeout}.", response.ToString());
        }
        if (timeout > 0 && total > 0 && timeout > total)
        {
            faults.Add(Faults.Below(path, "timeoutSeconds"), $"timeoutSeconds must not be more than totalTimeoutSeconds, {total}.", timeout.ToString());
        }
    }
}
