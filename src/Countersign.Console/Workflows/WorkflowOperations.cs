using System.Text.Json.Nodes;
using Countersign.Console.Api;

namespace Countersign.Console.Workflows;

/// <summary>What can be asked of <c>/api/metadata</c>.</summary>
internal static class WorkflowOperations
{
    private const string Path = "/api/metadata/workflow";

    /// <summary>The page of a definition.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="version">Which version; null for the highest.</param>
    /// <param name="task">The reference name of the task that is open.</param>
    public static string PageHref(string name, int? version = null, string? task = null)
        => $"workflows/{Uri.EscapeDataString(name)}".WithQuery(("version", version?.ToString()), ("task", task));

    extension(ApiClient api)
    {
        /// <summary>Reads the highest version of every definition.</summary>
        public Task<JsonObject[]> ListDefinitionsAsync(CancellationToken cancellationToken)
            => api.GetAsync<JsonObject[]>($"{Path}/latest-versions", cancellationToken);

        /// <summary>Reads every version of every definition.</summary>
        public Task<JsonArray> ExportDefinitionsAsync(CancellationToken cancellationToken) => api.GetAsync<JsonArray>(Path, cancellationToken);

        /// <summary>Reads the versions that a definition has, the highest first.</summary>
        public async Task<IReadOnlyList<WorkflowVersion>> ListVersionsAsync(string name, CancellationToken cancellationToken)
            => (await api.GetAsync<Dictionary<string, WorkflowVersion[]>>($"{Path}/names-and-versions", cancellationToken)).GetValueOrDefault(name) is { } versions
                ? [.. versions.OrderByDescending(version => version.Version)]
                : [];

        /// <summary>Reads one definition; without a version the highest.</summary>
        public Task<JsonObject> GetDefinitionAsync(string name, int? version, CancellationToken cancellationToken)
            => api.GetAsync<JsonObject>($"{Path}/{Uri.EscapeDataString(name)}".WithQuery(("version", version?.ToString())), cancellationToken);

        /// <summary>Stores a definition under its name and version.</summary>
        public Task SaveDefinitionAsync(JsonObject definition, bool overwrite, CancellationToken cancellationToken)
            => api.PostAsync($"{Path}?overwrite={(overwrite ? "true" : "false")}", definition, cancellationToken);

        /// <summary>Stores several definitions, each for itself.</summary>
        public Task<BulkOutcome> ImportDefinitionsAsync(JsonArray definitions, bool overwrite, CancellationToken cancellationToken)
            => api.PutAsync<JsonArray, BulkOutcome>($"{Path}?overwrite={(overwrite ? "true" : "false")}", definitions, cancellationToken);

        /// <summary>Checks a definition and stores nothing; a rule that it breaks is an error with its place.</summary>
        public Task ValidateDefinitionAsync(JsonObject definition, CancellationToken cancellationToken)
            => api.PostAsync($"{Path}/validate", definition, cancellationToken);

        /// <summary>Deletes one version; executions keep their own copy.</summary>
        public Task DeleteDefinitionAsync(string name, int version, CancellationToken cancellationToken)
            => api.DeleteAsync($"{Path}/{Uri.EscapeDataString(name)}/{version}", cancellationToken);
    }
}
