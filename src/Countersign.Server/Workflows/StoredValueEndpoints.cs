using System.Text;
using Countersign.Integrations.Secrets;
using Countersign.Server.OpenApi;
using Countersign.Server.Requests;
using Countersign.Server.Secrets;
using Countersign.SystemLog;
using Countersign.Tokens;

namespace Countersign.Server.Workflows;

/// <summary>Secrets and environment variables as clients of the workflow API know them: by key, as bare texts (workflow contract 13, 18).</summary>
internal static class StoredValueEndpoints
{
    public static void MapStoredValues(this IEndpointRouteBuilder routes)
    {
        var secrets = routes.MapWorkflowGroup("/api/secrets", "Workflow secrets");
        secrets.MapGet("/", ListSecretsAsync).WithName("ListSecretNames").RequireScope(ApiScopes.IntegrationsRead).Answers<string[]>();
        secrets.MapPost("/", ListSecretsAsync).WithName("ListSecretNamesByPost").RequireScope(ApiScopes.IntegrationsRead).Answers<string[]>();
        secrets.MapGet("/{key}", GetSecretAsync).WithName("GetSecret").RequireScope(ApiScopes.IntegrationsManage).AnswersText();
        secrets.MapGet("/{key}/exists", HasSecretAsync).WithName("HasSecret").RequireScope(ApiScopes.IntegrationsRead).AnswersJson();
        secrets.MapPut("/{key}", PutSecretAsync).WithName("PutSecretText").RequireScope(ApiScopes.IntegrationsManage).TakesBody<string>().AnswersEmpty();
        secrets.MapDelete("/{key}", RemoveSecretAsync).WithName("RemoveSecret").RequireScope(ApiScopes.IntegrationsManage).AnswersEmpty();
        var environment = routes.MapWorkflowGroup("/api/environment", "Workflow environment");
        environment.MapGet("/", ListVariablesAsync).WithName("ListEnvironmentVariables").RequireScope(ApiScopes.IntegrationsRead).AnswersList();
        environment.MapGet("/{key}", GetVariableAsync).WithName("GetEnvironmentVariable").RequireScope(ApiScopes.IntegrationsRead).AnswersText();
        environment.MapPut("/{key}", PutVariableAsync).WithName("PutEnvironmentVariable").RequireScope(ApiScopes.IntegrationsManage).TakesBody<string>().AnswersEmpty();
        environment.MapDelete("/{key}", RemoveVariableAsync).WithName("RemoveEnvironmentVariable").RequireScope(ApiScopes.IntegrationsManage).AnswersText();
    }

    /// <summary>Lists the names of the secrets.</summary>
    internal static async Task<IResult> ListSecretsAsync(ISecretStore secrets, CancellationToken cancellationToken)
    {
        var found = await secrets.ListAsync(null, ISecretStore.Most, cancellationToken);
        return new WrittenJsonResult(writer =>
        {
            writer.WriteStartArray();
            foreach (var secret in found) writer.WriteStringValue(secret.Name);
            writer.WriteEndArray();
        });
    }

    /// <summary>Shows a secret's value, to a token that may do everything.</summary>
    internal static async Task<IResult> GetSecretAsync(HttpContext http, string key, ISecretStore secrets)
    {
        if (!ApiRequest.Of(http).Token!.Scopes.IsEmpty) return new WorkflowErrorResult(StatusCodes.Status403Forbidden, "Only an administrator's token is shown the value of a secret.");
        return await secrets.FindAsync(key, http.RequestAborted) is { } value ? new TextResult(value) : NoSecret(key);
    }

    /// <summary>Tells whether there is a secret of this name.</summary>
    internal static async Task<IResult> HasSecretAsync(HttpContext http, string key, ISecretStore secrets)
    {
        var exists = await secrets.FindAsync(key, http.RequestAborted) is not null;
        return new WrittenJsonResult(writer => writer.WriteBooleanValue(exists));
    }

    /// <summary>Makes or replaces a secret; the body is its value.</summary>
    internal static async Task<IResult> PutSecretAsync(HttpContext http, string key, ISecretStore secrets)
    {
        var (value, error) = await ReadAsync(http, ISecretStore.LongestValue);
        if (error is not null) return error;
        if (!SecretEndpoints.IsName(key)) return WorkflowErrors.Invalid("The name of a secret has 1 to 64 letters, digits and underscores.");
        if (value.Length == 0) return WorkflowErrors.Invalid("The body is the secret's value: it must not be empty.");
        if (!await secrets.PutAsync(key, value, SecretEndpoints.Event(LogEventTypes.SecretUpdate, key, "Secret", http.By()), http.RequestAborted))
            return WorkflowErrors.Invalid($"There may be {ISecretStore.Most} secrets.");
        return EmptyResult.Instance;
    }

