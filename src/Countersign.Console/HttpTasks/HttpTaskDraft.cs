using System.Text.Json.Nodes;

namespace Countersign.Console.HttpTasks;

/// <summary>A task of the type <c>HTTP</c> while a person edits it. What the editor does not know is kept.</summary>
public sealed class HttpTaskDraft
{
    private static readonly string[] Repeatable = ["GET", "HEAD", "PUT", "DELETE", "OPTIONS", "TRACE"];

    private readonly JsonObject _task;

    /// <summary>Begins with a task; it is not changed.</summary>
    public HttpTaskDraft(JsonObject task)
    {
        _task = task.DeepClone().AsObject();
        Name = DefinitionTasks.Text(_task, "name") ?? "http_task";
        Reference = DefinitionTasks.Text(_task, "taskReferenceName") ?? $"{Name}_ref";
        var input = _task["inputParameters"] as JsonObject ?? [];
        // Without http_request, the inputs are the request (workflow contract 8.1).
        Request = new HttpRequestDraft(input["http_request"] as JsonObject ?? (input.ContainsKey("uri") ? input : []));
    }

    /// <summary>A task that asks nothing of anybody yet.</summary>
    public HttpTaskDraft() : this(new JsonObject { ["name"] = "http_task", ["taskReferenceName"] = "http_task_ref", ["type"] = "HTTP" }) => IsNew = true;

    /// <summary>Whether a person began it, so that nobody has said how it is retried.</summary>
    public bool IsNew { get; }

    /// <summary>What the task is called.</summary>
    public string Name { get; set; }

    /// <summary>What expressions call it.</summary>
    public string Reference { get; set; }

    /// <summary>The request.</summary>
    public HttpRequestDraft Request { get; private set; }

    /// <summary>Takes another request in the place of its own.</summary>
    public void Replace(JsonObject request) => Request = new HttpRequestDraft(request);

    /// <summary>The task as a definition has it.</summary>
    public JsonObject ToJson()
    {
        var task = _task.DeepClone().AsObject();
        (task["name"], task["taskReferenceName"], task["type"]) = (Name.Trim(), Reference.Trim(), "HTTP");
        if (task["inputParameters"] is JsonObject given && given.ContainsKey("http_request"))
            given["http_request"] = Request.ToJson();
        else
            task["inputParameters"] = new JsonObject { ["http_request"] = Request.ToJson() };
        // Without a definition of its own a task is neither retried nor timed out (workflow contract 4); as for those that the catalog prepares.
        if (IsNew)
            task["taskDefinition"] = new JsonObject
            {
                ["name"] = Name.Trim(),
                ["retryCount"] = Repeatable.Contains(Request.Method) ? 3 : 0,
                ["retryLogic"] = "EXPONENTIAL_BACKOFF",
                ["retryDelaySeconds"] = 2,
                ["timeoutSeconds"] = 60,
                ["timeoutPolicy"] = "RETRY",
                ["responseTimeoutSeconds"] = 60,
            };
        return task;
    }
}
