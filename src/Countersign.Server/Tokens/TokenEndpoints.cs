using System.Text.Json.Nodes;
using Countersign.Identifiers;
using Countersign.Server.Errors;
using Countersign.Server.Json;
using Countersign.Server.OpenApi;
using Countersign.Server.Requests;
using Countersign.Tokens;

namespace Countersign.Server.Tokens;

/// <summary>API tokens (contract 2.1), by a path of Countersign's own.</summary>
internal static class TokenEndpoints
{
    private const int MostOnPage = 200;

    public static void MapTokens(this IEndpointRouteBuilder routes)
    {
        var tokens = routes.MapGroup("/countersign/v1/tokens").WithTags("API tokens").InRateLimitGroup("Tokens");
        tokens.MapGet("/", ListAsync).WithName("ListTokens").RequireScope(ApiScopes.TokensRead).Answers<TokenShape[]>()
            .TakesNumber("limit", "tokens on a page", 1, MostOnPage, MostOnPage).TakesQuery("after", "where the page before ended");
        tokens.MapPost("/", CreateAsync).WithName("CreateToken").RequireScope(ApiScopes.TokensManage).TakesBody<CreateTokenRequest>().Answers<TokenShape>();
        tokens.MapGet("/{tokenId}", GetAsync).WithName("GetToken").RequireScope(ApiScopes.TokensRead).Answers<TokenShape>();
        tokens.MapDelete("/{tokenId}", RevokeAsync).WithName("RevokeToken").RequireScope(ApiScopes.TokensManage).AnswersNothing();
    }

    /// <summary>Lists the API tokens that were not revoked.</summary>
    internal static async Task<IResult> ListAsync(HttpContext http, IApiTokenStore tokens, PublicUrl publicUrl, TimeProvider clock)
    {
        var after = Query.ReadText(http, "after");
        if (!Query.TryReadLimit(http, MostOnPage, MostOnPage, out var limit)) return ApiErrors.InvalidPaging.ToResult();
        if (after is not null && !Identifier.HasForm(after, ApiToken.IdPrefix)) return ApiErrors.InvalidPaging.ToResult();
        var found = await tokens.ListAsync(after, limit + 1, http.RequestAborted);
        var page = found.Take(limit).ToList();
        PageLinks.Write(http, publicUrl.Of(http), limit, found.Count > limit ? page[^1].Id : null);
        return new JsonResult(new JsonArray([.. page.Select(token => Document(token, clock.GetUtcNow()))]));
    }

    /// <summary>Makes an API token for the user that asks. The answer alone shows it.</summary>
    internal static async Task<IResult> CreateAsync(HttpContext http, ApiTokens tokens, TimeProvider clock)
    {
        if (await http.ReadAsync(ApiJson.Default.CreateTokenRequest) is not { } body) return ApiErrors.NotWellFormed.ToResult();
        if (body.Scopes?.Contains(null!) == true) return ApiErrors.Blank("scopes").ToResult();
        var (by, grantor) = (http.By(), ApiRequest.Of(http).Token!);
        switch (await tokens.CreateAsync(new NewApiToken(body.Name ?? "", body.Scopes ?? [], body.ExpiresAt), grantor.Owner, grantor, by, http.RequestAborted))
        {
            case TokenOutcome.Created made:
                var document = Document(made.Token, clock.GetUtcNow());
                document["token"] = made.Text;
                return new JsonResult(document);
            case TokenOutcome.Refused refused:
                return Error(refused).ToResult();
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    /// <summary>Shows an API token.</summary>
    internal static async Task<IResult> GetAsync(HttpContext http, string tokenId, IApiTokenStore tokens, TimeProvider clock)
        => await tokens.GetAsync(tokenId, http.RequestAborted) is { } token ? new JsonResult(Document(token, clock.GetUtcNow())) : ApiErrors.NotFound(tokenId, "ApiToken").ToResult();

    /// <summary>Revokes an API token at once.</summary>
    internal static async Task<IResult> RevokeAsync(HttpContext http, string tokenId, ApiTokens tokens)
        => await tokens.RevokeAsync(tokenId, http.By(), http.RequestAborted) ? Results.NoContent() : ApiErrors.NotFound(tokenId, "ApiToken").ToResult();

    private static ApiError Error(TokenOutcome.Refused refused) => refused.Refusal switch
    {
        TokenRefusal.NameMissing => ApiErrors.Blank("name"),
        TokenRefusal.NameTooLong => ApiErrors.Validation("name", "name: The field is too long"),
        TokenRefusal.ScopeUnknown => ApiErrors.Validation("scopes", "scopes: There is no such scope"),
        TokenRefusal.AlreadyExpired => ApiErrors.Validation("expiresAt", "expiresAt: must be in the future"),
        TokenRefusal.ExceedsGrantor => ApiErrors.NoPermission,
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private static JsonObject Document(ApiToken token, DateTimeOffset now) => new()
    {
        ["id"] = token.Id,
        ["name"] = token.Name,
        ["status"] = token.StatusAt(now),
        ["userId"] = token.Owner.Id,
        ["login"] = token.Owner.AlternateId,
        ["scopes"] = new JsonArray([.. token.Scopes]),
        ["created"] = token.Created.ToTimestamp(),
        ["expiresAt"] = token.Expires is { } expires ? expires.ToTimestamp() : null,
        ["lastUsed"] = token.LastUsed.ToTimestamp(),
    };
}
