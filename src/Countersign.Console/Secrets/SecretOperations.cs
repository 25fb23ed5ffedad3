using Countersign.Console.Api;

namespace Countersign.Console.Secrets;

/// <summary>What can be asked of <c>/countersign/v1/secrets</c> and <c>/countersign/v1/environments</c>.</summary>
internal static class SecretOperations
{
    private const string Secrets = "/countersign/v1/secrets", Environments = "/countersign/v1/environments";
    private const int PageSize = 100;

    /// <summary>Path of the first secrets.</summary>
    public static string SecretsPath { get; } = Secrets.WithQuery(("limit", PageSize.ToString()));

    /// <summary>Whether a secret or variable may be called so.</summary>
    public static bool IsName(string? name) => name is { Length: >= 1 and <= 64 } && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '_');

    extension(ApiClient api)
    {
        /// <summary>Reads one page of secrets, without their values.</summary>
        public Task<Page<Secret>> ListSecretsAsync(string path, CancellationToken cancellationToken) => api.GetPageAsync<Secret>(path, cancellationToken);

        /// <summary>Writes a secret, in place of the one of that name if there is one.</summary>
        public Task WriteSecretAsync(string name, string value, CancellationToken cancellationToken)
            => api.PutAsync($"{Secrets}/{Uri.EscapeDataString(name)}", new SecretValue(value), cancellationToken);

        /// <summary>Deletes a secret.</summary>
        public Task DeleteSecretAsync(string name, CancellationToken cancellationToken) => api.DeleteAsync($"{Secrets}/{Uri.EscapeDataString(name)}", cancellationToken);

        /// <summary>Reads all environments, <c>default</c> first.</summary>
        public Task<VariableSet[]> ListEnvironmentsAsync(CancellationToken cancellationToken) => api.GetAsync<VariableSet[]>(Environments, cancellationToken);

        /// <summary>Makes an environment, or replaces the one of that id.</summary>
        public Task<VariableSet> SaveEnvironmentAsync(VariableSet environment, CancellationToken cancellationToken) => environment.Id is { } id
            ? api.PutAsync<VariableSet, VariableSet>($"{Environments}/{Uri.EscapeDataString(id)}", environment with { Id = null }, cancellationToken)
            : api.PostAsync<VariableSet, VariableSet>(Environments, environment, cancellationToken);

        /// <summary>Deletes an environment.</summary>
        public Task DeleteEnvironmentAsync(string id, CancellationToken cancellationToken) => api.DeleteAsync($"{Environments}/{Uri.EscapeDataString(id)}", cancellationToken);
    }
}
