using System.Text;
using System.Text.RegularExpressions;
using Countersign.Integrations.Secrets;
using Countersign.Server.OpenApi;
using Countersign.Server.Requests;
using Countersign.SystemLog;
using Countersign.Tokens;

namespace Countersign.Server.Workflows;

/// <summary>Secrets and environment variables as clients of the workflow API know them: by key, as bare texts (workflow contract 13, 18).</summary>
internal static partial class StoredValueEndpoints
{
    private const int MostListed = 10_000, MostVariables = 200;

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
    internal static async Task<IResult> ListSecretsAsync(HttpContext http, CancellationToken cancellationToken)
    {
        if (Secrets(http) is not { } secrets) return NotServed();
        var found = await secrets.ListAsync(null, MostListed, cancellationToken);
        return new WrittenJsonResult(writer =>
        {
            writer.WriteStartArray();
            foreach (var secret in found) writer.WriteStringValue(secret.Name);
            writer.WriteEndArray();
        });
    }

    /// <summary>Shows a secret's value, to a token that may do everything.</summary>
    internal static async Task<IResult> GetSecretAsync(HttpContext http, string key)
    {
        if (Secrets(http) is not { } secrets) return NotServed();
        if (!ApiRequest.Of(http).Token!.Scopes.IsEmpty) return new WorkflowErrorResult(StatusCodes.Status403Forbidden, "Only an administrator's token is shown the value of a secret.");
        return await secrets.FindAsync(key, http.RequestAborted) is { } value ? new TextResult(value) : NoSecret(key);
    }

    /// <summary>Tells whether there is a secret of this name.</summary>
    internal static async Task<IResult> HasSecretAsync(HttpContext http, string key)
    {
        if (Secrets(http) is not { } secrets) return NotServed();
        var exists = await secrets.FindAsync(key, http.RequestAborted) is not null;
        return new WrittenJsonResult(writer => writer.WriteBooleanValue(exists));
    }

    /// <summary>Makes or replaces a secret; the body is its value.</summary>
    internal static async Task<IResult> PutSecretAsync(HttpContext http, string key)
    {
        if (Secrets(http) is not { } secrets) return NotServed();
        var (value, error) = await ReadAsync(http, ISecretStore.LongestValue);
        if (error is not null) return error;
        if (!SecretName().IsMatch(key)) return WorkflowErrors.Invalid("The name of a secret has 1 to 64 letters, digits and underscores.");
        await secrets.PutAsync(key, value, Event(http, LogEventTypes.SecretUpdate, key), http.RequestAborted);
        return EmptyResult.Instance;
    }

    /// <summary>Removes a secret.</summary>
    internal static async Task<IResult> RemoveSecretAsync(HttpContext http, string key)
        => Secrets(http) is not { } secrets ? NotServed() : await secrets.RemoveAsync(key, Event(http, LogEventTypes.SecretDelete, key), http.RequestAborted) ? EmptyResult.Instance : NoSecret(key);

    /// <summary>Lists the variables of the environment that executions read; values of secret ones are not shown.</summary>
    internal static async Task<IResult> ListVariablesAsync(HttpContext http, CancellationToken cancellationToken)
    {
        if (Environments(http) is not { } environments) return NotServed();
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
    internal static async Task<IResult> GetVariableAsync(HttpContext http, string key)
    {
        if (Environments(http) is not { } environments) return NotServed();
        var found = (await environments.FindAsync(IEnvironmentStore.DefaultId, http.RequestAborted))?.Variables.FirstOrDefault(variable => variable.Name == key);
        return found is { IsSecret: false, Value: { } value } ? new TextResult(value) : NoVariable(key);
    }

    /// <summary>Makes or replaces a variable of the environment that executions read; the body is its value.</summary>
    internal static async Task<IResult> PutVariableAsync(HttpContext http, string key)
    {
        if (Environments(http) is not { } environments) return NotServed();
        var (value, error) = await ReadAsync(http, ISecretStore.LongestValue);
        if (error is not null) return error;
        if (!VariableName().IsMatch(key)) return WorkflowErrors.Invalid("The name of a variable has 1 to 64 letters, digits, underscores, dots and hyphens.");
        var before = await environments.FindAsync(IEnvironmentStore.DefaultId, http.RequestAborted) ?? new VariableSet(IEnvironmentStore.DefaultId, "Default", []);
        var others = before.Variables.Where(variable => variable.Name != key).Select(Kept).ToList();
        if (others.Count >= MostVariables) return WorkflowErrors.Invalid($"There may be {MostVariables} variables at most.");
        await environments.PutAsync(before with { Variables = [.. others.Append(new Variable(key, value, IsSecret: false)).OrderBy(variable => variable.Name, StringComparer.Ordinal)] }, Event(http, LogEventTypes.EnvironmentUpdate, key), http.RequestAborted);
        return EmptyResult.Instance;
    }

    /// <summary>Removes a variable of the environment that executions read; answers its value.</summary>
    internal static async Task<IResult> RemoveVariableAsync(HttpContext http, string key)
    {
        if (Environments(http) is not { } environments) return NotServed();
        var before = await environments.FindAsync(IEnvironmentStore.DefaultId, http.RequestAborted);
        if (before?.Variables.FirstOrDefault(variable => variable.Name == key) is not { } removed) return NoVariable(key);
        await environments.PutAsync(before with { Variables = [.. before.Variables.Where(variable => variable.Name != key).Select(Kept)] }, Event(http, LogEventTypes.EnvironmentUpdate, key), http.RequestAborted);
        return new TextResult(removed is { IsSecret: false, Value: { } value } ? value : "");
    }

    // A secret variable without a value keeps the one that it has.
    private static Variable Kept(Variable variable) => variable.IsSecret ? variable with { Value = null } : variable;

    private static ISecretStore? Secrets(HttpContext http) => http.RequestServices.GetService<ISecretStore>();

    private static IEnvironmentStore? Environments(HttpContext http) => http.RequestServices.GetService<IEnvironmentStore>();

    private static async ValueTask<(string Value, IResult? Error)> ReadAsync(HttpContext http, int longest)
    {
        var (body, error) = await http.ReadBodyAsync();
        if (error is not null) return ("", error);
        return body.Length > longest ? ("", WorkflowErrors.TooLong(longest)) : (Encoding.UTF8.GetString(body), null);
    }

    private static LogEvent Event(HttpContext http, string eventType, string name) => new()
    {
        EventType = eventType,
        Actor = http.By().Actor,
        Targets = [new LogSubject(name, "Secret", name, name)],
        Request = http.By(),
    };

    private static WorkflowErrorResult NotServed() => WorkflowErrors.NotFound("Not found: this server keeps no secrets.");

    private static WorkflowErrorResult NoSecret(string key) => WorkflowErrors.NotFound($"No such secret: {key} was not found.");

    private static WorkflowErrorResult NoVariable(string key) => WorkflowErrors.NotFound($"No such environment variable: {key} was not found.");

    [GeneratedRegex("^[A-Za-z0-9_]{1,64}$")]
    private static partial Regex SecretName();

    [GeneratedRegex("^[A-Za-z0-9_.-]{1,64}$")]
    private static partial Regex VariableName();
}
