using System.Text.Json.Nodes;
using Countersign.Identifiers;
using Countersign.Integrations.Secrets;
using Countersign.Server.Errors;
using Countersign.Server.Json;
using Countersign.Server.OpenApi;
using Countersign.Server.Requests;
using Countersign.SystemLog;
using Countersign.Tokens;

namespace Countersign.Server.Secrets;

/// <summary>Environments (workflow contract 18): named sets of variables for test requests; the one called <c>default</c> is also that of executions.</summary>
internal static class EnvironmentEndpoints
{
    private const int MostVariables = 200, LongestVariable = 64, LongestName = 100, MostCharacters = 1024 * 1024;
    private const string TypeInErrors = "Environment", IdPrefix = "env";

    /// <summary>The endpoints.</summary>
    public static void MapEnvironments(this IEndpointRouteBuilder routes)
    {
        var environments = routes.MapGroup("/countersign/v1/environments").WithTags("Environments").InRateLimitGroup("Secrets");
        environments.MapGet("/", ListAsync).WithName("ListEnvironments").RequireScope(ApiScopes.IntegrationsRead).Answers<EnvironmentShape[]>();
        environments.MapPost("/", CreateAsync).WithName("CreateEnvironment").RequireScope(ApiScopes.IntegrationsManage).TakesBody<EnvironmentRequest>().Answers<EnvironmentShape>();
        environments.MapPut("/{environmentId}", ReplaceAsync).WithName("ReplaceEnvironment").RequireScope(ApiScopes.IntegrationsManage).TakesBody<EnvironmentRequest>().Answers<EnvironmentShape>();
        environments.MapDelete("/{environmentId}", DeleteAsync).WithName("DeleteEnvironment").RequireScope(ApiScopes.IntegrationsManage).AnswersNothing();
    }

    /// <summary>Lists the environments, the one of executions first. Values of secret variables are not shown.</summary>
    internal static async Task<IResult> ListAsync(HttpContext http, IEnvironmentStore environments)
        => new JsonResult(new JsonArray([.. (await environments.ListAsync(http.RequestAborted)).Select(Document)]));

    /// <summary>Makes an environment.</summary>
    internal static Task<IResult> CreateAsync(HttpContext http, IEnvironmentStore environments, TimeProvider clock)
        => PutAsync(http, Identifier.New(IdPrefix, clock.GetUtcNow()), environments);

    /// <summary>Replaces an environment with all its variables. A secret variable without a value keeps the one that it has.</summary>
    internal static async Task<IResult> ReplaceAsync(HttpContext http, string environmentId, IEnvironmentStore environments)
        => await environments.FindAsync(environmentId, http.RequestAborted) is null ? NotFound(environmentId) : await PutAsync(http, environmentId, environments);

    /// <summary>Removes an environment; the one of executions stays.</summary>
    internal static async Task<IResult> DeleteAsync(HttpContext http, string environmentId, IEnvironmentStore environments)
        => environmentId == IEnvironmentStore.DefaultId ? ApiErrors.Validation("environment", "environment: the environment of executions cannot be removed").ToResult()
            : await environments.RemoveAsync(environmentId, SecretEndpoints.Event(LogEventTypes.EnvironmentDelete, environmentId, TypeInErrors, http.By()), http.RequestAborted)
                ? NoContentResult.Instance : NotFound(environmentId);

    private static async Task<IResult> PutAsync(HttpContext http, string id, IEnvironmentStore environments)
    {
        if (await http.ReadAsync(ApiJson.Default.EnvironmentRequest) is not { } body) return ApiErrors.NotWellFormed.ToResult();
        if (Check(body) is { } wrong) return wrong.ToResult();
        var environment = new VariableSet(id, body.Name!, [.. body.Variables!.Select(variable => new Variable(variable!.Name!, variable.Value, variable.IsSecret)).OrderBy(variable => variable.Name, StringComparer.Ordinal)]);
        if (!IsWithin(environment)) return ApiErrors.Validation("variables", "variables: they are too long together").ToResult();
        return await environments.PutAsync(environment, SecretEndpoints.Event(LogEventTypes.EnvironmentUpdate, id, TypeInErrors, http.By(), environment.Name), http.RequestAborted)
            ? new JsonResult(Document(environment)) : ApiErrors.Validation("environment", $"There may be {IEnvironmentStore.Most} environments").ToResult();
    }

    private static ApiError? Check(EnvironmentRequest body)
    {
        if (string.IsNullOrWhiteSpace(body.Name)) return ApiErrors.Blank("name");
        if (body.Name.Length > LongestName) return ApiErrors.Validation("name", "name: The field is too long");
        if (body.Variables is null) return ApiErrors.Blank("variables");
        if (body.Variables.Count > MostVariables) return ApiErrors.Validation("variables", $"variables: at most {MostVariables}");
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var variable in body.Variables)
        {
            if (variable?.Name is not { } name || !IsName(name))
                return ApiErrors.Validation("variables", $"variables: a name must be 1 to {LongestVariable} letters, digits, _ . -");
            if (!names.Add(name)) return ApiErrors.Validation("variables", "variables: a name may be given once");
            if (variable.Value is null && !variable.IsSecret) return ApiErrors.Validation("variables", "variables: a value is missing");
            if (variable.Value is { } value && !SecretEndpoints.IsWithin(value)) return ApiErrors.Validation("variables", "variables: a value is too long");
        }
        return null;
    }

    /// <summary>Whether an environment has few and short enough variables.</summary>
    internal static bool IsWithin(VariableSet environment)
        => environment.Variables.Count <= MostVariables && environment.Variables.Sum(variable => (variable.Value?.Length ?? 0) + variable.Name.Length) <= MostCharacters;

    /// <summary>Whether a text can be the name of a variable.</summary>
    internal static bool IsName(string name)
        => name.Length is > 0 and <= LongestVariable && name.All(character => char.IsAsciiLetterOrDigit(character) || character is '_' or '.' or '-');

    private static JsonObject Document(VariableSet environment) => new()
    {
        ["id"] = environment.Id,
        ["name"] = environment.Name,
        ["variables"] = new JsonArray([.. environment.Variables.Select(variable =>
        {
            var shown = new JsonObject { ["name"] = variable.Name };
            if (!variable.IsSecret) shown["value"] = variable.Value;
            shown["isSecret"] = variable.IsSecret;
            return shown;
        })]),
    };

    private static ErrorResult NotFound(string id) => ApiErrors.NotFound(id, TypeInErrors).ToResult();
}
