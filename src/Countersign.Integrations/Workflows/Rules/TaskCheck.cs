using System.Text.Json;
using Countersign.Integrations.Scripts;

namespace Countersign.Integrations.Workflows.Rules;

/// <summary>What a task needs by its type (workflow contract 6.1).</summary>
internal sealed class TaskCheck(Faults faults, Func<string, TaskDefinition?> definitionOf)
{
    private static readonly string[] Evaluators = ["value-param", "javascript", "graaljs"];

    public void Check(WorkflowTask task, string path, WorkflowTask? next)
    {
        var input = task.InputParameters;
        switch (task.Type)
        {
            case TaskTypes.Http or TaskTypes.HttpPoll:
                if (!HasRequest(input) && !TemplateHasRequest(task)) faults.Add($"{path}.inputParameters.http_request", $"{task.Type} needs inputParameters.http_request, or uri and method in inputParameters.");
                break;
            case TaskTypes.Switch:
                CheckSwitch(task, path);
                break;
            case TaskTypes.ForkJoin:
                if (task.ForkTasks.IsEmpty) faults.Add($"{path}.forkTasks", "FORK_JOIN needs at least one branch in forkTasks.");
                CheckJoinFollows(path, task, next);
                break;
            case TaskTypes.ForkJoinDynamic:
                CheckDynamicFork(task, path);
                CheckJoinFollows(path, task, next);
                break;
            case TaskTypes.Wait:
                if (input.Member("duration") is not null && input.Member("until") is not null) faults.Add($"{path}.inputParameters", "WAIT has a duration or an until, not both.");
                break;
            case TaskTypes.Terminate:
                CheckTerminate(task, path);
                break;
            case TaskTypes.Inline:
                if (input.TextOf("expression") is not { Length: > 0 } script) faults.Add($"{path}.inputParameters.expression", "INLINE needs inputParameters.expression, a script.");
                else WarnOfScript($"{path}.inputParameters.expression", script);
                break;
            case TaskTypes.SubWorkflow:
                if (task.SubWorkflowParameters.TextOf("name") is not { Length: > 0 } && task.SubWorkflowParameters.Member("workflowDefinition") is null)
                {
                    faults.Add($"{path}.subWorkflowParam", "SUB_WORKFLOW needs subWorkflowParam with a name or a workflowDefinition.");
                }
                break;
            case TaskTypes.DoWhile:
                if (task.LoopOver.IsEmpty) faults.Add($"{path}.loopOver", "DO_WHILE needs at least one task in loopOver.");
                if (task.LoopCondition is not { Length: > 0 } && task.Items is null && input.Member("items") is null) faults.Add($"{path}.loopCondition", "DO_WHILE needs a loopCondition or items.");
                else if (task.LoopCondition is { } condition) WarnOfScript($"{path}.loopCondition", condition);
                break;
            case "JSON_JQ_TRANSFORM":
                if (input.TextOf("queryExpression") is not { Length: > 0 }) faults.Add($"{path}.inputParameters.queryExpression", "JSON_JQ_TRANSFORM needs inputParameters.queryExpression.");
                break;
            case TaskTypes.Dynamic:
                if (task.DynamicTaskNameParameter is not { Length: > 0 }) faults.Add($"{path}.dynamicTaskNameParam", "DYNAMIC needs dynamicTaskNameParam, the name of an input.");
                break;
        }
    }

    private void CheckSwitch(WorkflowTask task, string path)
    {
        if (task.EvaluatorType is not { Length: > 0 } type) faults.Add($"{path}.evaluatorType", "SWITCH needs an evaluatorType.");
        else if (!Evaluators.Contains(type)) faults.Add($"{path}.evaluatorType", $"evaluatorType must be one of {string.Join(", ", Evaluators)}.", type);
        if (task.Expression is not { Length: > 0 } expression) faults.Add($"{path}.expression", "SWITCH needs an expression.");
        else if (task.EvaluatorType is "javascript" or "graaljs") WarnOfScript($"{path}.expression", expression);
        if (task.DecisionCases.Values.All(tasks => tasks.IsEmpty)) faults.Add($"{path}.decisionCases", "SWITCH needs at least one case with a task in decisionCases.");
    }

    private void CheckDynamicFork(WorkflowTask task, string path)
    {
        var input = task.InputParameters;
        var hasTasks = task.DynamicForkTasksParameter is { Length: > 0 } && task.DynamicForkTasksInputParameter is { Length: > 0 };
        var hasInputs = (input.Member("forkTaskName") ?? input.Member("forkTaskWorkflow")) is not null && input.Member("forkTaskInputs") is not null;
        if (!hasTasks && !hasInputs)
        {
            faults.Add($"{path}.dynamicForkTasksParam", "FORK_JOIN_DYNAMIC needs dynamicForkTasksParam and dynamicForkTasksInputParamName, or forkTaskName or forkTaskWorkflow with forkTaskInputs in inputParameters.");
        }
    }

    private void CheckJoinFollows(string path, WorkflowTask task, WorkflowTask? next)
    {
        if (next?.Type != TaskTypes.Join) faults.Add($"{path}.type", $"A JOIN must follow the {task.Type} {task.ReferenceName}.", next?.Type);
    }

    private void CheckTerminate(WorkflowTask task, string path)
    {
        var status = task.InputParameters.TextOf("terminationStatus");
        if (status is null || (!status.Contains("${", StringComparison.Ordinal) && status is not ("COMPLETED" or "FAILED" or "TERMINATED")))
        {
            faults.Add($"{path}.inputParameters.terminationStatus", "TERMINATE needs inputParameters.terminationStatus: COMPLETED, FAILED or TERMINATED.", status);
        }
        if (task.IsOptional) faults.Add($"{path}.optional", "TERMINATE cannot be optional.", "true");
    }

    private void WarnOfScript(string path, string script)
    {
        if (!script.Contains("${", StringComparison.Ordinal) && JintScripts.FaultIn(script) is { } wrong) faults.Warn(path, $"The script has a fault: {wrong}", script);
    }

    private bool TemplateHasRequest(WorkflowTask task)
    {
        var template = (task.EmbeddedDefinition ?? definitionOf(task.Name))?.InputTemplate;
        return template is { } given && (HasRequest(given) || given.Member("uri") is not null || given.Member("method") is not null);
    }

    private static bool HasRequest(JsonElement input) => input.Member("http_request") is not null || (input.Member("uri") is not null && input.Member("method") is not null);
}
