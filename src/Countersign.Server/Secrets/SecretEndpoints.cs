using System.Text;
using System.Text.Json.Nodes;
using Countersign.Integrations.Runs;
using Countersign.Integrations.Secrets;
using Countersign.Requests;
using Countersign.Server.Errors;
using Countersign.Server.Json;
using Countersign.Server.OpenApi;
using Countersign.Server.Requests;
using Countersign.SystemLog;
using Countersign.Tokens;

namespace Countersign.Server.Secrets;

/// <summary>Secrets (workflow contract 18): named, given values, never shown.</summary>
internal static class SecretEndpoints
{
    private const int MostOnPage = 200, MostUses = 20, LongestName = 64;
    private const string TypeInErrors = "Secret";

    /// <summary>The endpoints.</summary>
    public static void MapSecrets(this IEndpointRouteBuilder routes)
    {
        var secrets = routes.MapGroup("/countersign/v1/secrets").WithTags("Secrets").InRateLimitGroup("Secrets");
        secrets.MapGet("/", ListAsync).WithName("ListSecrets").RequireScope(ApiScopes.IntegrationsRead).Answers<SecretShape[]>()
            .TakesNumber("limit", "secrets on a page", 1, MostOnPage, MostOnPage).TakesQuery("after", "where the page before ended");
        secrets.MapPut("/{secretName}", PutAsync).WithName("PutSecret").RequireScope(ApiScopes.IntegrationsManage).TakesBody<PutSecretRequest>().AnswersNothing();
        secrets.MapDelete("/{secretName}", DeleteAsync).WithName("DeleteSecret").RequireScope(ApiScopes.IntegrationsManage).AnswersNothing();
        routes.MapEnvironments();
    }

    /// <summary>Lists the secrets by name, without their values, and the workflow definitions that name each.</summary>
    internal static async Task<IResult> ListAsync(HttpContext http, ISecretStore secrets, IDefinitionStore definitions, PublicUrl publicUrl)
    {
        var after = Query.ReadText(http, "after");
        if (!Query.TryReadLimit(http, MostOnPage, MostOnPage, out var limit) || (after is not null && !IsName(after))) return ApiErrors.InvalidPaging.ToResult();
        var found = await secrets.ListAsync(after, limit + 1, http.RequestAborted);
        var page = found.Take(limit).ToList();
        PageLinks.Write(http, publicUrl.Of(http), limit, found.Count > limit ? page[^1].Name : null);
        var uses = await definitions.FindSecretUsesAsync([.. page.Select(secret => secret.Name)], MostUses, http.RequestAborted);
        return new JsonResult(new JsonArray([.. page.Select(secret => new JsonObject
        {
            ["name"] = secret.Name,
            ["createdAt"] = secret.CreatedAt.ToTimestamp(),
            ["updatedAt"] = secret.UpdatedAt.ToTimestamp(),
            ["usedBy"] = new JsonArray([.. (uses.GetValueOrDefault(secret.Name) ?? []).Select(Named)]),
        })]));
    }

    /// <summary>Makes a secret, or gives it another value.</summary>
    internal static async Task<IResult> PutAsync(HttpContext http, string secretName, ISecretStore secrets)
    {
        if (await http.ReadAsync(ApiJson.Default.PutSecretRequest) is not { } body) return ApiErrors.NotWellFormed.ToResult();
        if (!IsName(secretName)) return ApiErrors.Validation("name", $"name: must be 1 to {LongestName} letters, digits and _").ToResult();
        if (string.IsNullOrEmpty(body.Value)) return ApiErrors.Blank("value").ToResult();
        if (!IsWithin(body.Value)) return ApiErrors.Validation("value", "value: The field is too long").ToResult();
        return await secrets.PutAsync(secretName, body.Value, Event(LogEventTypes.SecretUpdate, secretName, "Secret", http.By()), http.RequestAborted)
            ? NoContentResult.Instance : ApiErrors.Validation("secret", $"There may be {ISecretStore.Most} secrets").ToResult();
    }

    /// <summary>Removes a secret. Tasks that name it fail from then on, and say so.</summary>
    internal static async Task<IResult> DeleteAsync(HttpContext http, string secretName, ISecretStore secrets)
        => await secrets.RemoveAsync(secretName, Event(LogEventTypes.SecretDelete, secretName, "Secret", http.By()), http.RequestAborted)
            ? NoContentResult.Instance : ApiErrors.NotFound(secretName, TypeInErrors).ToResult();

    /// <summary>Whether a value is short enough, in bytes.</summary>
    internal static bool IsWithin(string value) => value.Length <= ISecretStore.LongestValue && Encoding.UTF8.GetByteCount(value) <= ISecretStore.LongestValue;

    /// <summary>The event of a change.</summary>
    internal static LogEvent Event(string eventType, string id, string type, RequestContext by, string? name = null)
        => new() { EventType = eventType, Actor = by.Actor, Targets = [new LogSubject(id, type, "unknown", name ?? id)], Request = by };

    private static JsonNode Named(SecretUse use) => use.Version is { } version ? $"{use.Name}, {version}" : $"{use.Name}, task";

    /// <summary>Whether a text can be the name of a secret.</summary>
    internal static bool IsName(string name) => name.Length is > 0 and <= LongestName && name.All(character => char.IsAsciiLetterOrDigit(character) || character == '_');
}
