using System.Text.Json.Nodes;
using Countersign.Factors;
using Countersign.Organization;
using Countersign.Server.Errors;
using Countersign.Server.Factors.Duo;
using Countersign.Server.Factors.Push;
using Countersign.Server.Json;
using Countersign.Server.OpenApi;
using Countersign.Server.Requests;
using Countersign.Server.Users;
using Countersign.Server.Waiting;
using QRCoder;

namespace Countersign.Server.Factors;

/// <summary>The operations on a user's factors (contract 8).</summary>
internal static class FactorEndpoints
{
    public static void MapFactors(this IEndpointRouteBuilder routes)
    {
        var factors = routes.MapGroup("/api/v1/users/{userId}/factors").WithTags("Factors").InRateLimitGroup("Factors");
        factors.MapGet("/", ListAsync).WithName("ListFactors").RequireScope("okta.users.read").Answers<FactorShape[]>();
        factors.MapGet("/catalog", CatalogAsync).WithName("ListSupportedFactors").RequireScope("okta.users.read").Answers<CatalogFactorShape[]>();
        factors.MapGet("/questions", QuestionsAsync).WithName("ListSupportedSecurityQuestions").RequireScope(null).Answers<QuestionShape[]>();
        factors.MapPost("/", EnrollAsync).WithName("EnrollFactor").RequireScope("okta.users.manage").TakesBody<EnrollFactorRequest>().Answers<FactorShape>()
            .TakesFlag("activate", "Makes the factor active at once, without a code (`sms`, `call`, `email`, `token:hotp`).")
            .TakesFlag("updatePhone", "Replaces the user's verified phone number (`sms`, `call`).")
            .TakesTemplateId().TakesTokenLifetime().TakesLanguage();
        factors.MapGet("/{factorId}", GetAsync).WithName("GetFactor").RequireScope("okta.users.read").Answers<FactorShape>();
        factors.MapPut("/{factorId}", UpdateAsync).WithName("UpdateFactor").RequireScope("okta.users.manage").TakesBody<EnrollFactorRequest>().Answers<FactorShape>();
        factors.MapPost("/{factorId}", UpdateAsync).RequireScope("okta.users.manage").ExcludeFromDescription();
        factors.MapDelete("/{factorId}", UnenrollAsync).WithName("UnenrollFactor").RequireScope("okta.users.manage").AnswersNothing()
            .TakesFlag("removeRecoveryEnrollment", "Forgets the factor's phone number too (`sms`, `call`).");
        factors.MapPost("/{factorId}/lifecycle/activate", ActivateAsync).WithName("ActivateFactor").RequireScope("okta.users.manage")
            .TakesBody<VerifyFactorRequest>().Answers<FactorShape>().MayWait();
        factors.MapPost("/{factorId}/resend", ResendAsync).WithName("ResendEnrollFactor").RequireScope("okta.users.manage")
            .TakesBody<EnrollFactorRequest>().Answers<FactorShape>().TakesTemplateId().TakesLanguage();
        factors.MapPost("/{factorId}/verify", VerifyAsync).WithName("VerifyFactor").RequireScope("okta.users.manage")
            .TakesBody<VerifyFactorShape>().Answers<VerificationShape>().Answers<VerificationShape>(StatusCodes.Status201Created).TakesVerifyHeaders()
            .TakesQuery("templateId", "The custom text of an SMS (`sms`). With an id that matches no template, and for every other factor type, the default text is sent.")
            .TakesTokenLifetime();
        factors.MapTransactions();
        factors.MapPush();
        factors.MapDuo();
        factors.MapGet("/{factorId}/qr/{token}", QrAsync).WithoutToken().WithName("GetFactorQrCode").Produces<byte[]>(StatusCodes.Status200OK, "image/png");
    }

