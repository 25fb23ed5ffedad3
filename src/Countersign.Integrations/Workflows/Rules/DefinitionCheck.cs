using System.Collections.Immutable;
using System.Text.Json;
using Countersign.Integrations.Expressions;

namespace Countersign.Integrations.Workflows.Rules;

/// <summary>One check of a definition's document.</summary>
internal sealed class DefinitionCheck(Faults faults, Func<string, TaskDefinition?> definitionOf)
{
    private readonly TaskCheck _types = new(faults, definitionOf);
    private readonly Dictionary<string, string> _places = new(StringComparer.Ordinal);
    private readonly List<(string Path, WorkflowTask Task, bool FollowsDynamicFork)> _tasks = [];
    private bool _hasDynamicFork;
    private bool _hasTooMany;

    public void Check(JsonElement document, string path)
    {
        faults.CheckKinds(document, path, PropertyRules.OfWorkflow);
        faults.CheckName(document, path, "name");
        var tasks = Faults.Below(path, "tasks");
        if (document.Member("tasks") is null or { ValueKind: JsonValueKind.Array, IsEmpty: true }) faults.Add(tasks, "A definition has at least one task.");
        if (document.Member("tasks") is not { } list || !PropertyKind.Objects.IsMet(list)) return;
        var definition = new WorkflowDefinition(document);
        Visit(definition.Tasks, tasks, 1);
        if (_hasTooMany || !faults.IsEmpty) return;
        CheckReferences(document, path);
    }

    /// <summary>Checks the branches of a dynamic fork beside the tasks of the definition.</summary>
    public void CheckBranches(JsonElement owner, WorkflowDefinition definition)
    {
        foreach (var reference in definition.TasksByReference.Keys) _places[reference] = "the definition";
        foreach (var task in WorkflowTask.ListOf(owner, "tasks")) Visit([task], $"tasks[{_tasks.Count}]", 1, isBranch: true);
        foreach (var (path, task, _) in _tasks)
        {
            if (TaskTypes.IsUnserved(task.Type)) faults.Add($"{path}.type", $"Tasks of the type {task.Type} are not run here.", task.Type);
        }
    }

    private void Visit(ImmutableArray<WorkflowTask> tasks, string path, int depth, bool isBranch = false)
    {
        if (tasks.IsEmpty) return;
        if (depth > Limits.NestingDepth)
        {
            faults.Add(path, $"Tasks nest at most {Limits.NestingDepth} deep.");
            return;
        }
        for (var index = 0; index < tasks.Length && !_hasTooMany; index++)
        {
            Visit(tasks[index], isBranch ? path : $"{path}[{index}]", index + 1 < tasks.Length ? tasks[index + 1] : null, index > 0 && tasks[index - 1].Type == TaskTypes.ForkJoinDynamic, depth);
        }
    }

    private void Visit(WorkflowTask task, string path, WorkflowTask? next, bool followsDynamicFork, int depth)
    {
        _tasks.Add((path, task, followsDynamicFork));
        if (_tasks.Count > Limits.Tasks)
        {
            _hasTooMany = true;
            faults.Add(path, $"A definition has at most {Limits.Tasks} tasks.");
            return;
        }
        _hasDynamicFork |= task.Type == TaskTypes.ForkJoinDynamic;
        faults.CheckKinds(task.Document, path, PropertyRules.OfTask);
        faults.CheckName(task.Document, path, "name");
        faults.CheckName(task.Document, path, "taskReferenceName");
        if (task.ReferenceName.Length > 0 && !_places.TryAdd(task.ReferenceName, path))
        {
            faults.Add($"{path}.taskReferenceName", $"The reference name {task.ReferenceName} is taken by {_places[task.ReferenceName]}.", task.ReferenceName);
        }
        if (task.ReferenceName is Expression.WorkflowRoot or Expression.TaskIdRoot) faults.Add($"{path}.taskReferenceName", "This name has a meaning of its own in expressions.", task.ReferenceName);
        if (task.EmbeddedDefinition is { } embedded) TaskDefinitionCheck.Check(embedded.Document, $"{path}.taskDefinition", faults, isEmbedded: true);
        _types.Check(task, path, next);
        if (task.SubWorkflowParameters.Member("workflowDefinition") is { ValueKind: JsonValueKind.Object } inline && task.Type == TaskTypes.SubWorkflow)
        {
            // Expressions of the parent may stand in it: it is checked as it is when it is started.
            faults.CheckKinds(inline, $"{path}.subWorkflowParam.workflowDefinition", PropertyRules.OfWorkflow);
        }
        VisitNested(task, path, depth + 1);
    }

