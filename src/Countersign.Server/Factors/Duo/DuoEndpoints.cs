using System.Text.Json.Serialization;
using Countersign.Delivery.Duo;
using Countersign.Factors;
using Countersign.Factors.Duo;
using Countersign.Organization;
using Countersign.Server.Errors;
using Countersign.Server.Json;
using Countersign.Server.OpenApi;
using Countersign.Server.Requests;
using Countersign.Server.Users;

namespace Countersign.Server.Factors.Duo;

/// <summary>Takes what a user brings back from Duo's page (contract 9.13): from the application that they came back to, or from their browser itself.</summary>
internal static class DuoEndpoints
{
    public static void MapDuo(this RouteGroupBuilder factors)
    {
        factors.MapPost("/{factorId}/lifecycle/duoCallback", CompleteActivationAsync).WithName("CompleteDuoActivation").RequireScope("okta.users.manage")
            .TakesBody<DuoAnswerRequest>().Answers<FactorShape>();
        factors.MapPost("/{factorId}/verify/duoCallback", CompleteVerificationAsync).WithName("CompleteDuoVerification").RequireScope("okta.users.manage")
            .TakesBody<DuoAnswerRequest>().Answers<VerificationShape>();
    }

    /// <summary>Countersign's own page: no token, for the state is the permission.</summary>
    public static void MapDuoCallback(this IEndpointRouteBuilder routes) => routes.MapGet(DuoSettings.CallbackPath, CallbackAsync).WithoutToken().ExcludeFromDescription();

    /// <summary>Completes the activation of a Duo factor with what Duo's page gave the user.</summary>
    internal static Task<IResult> CompleteActivationAsync(
        HttpContext http, string userId, string factorId, UserResolver users, FactorOperations factors, FactorDocuments documents, IOrganizationStore organizations)
        => CompleteAsync(http, userId, factorId, FactorStatus.PendingActivation, users, factors, documents, organizations);

    /// <summary>Completes a challenge of a Duo factor with what Duo's page gave the user.</summary>
    internal static Task<IResult> CompleteVerificationAsync(
        HttpContext http, string userId, string factorId, UserResolver users, FactorOperations factors, FactorDocuments documents, IOrganizationStore organizations)
        => CompleteAsync(http, userId, factorId, FactorStatus.Active, users, factors, documents, organizations);

    /// <summary>A page for the user who comes back from Duo's.</summary>
    internal static async Task<IResult> CallbackAsync(HttpContext http, DuoCallback callback)
    {
        var (state, code, error) = (Query.ReadText(http, "state"), Query.ReadText(http, "duo_code"), Query.ReadText(http, "error"));
        if (state is null || (code is null && error is null)) return DuoPage.Failed(StatusCodes.Status400BadRequest);
        // State and code are not for the log.
        var by = http.By() with { Uri = DuoSettings.CallbackPath };
        return await callback.CompleteAsync(new RedirectAnswer(state, code), by, http.RequestAborted) switch
        {
            FactorOutcome.Shown or FactorOutcome.Verified { Verification.Result: FactorResult.Success } => DuoPage.Done,
            FactorOutcome.Refused refused => DuoPage.Failed(ApiErrors.Of(refused.Refusal, "", null, refused.RetryAt).Status),
            _ => DuoPage.Failed(StatusCodes.Status403Forbidden),
        };
    }

    private static async Task<IResult> CompleteAsync(
        HttpContext http, string userId, string factorId, FactorStatus status, UserResolver users, FactorOperations factors, FactorDocuments documents,
        IOrganizationStore organizations)
    {
        if (await http.ReadAsync(ApiJson.Default.DuoAnswerRequest) is not { } body) return ApiErrors.NotWellFormed.ToResult();
        if (string.IsNullOrEmpty(body.State)) return ApiErrors.Blank("state").ToResult();
        if (string.IsNullOrEmpty(body.DuoCode)) return ApiErrors.Blank("duo_code").ToResult();
        if (await users.ResolveAsync(http, userId) is not { } user) return ApiErrors.NotFound(userId, "User").ToResult();
        var outcome = await factors.CompleteAsync(user, new FactorId(factorId), new RedirectAnswer(body.State, body.DuoCode), status, http.By(), http.RequestAborted);
        return await FactorEndpoints.RenderAsync(http, outcome, userId, factorId, documents, organizations);
    }
}

/// <summary>What Duo's page gave the user, as the address says that they came back to.</summary>
internal sealed record DuoAnswerRequest
{
    /// <summary>The address's <c>state</c>.</summary>
    public string? State { get; init; }
    /// <summary>The address's <c>duo_code</c>.</summary>
    [JsonPropertyName("duo_code")]
    public string? DuoCode { get; init; }
}
