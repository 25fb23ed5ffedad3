namespace Countersign.Console.HttpTasks;

/// <summary>A way to go on with an expression.</summary>
/// <param name="Path">What the expression becomes.</param>
/// <param name="Detail">What it is.</param>
internal readonly record struct Suggestion(string Path, string Detail);

/// <summary>What is wrong with an expression, as far as the console can know.</summary>
/// <param name="Path">The expression's path.</param>
/// <param name="Message">One sentence for a person.</param>
internal readonly record struct ReferenceFault(string Path, string Message);

/// <summary>What the expressions of a task can refer to (workflow contract 5).</summary>
internal sealed class References
{
    /// <summary>The members of <c>workflow</c> that hold one value.</summary>
    private static readonly string[] Execution =
    [
        "workflowId", "workflowType", "version", "correlationId", "status", "parentWorkflowId", "parentWorkflowTaskId", "reasonForIncompletion", "schemaVersion",
    ];

    private static readonly string[] Groups = ["input", "output", "variables", "secrets", "env"];

    private static readonly string[] HttpOutput = ["response.body", "response.statusCode", "response.headers", "response.reasonPhrase"];

    /// <summary>The names of the workflow's inputs.</summary>
    public IReadOnlyList<string> Inputs { get; init; } = [];

    /// <summary>The tasks that have ended before: reference names and types.</summary>
    public IReadOnlyList<(string Reference, string Type)> Tasks { get; init; } = [];

    /// <summary>The names of the secrets; null when they are not known.</summary>
    public IReadOnlyList<string>? Secrets { get; init; }

    /// <summary>The names of the environment's variables; null when they are not known.</summary>
    public IReadOnlyList<string>? Environment { get; init; }

    /// <summary>The first of two parts: <c>workflow.input.userId</c> is an input called <c>userId</c>.</summary>
    public static string? NameUnder(string path, string root)
        => path.StartsWith($"workflow.{root}.", StringComparison.Ordinal) ? FirstName(path[(root.Length + 10)..]) : null;

    /// <summary>The ways to go on, those that begin with what was typed first.</summary>
    public IEnumerable<Suggestion> Suggest(string typed)
    {
        var all = All().ToList();
        return all.Where(suggestion => suggestion.Path.StartsWith(typed, StringComparison.OrdinalIgnoreCase))
            .Concat(all.Where(suggestion => typed.Length > 0 && suggestion.Path.IndexOf(typed, StringComparison.OrdinalIgnoreCase) > 0))
            .Take(50);
    }

    /// <summary>What is wrong with the expressions in a text.</summary>
    public IEnumerable<ReferenceFault> Check(string text)
    {
        if (ExpressionText.IsBroken(text))
            yield return new(text, "An expression begins with ${ and has no } at its end.");
        foreach (var path in ExpressionText.Paths(text).Distinct())
        {
            if (Fault(path) is { } message)
                yield return new(path, message);
        }
    }

    private string? Fault(string path)
    {
        if (path is "" or "CPEWF_TASK_ID")
            return null;
        var root = FirstName(path);
        if (root != "workflow")
            return Tasks.Any(task => task.Reference == root) ? null : $"No earlier task is called {root}.";
        if (NameUnder(path, "secrets") is { } secret)
            return Secrets is null || Secrets.Contains(secret) ? null : $"There is no secret {secret}.";
        if (NameUnder(path, "env") is { } variable)
            return Environment is null || Environment.Contains(variable) ? null : $"The environment has no variable {variable}.";
        var member = path.Length > 9 ? FirstName(path[9..]) : "";
        return Groups.Contains(member) || Execution.Contains(member) ? null : $"A workflow has no {(member is "" ? "value of its own" : member)}.";
    }

    private IEnumerable<Suggestion> All()
    {
        foreach (var input in Inputs)
            yield return new($"workflow.input.{input}", "input");
        foreach (var (reference, type) in Tasks)
        {
            foreach (var output in type is "HTTP" or "HTTP_POLL" ? HttpOutput : [])
                yield return new($"{reference}.output.{output}", type);
            yield return new($"{reference}.output", type);
            yield return new($"{reference}.status", type);
        }

        foreach (var secret in Secrets ?? [])
            yield return new($"workflow.secrets.{secret}", "secret");
        foreach (var variable in Environment ?? [])
            yield return new($"workflow.env.{variable}", "environment");
        foreach (var group in Groups)
            yield return new($"workflow.{group}.", "");
        foreach (var member in Execution)
            yield return new($"workflow.{member}", "execution");
        yield return new("CPEWF_TASK_ID", "the attempt's id");
    }

    // A name runs until a dot, a bracket or the end (workflow contract 5.2).
    private static string FirstName(string path) => path.IndexOfAny(['.', '[', '(']) is >= 0 and var end ? path[..end] : path;
}