    private void VisitNested(WorkflowTask task, string path, int depth)
    {
        foreach (var (name, tasks) in task.DecisionCases)
        {
            if (task.Document.ObjectOf("decisionCases").TryGetProperty(name, out var list) && !PropertyKind.Objects.IsMet(list)) faults.Add($"{path}.decisionCases.{name}", "A case must be a list of tasks.");
            Visit(tasks, $"{path}.decisionCases.{name}", depth);
        }
        Visit(task.DefaultCase, $"{path}.defaultCase", depth);
        for (var index = 0; index < task.ForkTasks.Length; index++) Visit(task.ForkTasks[index], $"{path}.forkTasks[{index}]", depth);
        Visit(task.LoopOver, $"{path}.loopOver", depth);
    }

    private void CheckReferences(JsonElement document, string path)
    {
        foreach (var (place, task, followsDynamicFork) in _tasks)
        {
            CheckExpressions(task.InputParameters, $"{place}.inputParameters");
            if (task.Type == TaskTypes.SubWorkflow) CheckExpressions(WithoutDefinition(task.SubWorkflowParameters), $"{place}.subWorkflowParam");
            if (task.Items is { } items) CheckExpressions(items, $"{place}.items");
            if (task.Type != TaskTypes.Join || followsDynamicFork) continue;
            var index = 0;
            foreach (var name in task.JoinOn)
            {
                if (!_places.ContainsKey(name)) faults.Add($"{place}.joinOn[{index}]", $"There is no task with the reference name {name}.", name);
                index++;
            }
        }
        CheckExpressions(document.ObjectOf("outputParameters"), Faults.Below(path, "outputParameters"));
    }

    private static JsonElement WithoutDefinition(JsonElement parameters) => parameters.Member("workflowDefinition") is { ValueKind: JsonValueKind.Object }
        ? JsonBuilder.BuildObject(writer =>
        {
            foreach (var member in parameters.EnumerateObject().Where(member => member.Name != "workflowDefinition")) member.WriteTo(writer);
        })
        : parameters;

    private void CheckExpressions(JsonElement template, string path)
    {
        foreach (var use in Countersign.Integrations.Expressions.Expressions.In(template))
        {
            var place = use.Place.Length == 0 ? path : use.Place[0] == '[' ? path + use.Place : $"{path}.{use.Place}";
            if (use.IsUnclosed) faults.Add(place, use.Fault!, use.Text);
            else if (use.Fault is { } fault) faults.Warn(place, $"The path of an expression cannot be read, so it gives null: {fault}", use.Text);
            else if (use.Expression is { } expression) CheckRoot(expression, place);
            else if (use.Text.StartsWith("workflow.secrets", StringComparison.Ordinal)) faults.Add(place, "The name of a secret must be written out.", use.Text);
        }
    }

    private void CheckRoot(Expression expression, string place)
    {
        var root = expression.Root;
        if (root is Expression.WorkflowRoot or Expression.TaskIdRoot || _places.ContainsKey(root) || _places.ContainsKey(WithoutRound(root))) return;
        var message = $"The expression {expression} starts with {root}, which is neither workflow nor the reference name of a task.";
        if (_hasDynamicFork) faults.Warn(place, message, root);
        else faults.Add(place, message, root);
    }

    private static string WithoutRound(string root)
    {
        var at = root.IndexOf("__", 1, StringComparison.Ordinal);
        return at > 0 && root.AsSpan(at + 2).IndexOfAnyExceptInRange('0', '9') is -1 ? root[..at] : root;
    }
}
