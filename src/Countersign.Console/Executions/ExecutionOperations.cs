using System.Text.Json.Nodes;
using Countersign.Console.Api;

namespace Countersign.Console.Executions;

/// <summary>What can be asked of <c>/api/workflow</c> and <c>/api/tasks</c>, of this server or of another one through it.</summary>
internal static class ExecutionOperations
{
    /// <summary>The page of an execution.</summary>
    public static string PageHref(string id, string? runner = null) => $"executions/{id}".WithQuery(("runner", Runner.IsThisServer(runner) ? null : runner));

    extension(ApiClient api)
    {
        /// <summary>Looks for executions.</summary>
        public Task<ExecutionsFound> SearchExecutionsAsync(string path, CancellationToken cancellationToken) => api.GetAsync<ExecutionsFound>(path, cancellationToken);

        /// <summary>Reads an execution; without its tasks it is quick to read and says whether anything changed.</summary>
        public Task<Execution> GetExecutionAsync(string? runner, string id, bool tasks, CancellationToken cancellationToken)
            => api.GetAsync<Execution>($"{Path(runner, id)}?includeTasks={(tasks ? "true" : "false")}", cancellationToken);

        /// <summary>Starts an execution and answers its id.</summary>
        public Task<string> StartExecutionAsync(string? runner, StartRequest start, CancellationToken cancellationToken)
            => api.PostForTextAsync($"{Runner.Prefix(runner)}/api/workflow", start, cancellationToken);

        /// <summary>Gives an execution a command.</summary>
        public Task RunAsync(ExecutionCommand command, string? runner, string id, CancellationToken cancellationToken) => command.Method switch
        {
            "PUT" => api.PutAsync(Path(runner, id) + command.Path, cancellationToken),
            "DELETE" => api.DeleteAsync(Path(runner, id) + command.Path, cancellationToken),
            _ => api.PostAsync(Path(runner, id) + command.Path, cancellationToken),
        };

        /// <summary>Runs an ended execution again from one of its tasks.</summary>
        public Task RerunFromAsync(string? runner, string id, string taskId, JsonObject? input, CancellationToken cancellationToken)
        {
            var request = new JsonObject { ["reRunFromTaskId"] = taskId };
            if (input is not null)
                request["taskInput"] = input;
            return api.PostForTextAsync($"{Path(runner, id)}/rerun", request, cancellationToken);
        }

        /// <summary>Has a task that was not yet scheduled passed over.</summary>
        public Task SkipAsync(string? runner, string id, string reference, JsonObject output, CancellationToken cancellationToken)
            => api.PutAsync($"{Path(runner, id)}/skiptask/{Uri.EscapeDataString(reference)}", new JsonObject { ["taskOutput"] = output }, cancellationToken);

        /// <summary>Ends an open task from outside.</summary>
        /// <param name="id">The execution.</param>
        /// <param name="reference">The task's reference name, in a loop with its number.</param>
        /// <param name="status"><c>COMPLETED</c> or <c>FAILED</c>.</param>
        /// <param name="output">What it came to.</param>
        /// <param name="cancellationToken">Gives up.</param>
        public Task AnswerTaskAsync(string id, string reference, string status, JsonObject output, CancellationToken cancellationToken)
            => api.PostForTextAsync($"/api/tasks/{id}/{Uri.EscapeDataString(reference)}/{status}", output, cancellationToken);

        /// <summary>Reads what a task has written.</summary>
        public Task<TaskLog[]> GetTaskLogAsync(string taskId, CancellationToken cancellationToken) => api.GetAsync<TaskLog[]>($"/api/tasks/{taskId}/log", cancellationToken);

        /// <summary>Reads who carries executions out, this server first.</summary>
        public Task<Runner[]> ListRunnersAsync(CancellationToken cancellationToken) => api.GetAsync<Runner[]>("/countersign/v1/runners", cancellationToken);

        /// <summary>Publishes a definition to another server, or says what that would change.</summary>
        public Task<Publication> PublishAsync(string runner, PublishRequest request, CancellationToken cancellationToken)
            => api.PostAsync<PublishRequest, Publication>($"{Runner.Prefix(runner)}/publish", request, cancellationToken);
    }

    private static string Path(string? runner, string id) => $"{Runner.Prefix(runner)}/api/workflow/{Uri.EscapeDataString(id)}";
}
