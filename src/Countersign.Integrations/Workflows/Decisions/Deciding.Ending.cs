using System.Collections.Immutable;
using System.Text.Json;
using Countersign.Integrations.Expressions;

namespace Countersign.Integrations.Workflows.Decisions;

/// <summary>The end of an execution (workflow contract 7.4, 7.5).</summary>
internal sealed partial class Deciding
{
    private void Complete()
    {
        var failed = _tasks.Where((task, index) => task.Status.IsFinal && !task.Status.IsSuccess && IsLatest(index) && !task.IsRetried && !IsInEndedLoop(task)).FirstOrDefault();
        if (failed is null) EndExecution(WorkflowStatus.Completed, null);
        else EndExecution(failed.Status is AttemptStatus.TimedOut ? WorkflowStatus.TimedOut : WorkflowStatus.Failed, ReasonOf(failed), failed);
    }

    /// <summary>Ends the execution: open attempts are cancelled, the output is made, a failure workflow is asked for.</summary>
    /// <param name="status">A final one.</param>
    /// <param name="reason">Why it did not complete.</param>
    /// <param name="cause">The task that gave up; null: none.</param>
    /// <param name="terminating">The TERMINATE task that ends it; null: none.</param>
    private void EndExecution(WorkflowStatus status, string? reason, TaskExecution? cause = null, TaskExecution? terminating = null)
    {
        if (HasEnded)
        {
            // It ended already: only its name for that changes.
            Change(_execution with { Status = status, ReasonForIncompletion = Cut(reason) });
            return;
        }
        CancelOpen();
        // The template of the output may tell of the end.
        Change(_execution with { Status = status, ReasonForIncompletion = Cut(reason), EndedAt = _now });
        var output = terminating is { } task ? new Evaluated(task.Output, null) : OutputOf();
        if (output.Error is null && output.Value.Size > Limits.PayloadBytes) output = new Evaluated(default, TooLarge("The output of the execution", output.Value.Size));
        if (output.Error is { } error)
        {
            if (status is WorkflowStatus.Completed) (status, reason) = (WorkflowStatus.Failed, $"The output cannot be made. {error}");
            output = new Evaluated(WorkflowExecution.EmptyObject, null);
        }
        var failed = status is WorkflowStatus.Completed ? [] : FailedTasks(cause);
        Change(_execution with
        {
            Status = status,
            ReasonForIncompletion = Cut(reason),
            Output = output.Value,
            FailedReferenceTaskNames = [.. failed.Select(each => each.ReferenceName).Distinct()],
            FailedTaskNames = [.. failed.Select(each => each.Task.Name).Distinct()],
        });
        if (status is not WorkflowStatus.Completed) StartFailureWorkflow(cause ?? failed.FirstOrDefault());
    }

    private List<TaskExecution> FailedTasks(TaskExecution? cause) => [.. _tasks.Where((task, index) => IsLatest(index) && (task.Id == cause?.Id
        ? !task.Status.IsSuccess
        : task.Status is AttemptStatus.Failed or AttemptStatus.TimedOut or AttemptStatus.FailedWithTerminalError && !IsContainer(task)))];

    private static bool IsContainer(TaskExecution task) => task.Task.Type is TaskTypes.Join or TaskTypes.DoWhile;

    private Evaluated OutputOf()
    {
        var parameters = _execution.Definition.OutputParameters;
        if (!parameters.IsEmpty) return Template.Evaluate(parameters, Scope());
        var last = LastOf(_execution.Definition.Tasks) ?? (_tasks.Count > 0 ? _tasks[^1] : null);
        return new Evaluated(last?.Output ?? WorkflowExecution.EmptyObject, null);
    }

    /// <summary>The attempt of the last task of a list that was come to; in the chosen case of a SWITCH, the last of that.</summary>
    private TaskExecution? LastOf(ImmutableArray<WorkflowTask> list)
    {
        for (var index = list.Length - 1; index >= 0; index--)
        {
            if (Latest(list[index].ReferenceName) is not { } attempt) continue;
            return list[index].Type == TaskTypes.Switch && attempt.Status is AttemptStatus.Completed ? LastOf(CaseOf(list[index], attempt)) ?? attempt : attempt;
        }
        return null;
    }

    private void StartFailureWorkflow(TaskExecution? cause)
    {
        if (_execution.Definition.FailureWorkflow is not { } template) return;
        var name = Template.EvaluateText(template, Scope());
        if (!Naming.IsName(name)) return;
        var id = _inputs.NewId();
        var input = FailureInput(cause, withTasks: true);
        if (input.Size > Limits.PayloadBytes) input = FailureInput(cause, withTasks: false);
        _failureStart = new FailureStart(id, name, _execution.Definition.FailureWorkflowVersion, input);
    }

    private JsonElement FailureInput(TaskExecution? cause, bool withTasks) => _execution.Input.With(JsonBuilder.BuildObject(writer =>
    {
        writer.WriteString("workflowId", _execution.Id);
        writer.WriteString("reason", _execution.ReasonForIncompletion ?? "");
        writer.WriteString("failureStatus", _execution.Status.Name);
        writer.WriteString("failureTaskId", cause?.Id ?? "");
        writer.WritePropertyName("failedWorkflow");
        ExecutionDocuments.Write(writer, _execution with { Tasks = [.. _tasks] }, withTasks, _inputs.TaskDefinitionOf);
    }));
}