    private static RouteHandlerBuilder TakesVerifyHeaders(this RouteHandlerBuilder builder) => builder
        .TakesHeader("X-Forwarded-For", "The address of the person's device. It goes to the log and to the device that a `push` asks, when the request comes from a proxy that is trusted; from anybody else it does not count.")
        .TakesContentType("application/json", "What the body is: `application/json`.")
        .TakesHeader("User-Agent", "The person's user agent, as their browser sends it. It goes to the log, and a `push` shows it on the device, so that the person sees who asks.")
        .TakesHeader("Accept-Language", "The language of the SMS (`sms`), for example `fr`. When there is no text in that language, the default text is sent. The product's own texts by `call` and `email` follow it too; other factor types do not look at it.");

    private static RouteHandlerBuilder TakesTemplateId(this RouteHandlerBuilder builder)
        => builder.TakesQuery("templateId", "The custom text of the message (`sms`); with an unknown id the default text is sent.");

    private static RouteHandlerBuilder TakesTokenLifetime(this RouteHandlerBuilder builder)
        => builder.TakesNumber("tokenLifetimeSeconds", "How long the code in the message is good for (`email`).", 1, 86_400, whenAbsent: 300);

    private static RouteHandlerBuilder TakesLanguage(this RouteHandlerBuilder builder)
        => builder.TakesHeader("Accept-Language", "The language of the message (`sms`, `call`, `email`), for example `fr`.");

    /// <summary>Lists a user's enrolled factors, pending ones included.</summary>
    internal static async Task<IResult> ListAsync(
        HttpContext http, string userId, UserResolver users, FactorOperations factors, FactorDocuments documents, IOrganizationStore organizations)
    {
        if (await users.ResolveAsync(http, userId) is not { } user || await factors.ListAsync(user, http.RequestAborted) is not { } found)
            return ApiErrors.NotFound(userId, "User").ToResult();
        var organization = await organizations.GetAsync(http.RequestAborted);
        var urls = documents.Urls(http, user);
        return new JsonResult(new JsonArray([.. found.Factors.Select(factor => documents.Factor(factor, found.User, organization, urls))]));
    }

    /// <summary>Lists the kinds of factor that a user may enroll.</summary>
    internal static async Task<IResult> CatalogAsync(HttpContext http, string userId, UserResolver users, FactorOperations factors, FactorDocuments documents)
        => await users.ResolveAsync(http, userId) is { } user && await factors.CatalogAsync(user, http.RequestAborted) is { } catalog
            ? new JsonResult(new JsonArray([.. catalog.Kinds.Select(entry => FactorDocuments.CatalogEntry(entry.Kind, entry.IsActive, catalog.User, documents.Urls(http, user)))]))
            : ApiErrors.NotFound(userId, "User").ToResult();

    /// <summary>Lists the security questions that a user may choose from.</summary>
    internal static async Task<IResult> QuestionsAsync(HttpContext http, string userId, UserResolver users, FactorOperations factors)
        => await users.ResolveAsync(http, userId) is { } user && await factors.CatalogAsync(user, http.RequestAborted) is not null
            ? new JsonResult(FactorDocuments.Questions())
            : ApiErrors.NotFound(userId, "User").ToResult();

    /// <summary>Enrolls a factor for a user.</summary>
    internal static async Task<IResult> EnrollAsync(
        HttpContext http, string userId, UserResolver users, FactorOperations factors, FactorDocuments documents, IOrganizationStore organizations)
    {
        if (!Query.TryReadBoolean(http, "activate", out var activate)) return ApiErrors.TypeMismatch("activate").ToResult();
        if (!Query.TryReadBoolean(http, "updatePhone", out var updatePhone)) return ApiErrors.TypeMismatch("updatePhone").ToResult();
        if (!MessageQuery.TryRead(http, out var message)) return MessageQuery.Error.ToResult();
        if (await http.ReadAsync(ApiJson.Default.EnrollFactorRequest) is not { } body) return ApiErrors.NotWellFormed.ToResult();
        if (await users.ResolveAsync(http, userId) is not { } user) return ApiErrors.NotFound(userId, "User").ToResult();
        var outcome = await factors.EnrollAsync(user, body.ToRequest(message, activate, updatePhone), http.By(), http.RequestAborted);
        return await RenderAsync(http, outcome, userId, body.FactorProfileId, documents, organizations);
    }

