using System.Text.Json;
using Countersign.Integrations.Expressions;
using Countersign.Integrations.Workflows;

namespace Countersign.Integrations.Tests.Workflows;

/// <summary>The wire form of executions and tasks (workflow contract 9, 10).</summary>
public class ExecutionDocumentsTests
{
    [Fact]
    public void An_execution_shows_what_the_contract_lists_and_leaves_out_what_does_not_apply()
    {
        var run = Run.Of("""{"name":"n","taskReferenceName":"r","inputParameters":{"x":null,"password":"p","deep":[{"password":{"a":1}}]}}""", """{"password":"p","none":null}""", """ "maskedFields":["password"], """);
        var document = JsonBuilder.Read(Run.Document(run.Execution));

        Assert.Equal(
            ["workflowId", "workflowName", "workflowVersion", "status", "createTime", "updateTime", "startTime", "endTime", "input", "output", "variables", "priority", "taskToDomain",
             "workflowDefinition", "tasks", "failedReferenceTaskNames", "failedTaskNames"],
            document.EnumerateObject().Select(member => member.Name));
        Assert.Equal(0, document.GetProperty("endTime").GetInt64());
        Assert.Equal(1_795_466_807_312, document.GetProperty("createTime").GetInt64());
        Assert.Equal("""{"password":"***","none":null}""", document.GetProperty("input").GetRawText());
        var task = document.GetProperty("tasks")[0];
        Assert.Equal("""{"x":null,"password":"***","deep":[{"password":"***"}]}""", task.GetProperty("inputData").GetRawText());
        Assert.Equal(
            ["taskId", "taskType", "taskDefName", "referenceTaskName", "status", "seq", "workflowInstanceId", "workflowType", "workflowPriority", "scheduledTime", "startTime", "endTime",
             "updateTime", "startDelayInSeconds", "inputData", "outputData", "pollCount", "callbackAfterSeconds", "queueWaitTime", "retryCount", "retried", "executed", "iteration",
             "loopOverTask", "responseTimeoutSeconds", "rateLimitPerFrequency", "rateLimitFrequencyInSeconds", "workflowTask"],
            task.EnumerateObject().Select(member => member.Name));
        Assert.Equal(("n", "n", "r", "SCHEDULED", 1), (task.GetProperty("taskType").GetString(), task.GetProperty("taskDefName").GetString(), task.GetProperty("referenceTaskName").GetString(), task.GetProperty("status").GetString(), task.GetProperty("seq").GetInt32()));
    }

    [Fact]
    public void Tasks_may_be_left_out()
    {
        var run = Run.Of("""{"name":"n","taskReferenceName":"r"}""");

        var document = JsonBuilder.Build(writer => ExecutionDocuments.Write(writer, run.Execution, false, _ => null));

        Assert.Equal(0, document.GetProperty("tasks").GetArrayLength());
    }

    [Fact]
    public void Everything_that_is_stored_reads_back()
    {
        var definition = new WorkflowDefinition(JsonBuilder.Read("""{"name":"d","tasks":[{"name":"a","taskReferenceName":"a"}]}"""));
        var at = DateTimeOffset.FromUnixTimeMilliseconds(1_795_466_807_312);
        var value = JsonBuilder.Read("""{"x":null}""");
        var execution = new WorkflowExecution
        {
            Id = "w",
            Version = 7,
            Definition = definition,
            Status = WorkflowStatus.Paused,
            CreatedAt = at,
            StartedAt = at,
            UpdatedAt = at.AddSeconds(1),
            EndedAt = at.AddSeconds(2),
            DueAt = at.AddSeconds(3),
            Input = value,
            Output = value,
            Variables = value,
            CorrelationId = "c",
            Priority = 5,
            TaskToDomain = System.Collections.Immutable.ImmutableDictionary<string, string>.Empty.Add("*", "d"),
            ReasonForIncompletion = "r",
            FailedReferenceTaskNames = ["fr"],
            FailedTaskNames = ["fn"],
            ParentWorkflowId = "p",
            ParentWorkflowTaskId = "pt",
            Depth = 3,
            ReRunFromWorkflowId = "rr",
            IdempotencyKey = "i",
            CreatedBy = "cb",
            Skipped = System.Collections.Immutable.ImmutableDictionary<string, SkippedTask>.Empty.Add("a", new SkippedTask(value, value)),
        };
        var task = new TaskExecution
        {
            Id = "t",
            Sequence = 3,
            Task = definition.Tasks[0],
            ReferenceName = "a__2",
            Type = "a",
            By = CarriedOutBy.Worker,
            Status = AttemptStatus.TimedOut,
            Input = value,
            Output = value,
            ReasonForIncompletion = "r",
            ScheduledAt = at,
            ReadyAt = TaskExecution.NotByItself,
            StartedAt = at,
            EndedAt = at,
            UpdatedAt = at,
            LeaseUntil = at,
            WorkerId = "w",
            PollCount = 4,
            RetryCount = 2,
            IsRetried = true,
            RetriedTaskId = "rt",
            CallbackAfterSeconds = 9,
            Iteration = 2,
            LoopReferenceName = "l",
            SubWorkflowId = "s",
            Domain = "d",
            Memory = value,
        };

        var read = WorkflowCodec.ReadHeader(WorkflowCodec.WriteHeader(execution), definition, 7, []);
        var readTask = WorkflowCodec.ReadTask(WorkflowCodec.WriteTask(task, definition), definition);

        Assert.Equal(Shown(execution), Shown(read));
        Assert.Equal(Shown(task), Shown(readTask));
        Assert.Same(definition.Tasks[0], readTask.Task);
        Assert.All(typeof(TaskExecution).GetProperties().Where(property => property.CanWrite), property => Assert.NotEqual(Default(property.PropertyType), property.GetValue(task)));
        Assert.All(
            typeof(WorkflowExecution).GetProperties().Where(property => property is { CanWrite: true, Name: not ("Tasks" or "FailedReferenceTaskNames" or "FailedTaskNames") }), property => Assert.NotEqual(Default(property.PropertyType), property.GetValue(execution)));

        static object? Default(Type type) => type.IsValueType ? Activator.CreateInstance(type) : null;
    }

    private static List<string> Shown(object value) => [.. value.GetType().GetProperties().Where(property => property.CanWrite).Select(property => $"{property.Name}={Shown(property.Name, property.GetValue(value))}")];

    private static string? Shown(string name, object? value) => value switch
    {
        JsonElement json => json.GetRawText(),
        System.Collections.Immutable.ImmutableDictionary<string, SkippedTask> skipped => string.Join(',', skipped.Select(pair => $"{pair.Key}:{pair.Value.Input.GetRawText()}{pair.Value.Output.GetRawText()}")),
        System.Collections.IEnumerable list and not string => string.Join(',', list.Cast<object>()),
        _ => value?.ToString(),
    };
}
