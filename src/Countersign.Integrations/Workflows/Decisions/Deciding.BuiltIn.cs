using System.Text.Json;
using Countersign.Integrations.Expressions;
using Countersign.Integrations.Scripts;

namespace Countersign.Integrations.Workflows.Decisions;

/// <summary>The tasks that the decision itself carries out (workflow contract 6).</summary>
internal sealed partial class Deciding
{
    private TaskExecution Begin(TaskExecution attempt)
    {
        var begun = attempt with { StartedAt = attempt.StartedAt ?? _now, Status = AttemptStatus.InProgress, ReadyAt = TaskExecution.NotByItself };
        return attempt.Task.Type switch
        {
            TaskTypes.Switch => Choose(begun),
            TaskTypes.ForkJoin or TaskTypes.Noop => End(begun, AttemptStatus.Completed),
            TaskTypes.ForkJoinDynamic => Fork(begun),
            TaskTypes.Join => Put(begun with { Input = JoinInput(begun) }),
            TaskTypes.DoWhile => BeginLoop(begun),
            TaskTypes.Wait => Wait(begun),
            TaskTypes.SetVariable => SetVariables(begun),
            TaskTypes.Terminate => Terminate(begun),
            TaskTypes.Inline => RunInline(begun),
            _ => Put(begun),
        };
    }

    private ScriptResult Run(string script, JsonElement input)
    {
        _scripts++;
        return _inputs.Scripts.Evaluate(script, input);
    }

    private static JsonElement JoinInput(TaskExecution join) => join.Input.With(JsonBuilder.BuildObject(writer =>
    {
        writer.WriteStartArray("joinOn");
        foreach (var name in join.Task.JoinOn) writer.WriteStringValue(name);
        writer.WriteEndArray();
    }));

    private TaskExecution Choose(TaskExecution attempt)
    {
        string text;
        if (attempt.Task.EvaluatorType is "javascript" or "graaljs")
        {
            var result = Run(attempt.Task.Expression ?? "", attempt.Input);
            if (result.Error is { } error) return End(attempt, AttemptStatus.Failed, reason: error);
            text = Template.TextOf(result.Value);
        }
        else
        {
            text = attempt.Input.Member(attempt.Task.Expression ?? "") is { } value ? Template.TextOf(value) : "null";
        }
        return End(attempt, AttemptStatus.Completed, JsonBuilder.BuildObject(writer =>
        {
            writer.WriteStartArray("evaluationResult");
            writer.WriteStringValue(text);
            writer.WriteEndArray();
            writer.WriteString("selectedCase", text);
        }));
    }

    private TaskExecution Fork(TaskExecution attempt)
    {
        var branches = DynamicFork.Make(attempt, _execution.Definition);
        if (branches.Error is { } error) return End(attempt, AttemptStatus.FailedWithTerminalError, reason: error);
        return End(attempt with { Memory = branches.Memory, Input = attempt.Input.With("forkedTasks", branches.References) }, AttemptStatus.Completed);
    }

    private TaskExecution Wait(TaskExecution attempt)
    {
        if (!WaitTime.TryRead(attempt.Input, _now, out var until, out var fault)) return End(attempt, AttemptStatus.FailedWithTerminalError, reason: fault);
        if (until <= _now) return End(attempt, AttemptStatus.Completed);
        return Put(attempt with { ReadyAt = until ?? TaskExecution.NotByItself });
    }

    private TaskExecution SetVariables(TaskExecution attempt)
    {
        var variables = _execution.Variables.With(attempt.Input);
        if (variables.Size > Limits.VariablesBytes)
        {
            return End(attempt, AttemptStatus.FailedWithTerminalError, reason: $"The variables would have {variables.Size} bytes; the limit is {Limits.VariablesBytes}.");
        }
        if (!attempt.Input.IsEmpty) Change(_execution with { Variables = variables });
        return End(attempt, AttemptStatus.Completed);
    }

    private TaskExecution RunInline(TaskExecution attempt)
    {
        if (attempt.Input.TextOf("evaluatorType") is { } type and not ("javascript" or "graaljs"))
        {
            return Refuse($"The evaluator type {type} is not served; javascript and graaljs are.");
        }
        if (attempt.Input.TextOf("expression") is not { } script) return Refuse("The input expression, a script, is missing.");
        var result = Run(script, attempt.Input);
        return result.Error is { } error
            ? Refuse(error)
            : End(attempt, AttemptStatus.Completed, JsonBuilder.BuildObject(writer =>
            {
                writer.WritePropertyName("result");
                result.Value.WriteTo(writer);
            }));

        TaskExecution Refuse(string why) => End(attempt, AttemptStatus.FailedWithTerminalError, JsonBuilder.BuildObject(writer => writer.WriteString("error", why)), why);
    }

    private TaskExecution Terminate(TaskExecution attempt)
    {
        var word = attempt.Input.TextOf("terminationStatus") ?? "";
        if (!WorkflowStatus.TryRead(word, out WorkflowStatus status) || status is not (WorkflowStatus.Completed or WorkflowStatus.Failed or WorkflowStatus.Terminated))
        {
            return End(attempt, AttemptStatus.FailedWithTerminalError, reason: $"The terminationStatus \"{word}\" is not COMPLETED, FAILED or TERMINATED.");
        }
        var output = attempt.Input.Member("workflowOutput") switch
        {
            null => WorkflowExecution.EmptyObject,
            { ValueKind: JsonValueKind.Object } map => map,
            { } other => WorkflowExecution.EmptyObject.With("output", other),
        };
        var ended = End(attempt, AttemptStatus.Completed, output);
        var reason = attempt.Input.Member("terminationReason") is { } given ? Template.TextOf(given) : null;
        EndExecution(status, status is WorkflowStatus.Completed ? reason : reason ?? $"The task {attempt.ReferenceName} ended it as {status.Name}.", status is WorkflowStatus.Completed ? null : ended, ended);
        return ended;
    }
}