    /// <summary>Shows one factor.</summary>
    internal static async Task<IResult> GetAsync(
        HttpContext http, string userId, string factorId, UserResolver users, FactorOperations factors, FactorDocuments documents, IOrganizationStore organizations)
        => await users.ResolveAsync(http, userId) is not { } user
            ? ApiErrors.NotFound(userId, "User").ToResult()
            : await RenderAsync(http, await factors.GetAsync(user, new FactorId(factorId), http.RequestAborted), userId, factorId, documents, organizations);

    /// <summary>Changes a factor's profile.</summary>
    internal static async Task<IResult> UpdateAsync(
        HttpContext http, string userId, string factorId, UserResolver users, FactorOperations factors, FactorDocuments documents, IOrganizationStore organizations)
    {
        if (await http.ReadAsync(ApiJson.Default.EnrollFactorRequest) is not { } body) return ApiErrors.NotWellFormed.ToResult();
        if (await users.ResolveAsync(http, userId) is not { } user) return ApiErrors.NotFound(userId, "User").ToResult();
        var outcome = await factors.UpdateAsync(user, new FactorId(factorId), body.ToRequest(MessageRequest.Usual), http.By(), http.RequestAborted);
        return await RenderAsync(http, outcome, userId, factorId, documents, organizations);
    }

    /// <summary>Removes a factor.</summary>
    internal static async Task<IResult> UnenrollAsync(
        HttpContext http, string userId, string factorId, UserResolver users, FactorOperations factors, FactorDocuments documents, IOrganizationStore organizations)
    {
        if (!Query.TryReadBoolean(http, "removeRecoveryEnrollment", out var forgetsPhone)) return ApiErrors.TypeMismatch("removeRecoveryEnrollment").ToResult();
        if (await users.ResolveAsync(http, userId) is not { } user) return ApiErrors.NotFound(userId, "User").ToResult();
        var outcome = await factors.UnenrollAsync(user, new FactorId(factorId), forgetsPhone, http.By(), http.RequestAborted);
        return await RenderAsync(http, outcome, userId, factorId, documents, organizations);
    }

    /// <summary>Activates a pending factor.</summary>
    internal static async Task<IResult> ActivateAsync(
        HttpContext http, string userId, string factorId, UserResolver users, FactorOperations factors, WaitingRequests waiting, FactorDocuments documents, IOrganizationStore organizations)
    {
        if (await http.ReadAsync(ApiJson.Default.VerifyFactorRequest) is not { } body) return ApiErrors.NotWellFormed.ToResult();
        if (await users.ResolveAsync(http, userId) is not { } user) return ApiErrors.NotFound(userId, "User").ToResult();
        var (factor, request, by) = (new FactorId(factorId), body.ToRequest(MessageRequest.Usual), http.By());
        var outcome = await waiting.LookAsync(http, user, seen => seen is null
            ? factors.ActivateAsync(user, factor, request, by, http.RequestAborted)
            : factors.PollActivationAsync(user, factor, seen, by, http.RequestAborted));
        return await RenderAsync(http, outcome, userId, factorId, documents, organizations);
    }

    /// <summary>Sends the code of a pending factor again.</summary>
    internal static async Task<IResult> ResendAsync(
        HttpContext http, string userId, string factorId, UserResolver users, FactorOperations factors, FactorDocuments documents, IOrganizationStore organizations)
    {
        if (!MessageQuery.TryRead(http, out var message)) return MessageQuery.Error.ToResult();
        if (await http.ReadAsync(ApiJson.Default.EnrollFactorRequest) is not { } body) return ApiErrors.NotWellFormed.ToResult();
        if (await users.ResolveAsync(http, userId) is not { } user) return ApiErrors.NotFound(userId, "User").ToResult();
        var outcome = await factors.ResendAsync(user, new FactorId(factorId), body.ToRequest(message), http.By(), http.RequestAborted);
        return await RenderAsync(http, outcome, userId, factorId, documents, organizations);
    }

