using System.Text.Json;
using Countersign.Integrations.Expressions;

namespace Countersign.Integrations.Workflows.Decisions;

/// <summary>Making attempts.</summary>
internal sealed partial class Deciding
{
    private TaskExecution Schedule(WorkflowTask task, string reference, Place place, TaskExecution? retryOf = null, TimeSpan? delay = null, JsonElement? givenInput = null)
    {
        _scheduled++;
        var id = _inputs.NewId();
        var by = TaskTypes.CarrierOf(task.Type);
        var attempt = new TaskExecution
        {
            Id = id,
            Sequence = _nextSequence,
            Task = task,
            ReferenceName = reference,
            Type = WireTypeOf(task),
            By = by,
            ScheduledAt = _now,
            ReadyAt = Later(_now, retryOf is null ? task.StartDelay : delay ?? TimeSpan.Zero),
            UpdatedAt = _now,
            RetryCount = retryOf is null ? 0 : retryOf.RetryCount + 1,
            RetriedTaskId = retryOf?.Id,
            CallbackAfterSeconds = retryOf is null ? 0 : (long)Math.Ceiling((delay ?? TimeSpan.Zero).TotalSeconds),
            Iteration = place.Round,
            LoopReferenceName = place.Loop,
        };
        if (retryOf is null && (_execution.Skipped.GetValueOrDefault(reference) ?? _execution.Skipped.GetValueOrDefault(task.ReferenceName)) is { } skipped)
        {
            return Add(attempt with { Status = AttemptStatus.Skipped, Input = skipped.Input, Output = skipped.Output, StartedAt = _now, EndedAt = _now });
        }

        var input = givenInput is { } given ? new Evaluated(given, null) : Template.Evaluate(task.InputParameters, Scope(id));
        if (input.Error is null && task.Type == TaskTypes.Dynamic)
        {
            if (NameTask(task, input.Value) is not { } named)
            {
                return Add(Failed(attempt with { Input = input.Value }, $"The input {task.DynamicTaskNameParameter} of {reference} is not the name of a task."));
            }
            attempt = attempt with { Task = named, Type = named.Name };
        }
        if (input.Error is null && givenInput is null) input = FillFromTemplate(attempt.Task, input.Value, id);
        if (input.Error is { } error) return Add(Failed(attempt, $"The input of {reference} cannot be made. {error}"));
        if (input.Value.Size > Limits.PayloadBytes) return Add(Failed(attempt, TooLarge($"The input of {reference}", input.Value.Size)));
        attempt = attempt with { Input = input.Value };

        if (task.Type == TaskTypes.SubWorkflow)
        {
            var parameters = Template.Evaluate(WithoutInlineDefinition(task.SubWorkflowParameters), Scope(id));
            if (parameters.Error is { } wrong) return Add(Failed(attempt, $"The sub-workflow of {reference} cannot be named. {wrong}"));
            attempt = attempt with { Memory = parameters.Value };
        }
        return Add(by is CarriedOutBy.Worker ? attempt with { Domain = DomainOf(attempt) } : attempt);
    }

    /// <summary>Expressions in an inline definition are the child's own.</summary>
    private static JsonElement WithoutInlineDefinition(JsonElement parameters) => parameters.Member("workflowDefinition") is not { ValueKind: JsonValueKind.Object }
        ? parameters
        : JsonBuilder.BuildObject(writer =>
        {
            foreach (var member in parameters.EnumerateObject().Where(member => member.Name != "workflowDefinition")) member.WriteTo(writer);
        });

    private TaskExecution Failed(TaskExecution attempt, string reason)
        => attempt with { Status = AttemptStatus.FailedWithTerminalError, ReasonForIncompletion = Cut(reason), StartedAt = _now, EndedAt = _now };

    private static string WireTypeOf(WorkflowTask task) => task.Type switch
    {
        TaskTypes.ForkJoin => TaskTypes.Fork,
        TaskTypes.Simple => task.Name,
        _ => task.Type,
    };

    /// <summary>The task that a DYNAMIC task stands for: a worker's, of the name that its input says.</summary>
    private static WorkflowTask? NameTask(WorkflowTask task, JsonElement input)
    {
        if (task.DynamicTaskNameParameter is not { } key || input.TextOf(key) is not { } name || !Naming.IsName(name)) return null;
        return new WorkflowTask(task.Document.With("name", JsonBuilder.Text(name)).With("type", JsonBuilder.Text(TaskTypes.Simple)));
    }

    /// <summary>Keys that are absent or came to null are filled from the task definition's template.</summary>
    private Evaluated FillFromTemplate(WorkflowTask task, JsonElement input, string taskId)
    {
        if (DefinitionOf(task)?.InputTemplate is not { IsEmpty: false } template) return new Evaluated(input, null);
        var missing = JsonBuilder.BuildObject(writer =>
        {
            foreach (var member in template.EnumerateObject())
            {
                if (input.Member(member.Name) is null) member.WriteTo(writer);
            }
        });
        var filled = Template.Evaluate(missing, Scope(taskId));
        return filled.Error is null ? new Evaluated(input.With(filled.Value), null) : filled;
    }

    private string? DomainOf(TaskExecution attempt)
    {
        var domain = _execution.TaskToDomain.GetValueOrDefault(attempt.Type) ?? _execution.TaskToDomain.GetValueOrDefault(attempt.Task.Name) ?? _execution.TaskToDomain.GetValueOrDefault("*");
        var first = domain?.Split(',', 2)[0].Trim();
        return string.IsNullOrEmpty(first) || first == "NO_DOMAIN" ? null : first;
    }
}
