using System.Text.Json.Nodes;
using Countersign.Console.Api;
using Countersign.Console.Catalog;

namespace Countersign.Console.HttpTasks;

/// <summary>What can be asked about HTTP tasks: of the catalog and of <c>/countersign/v1/http-tasks</c>.</summary>
internal static class HttpTaskOperations
{
    private const string Root = "/countersign/v1/http-tasks";

    /// <summary>The console's page that edits an HTTP task.</summary>
    /// <param name="operation">The operation of the catalog that prepares it.</param>
    /// <param name="definition">The workflow definition that it is for.</param>
    /// <param name="version">That definition's version; null for the highest.</param>
    /// <param name="task">The reference name of the task in it that is edited.</param>
    /// <param name="test">The test request that it begins with.</param>
    public static string PageHref(string? operation = null, string? definition = null, int? version = null, string? task = null, string? test = null)
        => "http-task".WithQuery(("operation", operation), ("definition", definition), ("version", version?.ToString()), ("task", task), ("test", test));

    extension(ApiClient api)
    {
        /// <summary>Prepares a task from an operation of the catalog.</summary>
        public Task<PreparedTask> PrepareTaskAsync(string operation, TaskPreparation preparation, CancellationToken cancellationToken)
            => api.PostAsync<TaskPreparation, PreparedTask>($"{CatalogOperations.OperationPath(operation)}/http-task", preparation, cancellationToken);

        /// <summary>Reads a command of cURL.</summary>
        public Task<ReadRequest> ReadCurlAsync(string command, CancellationToken cancellationToken)
            => api.PostAsync<CurlCommand, ReadRequest>($"{Root}/from-curl", new CurlCommand(command), cancellationToken);

        /// <summary>Writes a request in another notation.</summary>
        public Task<ExportedRequest> ExportRequestAsync(JsonObject request, string format, CancellationToken cancellationToken)
            => api.PostAsync<RequestExport, ExportedRequest>($"{Root}/export", new RequestExport(request, format), cancellationToken);
    }
}
