using System.Collections.Frozen;
using System.Text.Json.Nodes;
using MudBlazor;

namespace Countersign.Console.Workflows;

/// <summary>How a field of a task is filled in.</summary>
internal enum FieldKind
{
    /// <summary>A line of text, expressions included.</summary>
    Text,

    /// <summary>A whole number; or an expression, where the member is an input.</summary>
    Number,

    /// <summary>Yes or no.</summary>
    Flag,

    /// <summary>One of <see cref="TaskField.Words"/>.</summary>
    Word,

    /// <summary>A script.</summary>
    Script,

    /// <summary>Any JSON.</summary>
    Json,

    /// <summary>A list of texts, one a line.</summary>
    Lines,
}

/// <summary>One field of a task's form.</summary>
/// <param name="Label">What it is called.</param>
/// <param name="Path">The names that lead to it below the task.</param>
/// <param name="Kind">How it is filled in.</param>
/// <param name="Help">What it means; empty when its name says it.</param>
internal sealed record TaskField(string Label, string[] Path, FieldKind Kind = FieldKind.Text, string Help = "")
{
    /// <summary>What there is to choose from; the first is what counts when nothing stands there.</summary>
    public string[] Words { get; init; } = [];
}

/// <summary>A type of task as the editor knows it.</summary>
/// <param name="Name">The contract's word.</param>
/// <param name="Icon">Its picture.</param>
/// <param name="Description">What it does, in a few words.</param>
/// <param name="Fields">Its own fields.</param>
internal sealed record TaskType(string Name, string Icon, string Description, params TaskField[] Fields)
{
    private const string Language = "How the expression is read.";

