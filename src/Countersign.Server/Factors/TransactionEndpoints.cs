using Countersign.Factors;
using Countersign.Organization;
using Countersign.Server.Errors;
using Countersign.Server.Json;
using Countersign.Server.OpenApi;
using Countersign.Server.Requests;
using Countersign.Server.Users;
using Countersign.Server.Waiting;

namespace Countersign.Server.Factors;

/// <summary>The operations on transactions of factors whose answers come from elsewhere (contract 9.6).</summary>
internal static class TransactionEndpoints
{
    public static void MapTransactions(this RouteGroupBuilder factors)
    {
        factors.MapPost("/{factorId}/lifecycle/activate/poll", PollActivationAsync).WithName("PollFactorActivation").RequireScope("okta.users.manage").Answers<FactorShape>().MayWait();
        factors.MapGet("/{factorId}/transactions/{transactionId}", GetAsync).WithName("GetFactorTransactionStatus").RequireScope("okta.users.read").Answers<VerificationShape>().MayWait()
            .TakesHeader("Accept", "`text/event-stream`, without `application/json`: the answer is a stream of server-sent events, `transaction` with what a poll is answered, at once and at each change until the final one.");
        factors.MapDelete("/{factorId}/transactions/{transactionId}", CancelAsync).WithName("CancelFactorTransaction").RequireScope("okta.users.manage").AnswersNothing();
    }

    /// <summary>Describes that the endpoint waits when the client prefers it to.</summary>
    public static RouteHandlerBuilder MayWait(this RouteHandlerBuilder builder)
        => builder.TakesHeader("Prefer", "`wait=20`: the answer is held back while it would be `WAITING`, for so many seconds at most. `Preference-Applied` says for how many (RFC 7240).");

    /// <summary>Polls the activation of a pending factor that is answered on another device or page. While it waits, the answer says so; afterwards it is the factor.</summary>
    internal static async Task<IResult> PollActivationAsync(
        HttpContext http, string userId, string factorId, UserResolver users, FactorOperations factors, WaitingRequests waiting, FactorDocuments documents, IOrganizationStore organizations)
    {
        if (await users.ResolveAsync(http, userId) is not { } user) return ApiErrors.NotFound(userId, "User").ToResult();
        var by = http.By();
        var outcome = await waiting.LookAsync(http, user, seen => factors.PollActivationAsync(user, new FactorId(factorId), seen, by, http.RequestAborted));
        return await FactorEndpoints.RenderAsync(http, outcome, userId, factorId, documents, organizations);
    }

    /// <summary>Polls a transaction that awaits an answer on another device.</summary>
    internal static async Task<IResult> GetAsync(
        HttpContext http, string userId, string factorId, string transactionId, UserResolver users, FactorOperations factors, WaitingRequests waiting, FactorDocuments documents,
        IOrganizationStore organizations, TimeProvider clock)
    {
        if (await users.ResolveAsync(http, userId) is not { } user) return ApiErrors.NotFound(userId, "User").ToResult();
        var by = http.By();
        return TransactionEvents.AreAskedFor(http.Request)
            ? new TransactionEvents(waiting, user, LookAsync, RenderAsync, clock)
            : await RenderAsync(await waiting.LookAsync(http, user, _ => LookAsync()));

        Task<FactorOutcome> LookAsync() => factors.PollAsync(user, new FactorId(factorId), transactionId, by, http.RequestAborted);

        ValueTask<IResult> RenderAsync(FactorOutcome outcome)
            => FactorEndpoints.RenderAsync(http, outcome, userId, Missing(outcome, factorId, transactionId), documents, organizations);
    }

    /// <summary>Cancels a transaction that awaits an answer. One that is finished stays as it is.</summary>
    internal static async Task<IResult> CancelAsync(HttpContext http, string userId, string factorId, string transactionId, UserResolver users, FactorOperations factors)
    {
        if (await users.ResolveAsync(http, userId) is not { } user) return ApiErrors.NotFound(userId, "User").ToResult();
        var outcome = await factors.CancelAsync(user, new FactorId(factorId), transactionId, http.By(), http.RequestAborted);
        return outcome is FactorOutcome.Refused refused
            ? ApiErrors.Of(refused.Refusal, userId, Missing(outcome, factorId, transactionId), refused.RetryAt).ToResult()
            : NoContentResult.Instance;
    }

    /// <summary>What is said to be missing when something is: the transaction, or already its factor.</summary>
    private static string Missing(FactorOutcome outcome, string factorId, string transactionId)
        => outcome is FactorOutcome.Refused { Refusal: Refusal.TransactionNotFound } ? transactionId : factorId;
}