    /// <summary>Removes a secret.</summary>
    internal static async Task<IResult> RemoveSecretAsync(HttpContext http, string key, ISecretStore secrets)
        => await secrets.RemoveAsync(key, SecretEndpoints.Event(LogEventTypes.SecretDelete, key, "Secret", http.By()), http.RequestAborted) ? EmptyResult.Instance : NoSecret(key);

    /// <summary>Lists the variables of the environment that executions read; values of secret ones are not shown.</summary>
    internal static async Task<IResult> ListVariablesAsync(IEnvironmentStore environments, CancellationToken cancellationToken)
    {
        var variables = (await environments.FindAsync(IEnvironmentStore.DefaultId, cancellationToken))?.Variables ?? [];
        return new WrittenJsonResult(writer =>
        {
            writer.WriteStartArray();
            foreach (var variable in variables)
            {
                writer.WriteStartObject();
                writer.WriteString("name"u8, variable.Name);
                writer.WriteString("value"u8, variable.IsSecret ? "***" : variable.Value);
                writer.WriteEndObject();
            }
            writer.WriteEndArray();
        });
    }

    /// <summary>Shows a variable of the environment that executions read.</summary>
    internal static async Task<IResult> GetVariableAsync(HttpContext http, string key, IEnvironmentStore environments)
    {
        var found = (await environments.FindAsync(IEnvironmentStore.DefaultId, http.RequestAborted))?.PlainValueOf(key);
        return found is { } value ? new TextResult(value) : NoVariable(key);
    }

    /// <summary>Makes or replaces a variable of the environment that executions read; the body is its value.</summary>
    internal static async Task<IResult> PutVariableAsync(HttpContext http, string key, IEnvironmentStore environments)
    {
        var (value, error) = await ReadAsync(http, ISecretStore.LongestValue);
        if (error is not null) return error;
        if (!EnvironmentEndpoints.IsName(key)) return WorkflowErrors.Invalid("The name of a variable has 1 to 64 letters, digits, underscores, dots and hyphens.");
        return await environments.ChangeAsync(IEnvironmentStore.DefaultId, before => With(before, new Variable(key, value, IsSecret: false)), Event(http), http.RequestAborted) is null
            ? WorkflowErrors.Invalid("The environment would have too many variables, or they would be too long together.") : EmptyResult.Instance;
    }

    /// <summary>Removes a variable of the environment that executions read; answers its value.</summary>
    internal static async Task<IResult> RemoveVariableAsync(HttpContext http, string key, IEnvironmentStore environments)
    {
        var before = await environments.ChangeAsync(IEnvironmentStore.DefaultId, before => before.Find(key) is null ? null : Without(before, key), Event(http), http.RequestAborted);
        return before?.Find(key) is { } removed ? new TextResult(removed is { IsSecret: false, Value: { } value } ? value : "") : NoVariable(key);
    }

    private static VariableSet? With(VariableSet before, Variable added)
    {
        var without = Without(before, added.Name);
        var after = without with { Variables = [.. without.Variables.Append(added).OrderBy(variable => variable.Name, StringComparer.Ordinal)] };
        return EnvironmentEndpoints.IsWithin(after) ? after : null;
    }

    private static VariableSet Without(VariableSet before, string name) => before with { Variables = [.. before.Variables.Where(variable => variable.Name != name)] };

    private static LogEvent Event(HttpContext http) => SecretEndpoints.Event(LogEventTypes.EnvironmentUpdate, IEnvironmentStore.DefaultId, "Environment", http.By(), "Default");

    private static async ValueTask<(string Value, IResult? Error)> ReadAsync(HttpContext http, int longest)
    {
        var (body, error) = await http.ReadBodyAsync();
        if (error is not null) return ("", error);
        return body.Length > longest ? ("", WorkflowErrors.TooLong(longest)) : (Encoding.UTF8.GetString(body), null);
    }

    private static WorkflowErrorResult NoSecret(string key) => WorkflowErrors.NotFound($"No such secret: {key} was not found.");

    private static WorkflowErrorResult NoVariable(string key) => WorkflowErrors.NotFound($"No such environment variable: {key} was not found.");
}