    private static readonly string[] Verbs = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];

    /// <summary>All that the editor knows, in the order in which they are offered.</summary>
    public static readonly IReadOnlyList<TaskType> All =
    [
        new("HTTP", Icons.Material.Outlined.Http, "Calls an API",
            new TaskField("URL", ["inputParameters", "http_request", "uri"]),
            new TaskField("Method", ["inputParameters", "http_request", "method"], FieldKind.Word) { Words = Verbs }),
        new("COUNTERSIGN_VERIFY", Icons.Material.Outlined.Fingerprint, "Verifies a user's factor and waits for the answer",
            new TaskField("User", ["inputParameters", "userId"], Help: "Id or login, mostly an expression."),
            new TaskField("Factor id", ["inputParameters", "factorId"], Help: "Or the type of factor, below."),
            new TaskField("Factor type", ["inputParameters", "factorType"], Help: "As token:software:totp, sms, push."),
            new TaskField("Passcode", ["inputParameters", "passCode"], Help: "Verified at once. Without one the task challenges and waits."),
            new TaskField("Time limit, seconds", ["inputParameters", "timeoutSeconds"], FieldKind.Number, "300 when empty."),
            new TaskField("Attempts", ["inputParameters", "maxAttempts"], FieldKind.Number, "3 when empty.")),
        new("SIMPLE", Icons.Material.Outlined.Engineering, "Waits for a worker of yours"),
        new("SWITCH", Icons.Material.Outlined.AltRoute, "Goes one of several ways",
            new TaskField("Evaluator", ["evaluatorType"], FieldKind.Word, Language) { Words = ["value-param", "javascript", "graaljs"] },
            new TaskField("Expression", ["expression"], FieldKind.Script, "With value-param the name of an input; otherwise a script, with the input as $. The result names the case.")),
        new("FORK_JOIN", Icons.Material.Outlined.CallSplit, "Does several things at once; a JOIN must follow"),
        new("JOIN", Icons.Material.Outlined.CallMerge, "Waits for branches",
            new TaskField("Waits for", ["joinOn"], FieldKind.Lines, "Reference names, one a line.")),
        new("DO_WHILE", Icons.Material.Outlined.Loop, "Repeats",
            new TaskField("Goes on while", ["loopCondition"], FieldKind.Script, "A script: $ has the inputs and, by reference name, the outputs; $.loop_ref['iteration'] counts from 1."),
            new TaskField("Once for each of", ["items"], FieldKind.Json, "A list, or an expression that gives one; in place of the condition or beside it.")),
        new("WAIT", Icons.Material.Outlined.HourglassEmpty, "Waits for a time or a signal",
            new TaskField("For", ["inputParameters", "duration"], Help: "As 2 days 3h or 90 s."),
            new TaskField("Until", ["inputParameters", "until"], Help: "As 2026-12-24 18:00, in UTC. Neither: until somebody completes the task.")),
        new("HUMAN", Icons.Material.Outlined.Person, "Waits for a person"),
        new("INLINE", Icons.Material.Outlined.DataObject, "Runs a script",
            new TaskField("Evaluator", ["inputParameters", "evaluatorType"], FieldKind.Word, Language) { Words = ["javascript", "graaljs"] },
            new TaskField("Script", ["inputParameters", "expression"], FieldKind.Script, "The input is $, as in (function () { return $.a + $.b; })().")),
        new("SET_VARIABLE", Icons.Material.Outlined.Edit, "Sets variables: every input becomes one"),
        new("SUB_WORKFLOW", Icons.Material.Outlined.AccountTree, "Runs another workflow and waits for it",
            new TaskField("Workflow", ["subWorkflowParam", "name"]),
            new TaskField("Version", ["subWorkflowParam", "version"], FieldKind.Number, "The highest when empty.")),
        new("START_WORKFLOW", Icons.Material.Outlined.PlayCircle, "Starts another workflow and goes on",
            new TaskField("Workflow", ["inputParameters", "startWorkflow", "name"]),
            new TaskField("Version", ["inputParameters", "startWorkflow", "version"], FieldKind.Number, "The highest when empty."),
            new TaskField("Its input", ["inputParameters", "startWorkflow", "input"], FieldKind.Json)),
        new("HTTP_POLL", Icons.Material.Outlined.Sync, "Calls an API until its answer says stop",
            new TaskField("URL", ["inputParameters", "http_request", "uri"]),
            new TaskField("Method", ["inputParameters", "http_request", "method"], FieldKind.Word) { Words = Verbs },
            new TaskField("Stops when", ["inputParameters", "terminationCondition"], FieldKind.Script, "A script over $.output and $.input; -1 fails the task."),
            new TaskField("Every, seconds", ["inputParameters", "pollingInterval"], FieldKind.Number, "60 when empty."),
            new TaskField("Pauses", ["inputParameters", "pollingStrategy"], FieldKind.Word) { Words = ["FIXED", "LINEAR_BACKOFF", "EXPONENTIAL_BACKOFF"] },
            new TaskField("Polls at most", ["inputParameters", "maxPollCount"], FieldKind.Number, "1000 when empty.")),
        new("FORK_JOIN_DYNAMIC", Icons.Material.Outlined.CallSplit, "Branches from data; a JOIN must follow",
            new TaskField("Input with the tasks", ["dynamicForkTasksParam"]),
            new TaskField("Input with their inputs", ["dynamicForkTasksInputParamName"])),
        new("DYNAMIC", Icons.Material.Outlined.Shuffle, "A task whose name comes from data",
            new TaskField("Input with the name", ["dynamicTaskNameParam"])),
        new("JSON_JQ_TRANSFORM", Icons.Material.Outlined.Transform, "Reshapes JSON by a jq program",
            new TaskField("Program", ["inputParameters", "queryExpression"])),
        new("EVENT", Icons.Material.Outlined.Campaign, "Sends an event",
            new TaskField("Sink", ["sink"])),
        new("TERMINATE", Icons.Material.Outlined.StopCircle, "Ends the execution",
            new TaskField("As", ["inputParameters", "terminationStatus"], FieldKind.Word) { Words = ["COMPLETED", "FAILED", "TERMINATED"] },
            new TaskField("Reason", ["inputParameters", "terminationReason"]),
            new TaskField("Output", ["inputParameters", "workflowOutput"], FieldKind.Json)),
        new("NOOP", Icons.Material.Outlined.RadioButtonUnchecked, "Does nothing"),
    ];

    private static readonly FrozenDictionary<string, TaskType> ByName = All.ToFrozenDictionary(type => type.Name, StringComparer.Ordinal);

    /// <summary>The type of that name; for a word that the editor does not know, one without fields.</summary>
    public static TaskType Of(string name)
        => ByName.GetValueOrDefault(name) ?? new TaskType(name, Icons.Material.Outlined.HelpOutline, "A type that this editor does not know; it is kept as it is");

    /// <summary>A task of this type as one begins with it, of a name that is not taken.</summary>
    public JsonObject Begin(HashSet<string> taken)
    {
        var name = TaskEditing.Unique(taken, Name.ToLowerInvariant());
        var task = new JsonObject { ["name"] = name, ["taskReferenceName"] = name, ["type"] = Name, ["inputParameters"] = new JsonObject() };
        switch (Name)
        {
            case "HTTP" or "HTTP_POLL":
                task["inputParameters"] = new JsonObject { ["http_request"] = new JsonObject { ["uri"] = "https://", ["method"] = "GET" } };
                break;
            case "SWITCH":
                task["inputParameters"] = new JsonObject { ["value"] = "${workflow.input.value}" };
                (task["evaluatorType"], task["expression"]) = ("value-param", "value");
                task["decisionCases"] = new JsonObject { ["yes"] = new JsonArray(Of("NOOP").Begin(taken)) };
                task["defaultCase"] = new JsonArray();
                break;
            case "FORK_JOIN":
                task["forkTasks"] = new JsonArray(new JsonArray(Of("NOOP").Begin(taken)), new JsonArray(Of("NOOP").Begin(taken)));
                break;
            case "JOIN":
                task["joinOn"] = new JsonArray();
                break;
            case "DO_WHILE":
                task["loopCondition"] = $"$.{name}['iteration'] < 3";
                task["loopOver"] = new JsonArray(Of("NOOP").Begin(taken));
                break;
            case "INLINE":
                task["inputParameters"] = new JsonObject { ["evaluatorType"] = "javascript", ["expression"] = "(function () { return 1; })()" };
                break;
            case "SUB_WORKFLOW":
                task["subWorkflowParam"] = new JsonObject { ["name"] = "" };
                break;
            case "TERMINATE":
                task["inputParameters"] = new JsonObject { ["terminationStatus"] = "COMPLETED" };
                break;
            case "COUNTERSIGN_VERIFY":
                task["inputParameters"] = new JsonObject { ["userId"] = "${workflow.input.userId}", ["factorId"] = "${workflow.input.factorId}" };
                break;
        }
        return task;
    }
}