    /// <summary>Verifies a factor: checks an answer, or starts a challenge when there is none.</summary>
    /// <remarks>
    /// Factors of an app, a token or a question (`token:software:totp`, `token:hardware`, `token:hotp`, `token`, `question`) are verified by one request with `passCode` or `answer`.
    /// The others need a challenge first: a request **without a body** sends the code (`sms`, `call`, `email`), asks the device (`push`) or answers what the authenticator signs
    /// (`webauthn`, `u2f`), with `factorResult` `CHALLENGE` or `WAITING`. Then `sms`, `call` and `email` are finished by a request with `passCode`, and `webauthn` and `u2f` by one with
    /// `clientData`, `signatureData` and, for `webauthn`, `authenticatorData`. A `push` is finished by the person on the device: poll the link `poll` of the answer until `factorResult` is no longer `WAITING`.
    /// A right answer gives `factorResult` `SUCCESS`; a wrong one is `403` with `E0000068`.
    /// </remarks>
    internal static async Task<IResult> VerifyAsync(
        HttpContext http, string userId, string factorId, UserResolver users, FactorOperations factors, FactorDocuments documents, IOrganizationStore organizations)
    {
        if (!MessageQuery.TryRead(http, out var message)) return MessageQuery.Error.ToResult();
        if (await http.ReadAsync(ApiJson.Default.VerifyFactorRequest) is not { } body) return ApiErrors.NotWellFormed.ToResult();
        if (await users.ResolveAsync(http, userId) is not { } user) return ApiErrors.NotFound(userId, "User").ToResult();
        var outcome = await factors.VerifyAsync(user, factorId, body.ToRequest(message), http.By(), http.RequestAborted);
        return await RenderAsync(http, outcome, userId, factorId, documents, organizations, whenWaiting: StatusCodes.Status201Created);
    }

    /// <summary>The picture that an authenticator app scans; the token in its address is the permission.</summary>
    internal static async Task<IResult> QrAsync(
        HttpContext http, string userId, string factorId, string token, UserResolver users, FactorOperations factors, FactorKinds kinds, FactorDocuments documents, IOrganizationStore organizations)
    {
        if (await users.ResolveAsync(http, userId) is { } user
            && await factors.GetAsync(user, new FactorId(factorId), http.RequestAborted) is FactorOutcome.Shown shown
            && kinds.Of(shown.Factor).QrContent(shown.Factor, token, shown.User, await organizations.GetAsync(http.RequestAborted), documents.Urls(http, user)) is { } content)
        {
            using var code = QRCodeGenerator.GenerateQrCode(content, QRCodeGenerator.ECCLevel.M);
            using var picture = new PngByteQRCode(code);
            return TypedResults.Bytes(picture.GetGraphic(6), "image/png");
        }
        return ApiErrors.NotFound(factorId, "UserFactor").ToResult();
    }

    /// <summary>Answers what became of an operation on a factor.</summary>
    internal static async ValueTask<IResult> RenderAsync(
        HttpContext http, FactorOutcome outcome, string userId, string? factorId, FactorDocuments documents, IOrganizationStore organizations,
        int whenWaiting = StatusCodes.Status200OK) => outcome switch
        {
            FactorOutcome.Refused { Prompt: { } prompt } refused => ApiErrors.Of(refused.Refusal, userId, factorId, refused.RetryAt).Because(prompt).ToResult(),
            FactorOutcome.Refused refused => ApiErrors.Of(refused.Refusal, userId, factorId, refused.RetryAt).ToResult(),
            FactorOutcome.Verified { Factor.Status: FactorStatus.PendingActivation, Verification.Transaction: not null } polled => documents.Activation(
                polled.Factor, polled.Verification, await organizations.GetAsync(http.RequestAborted), documents.Urls(http, polled.User)),
            FactorOutcome.Verified verified => documents.Verification(verified.Factor, verified.Verification, documents.Urls(http, verified.User), whenWaiting),
            FactorOutcome.Shown shown => new JsonResult(documents.Factor(
                shown.Factor, shown.User, await organizations.GetAsync(http.RequestAborted), documents.Urls(http, shown.User.Id), shown.Once)),
            FactorOutcome.Removed => NoContentResult.Instance,
            _ => throw new System.Diagnostics.UnreachableException(),
        };
}
