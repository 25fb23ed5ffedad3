using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Countersign.Filtering;
using Countersign.HardwareTokens;
using Countersign.Identifiers;
using Countersign.Server.Errors;
using Countersign.Server.Json;
using Countersign.Server.OpenApi;
using Countersign.Server.Requests;
using Countersign.Server.Users;
using Countersign.Users;

namespace Countersign.Server.HardwareTokens;

/// <summary>The inventory of tokens: YubiKeys (contract 12.3), and OATH tokens by a path of Countersign's own.</summary>
internal static class HardwareTokenEndpoints
{
    public const string YubiKeys = "/api/v1/org/factors/yubikey_token/tokens";

    private const int UsualLimit = 20, MostOnPage = 200, MostForDownload = 1_000;

    public static void MapHardwareTokens(this IEndpointRouteBuilder routes)
    {
        var keys = routes.MapGroup(YubiKeys).WithTags("Hardware tokens").InRateLimitGroup("Org");
        keys.MapGet("/", ListAsync).WithName("ListYubikeyOtpTokens").RequireScope("okta.users.read").Answers<YubiKeyTokenShape[]>()
            .TakesQuery("filter", "For example `status eq \"ACTIVE\" and profile.email sw \"ana\"`; by `profile.email`, `profile.serial`, `activated`, `user.id`, `created`, `status` and `lastVerified`.")
            .TakesQuery("sortBy", "One of the attributes of `filter`; absent: in the order of upload.")
            .TakesQuery("sortOrder", "`ASC` or `DESC`.")
            .TakesQuery("expand", "`user` embeds the user who has a token.")
            .TakesFlag("forDownload", "Answers a CSV file instead, of at most 1,000 tokens.")
            .TakesNumber("limit", "tokens on a page", 1, MostOnPage, UsualLimit)
            .TakesQuery("after", "where the page before ended");
        keys.MapPost("/", UploadAsync).WithName("UploadYubikeyOtpTokenSeed").RequireScope("okta.users.manage").TakesBody<YubiKeySeedRequest>().Answers<YubiKeyTokenShape>();
        keys.MapGet("/{tokenId}", GetAsync).WithName("GetYubikeyOtpTokenById").RequireScope("okta.users.read").Answers<YubiKeyTokenShape>();
        keys.MapDelete("/{tokenId}", DeleteAsync).WithName("DeleteYubikeyOtpToken").RequireScope("okta.users.manage").AnswersNothing();

        var oath = routes.MapGroup("/countersign/v1/oath-tokens").WithTags("Hardware tokens").InRateLimitGroup("OathTokens");
        oath.MapGet("/", ListOathAsync).WithName("ListOathTokens").RequireScope("okta.users.read").Answers<OathTokenShape[]>()
            .TakesNumber("limit", "tokens on a page", 1, MostOnPage, MostOnPage).TakesQuery("after", "where the page before ended");
        oath.MapGet("/{tokenId}", GetOathAsync).WithName("GetOathToken").RequireScope("okta.users.read").Answers<OathTokenShape>();
        oath.MapDelete("/{tokenId}", DeleteOathAsync).WithName("DeleteOathToken").RequireScope("okta.users.manage").AnswersNothing();
    }

    /// <summary>Lists the YubiKeys of the inventory.</summary>
    internal static async Task<IResult> ListAsync(HttpContext http, IHardwareTokenStore tokens, IUserStore users, UserDocuments documents)
    {
        if (!Query.TryReadBoolean(http, "forDownload", out var isDownload)) return ApiErrors.TypeMismatch("forDownload").ToResult();
        var (query, error) = Read(http, isDownload);
        if (query is null) return error!.ToResult();
        var found = await tokens.ListAsync(query with { Limit = query.Limit + 1 }, http.RequestAborted);
        var page = found.Take(query.Limit).ToList();
        var baseUrl = documents.BaseUrl(http);
        PageLinks.Write(http, baseUrl, query.Limit, found.Count > query.Limit ? PlaceOf(page[^1], query.SortBy).ToString() : null);
        if (isDownload)
        {
            http.Response.Headers.ContentDisposition = "attachment; filename=\"yubikey-tokens.csv\"";
            return Results.Text(HardwareTokenDocuments.Csv(page), "text/csv", Encoding.UTF8);
        }
        var list = new JsonArray();
        foreach (var token in page)
        {
            var document = HardwareTokenDocuments.YubiKey(token, baseUrl);
            if (http.Request.Query["expand"] == "user" && token.Holder is { } holder && await users.FindAsync(holder.User, http.RequestAborted) is { } user)
                document["_embedded"] = new JsonObject { ["user"] = documents.User(http, user.User, user.State) };
            list.Add((JsonNode)document);
        }
        return new JsonResult(list);
    }

    /// <summary>Uploads the seed of a YubiKey, so that a user can enroll it. The seed of a known serial number takes the place of the one before, unless a user has that key.</summary>
    internal static async Task<IResult> UploadAsync(HttpContext http, TokenInventory inventory, IHardwareTokenStore tokens, PublicUrl publicUrl)
    {
        if (await http.ReadAsync(ApiJson.Default.YubiKeySeedRequest) is not { } body) return ApiErrors.NotWellFormed.ToResult();
        if (!TokenSeed.TryYubiKey(body.SerialNumber, body.PublicId, body.PrivateId, body.AesKey, out var seed, out var wrong)) return Malformed(body, wrong).ToResult();
        var taken = await inventory.UploadAsync(seed, http.By(), http.RequestAborted);
        CryptographicOperations.ZeroMemory(seed.Secret);
        return taken.Result switch
        {
            SeedResult.Assigned => ApiErrors.Validation("serialNumber", "serialNumber: The token is assigned to a user").ToResult(),
            SeedResult.PublicIdTaken => ApiErrors.Validation("publicId", "publicId: An object with this field already exists in the current organization").ToResult(),
            _ => await GetAsync(http, taken.Id, tokens, publicUrl),
        };
    }

    /// <summary>Shows a YubiKey of the inventory.</summary>
    internal static async Task<IResult> GetAsync(HttpContext http, string tokenId, IHardwareTokenStore tokens, PublicUrl publicUrl)
        => await FindAsync(http, TokenKind.YubiKey, tokenId, tokens) is { } token
            ? new JsonResult(HardwareTokenDocuments.YubiKey(token, publicUrl.Of(http)))
            : ApiErrors.NotFound(tokenId, "YubikeyToken").ToResult();

    /// <summary>Removes a YubiKey that no user has from the inventory.</summary>
    internal static Task<IResult> DeleteAsync(HttpContext http, string tokenId, TokenInventory inventory) => RemoveAsync(http, TokenKind.YubiKey, tokenId, "YubikeyToken", inventory);

    /// <summary>Lists the OATH tokens of the inventory, which are taken in by `countersign import pskc`.</summary>
    internal static async Task<IResult> ListOathAsync(HttpContext http, IHardwareTokenStore tokens, PublicUrl publicUrl)
    {
        var after = Query.ReadText(http, "after");
        if (!Query.TryReadLimit(http, MostOnPage, MostOnPage, out var limit)) return ApiErrors.InvalidPaging.ToResult();
        if (after is not null && !Identifier.HasForm(after, HardwareToken.IdPrefix(TokenKind.Oath))) return ApiErrors.InvalidPaging.ToResult();
        var query = new TokenQuery { Kind = TokenKind.Oath, Limit = limit + 1, After = after is null ? null : new TokenPlace(null, 0, after) };
        var found = await tokens.ListAsync(query, http.RequestAborted);
        PageLinks.Write(http, publicUrl.Of(http), limit, found.Count > limit ? found[limit - 1].Id : null);
        return new JsonResult(new JsonArray([.. found.Take(limit).Select(HardwareTokenDocuments.Oath)]));
    }

    /// <summary>Shows an OATH token of the inventory.</summary>
    internal static async Task<IResult> GetOathAsync(HttpContext http, string tokenId, IHardwareTokenStore tokens)
        => await FindAsync(http, TokenKind.Oath, tokenId, tokens) is { } token ? new JsonResult(HardwareTokenDocuments.Oath(token)) : ApiErrors.NotFound(tokenId, "OathToken").ToResult();

    /// <summary>Removes an OATH token that no user has from the inventory.</summary>
    internal static Task<IResult> DeleteOathAsync(HttpContext http, string tokenId, TokenInventory inventory) => RemoveAsync(http, TokenKind.Oath, tokenId, "OathToken", inventory);

    private static async Task<HardwareToken?> FindAsync(HttpContext http, TokenKind kind, string id, IHardwareTokenStore tokens)
        => Identifier.HasForm(id, HardwareToken.IdPrefix(kind)) ? await tokens.GetAsync(kind, id, http.RequestAborted) : null;

    private static async Task<IResult> RemoveAsync(HttpContext http, TokenKind kind, string id, string type, TokenInventory inventory)
        => !Identifier.HasForm(id, HardwareToken.IdPrefix(kind)) ? ApiErrors.NotFound(id, type).ToResult()
            : await inventory.RemoveAsync(kind, id, http.By(), http.RequestAborted) switch
            {
                TokenRemoval.Removed => Results.NoContent(),
                TokenRemoval.Assigned => ApiErrors.TokenAssigned.ToResult(),
                _ => ApiErrors.NotFound(id, type).ToResult(),
            };

    private static (TokenQuery? Query, ApiError? Error) Read(HttpContext http, bool isDownload)
    {
        if (!Query.TryReadLimit(http, isDownload ? MostForDownload : UsualLimit, isDownload ? MostForDownload : MostOnPage, out var limit)) return (null, ApiErrors.InvalidPaging);
        var (sortBy, order) = (Query.ReadText(http, "sortBy"), Query.ReadText(http, "sortOrder")?.ToUpperInvariant());
        if (order is not (null or "ASC" or "DESC") || (sortBy is not null && !TokenQuery.Attributes.Contains(sortBy))) return (null, ApiErrors.InvalidSearch);
        var query = new TokenQuery { Kind = TokenKind.YubiKey, Limit = limit, SortBy = sortBy, Descending = order == "DESC" };
        if (Query.ReadText(http, "after") is { } after)
        {
            if (!TokenPlace.TryParse(after, out var place) || !Identifier.HasForm(place.Id, HardwareToken.IdPrefix(TokenKind.YubiKey))) return (null, ApiErrors.InvalidPaging);
            query = query with { After = place };
        }
        if (Query.ReadText(http, "filter") is not { } text) return (query, null);
        return FilterParser.TryParse(text, TokenQuery.Rules, out var filter, out var fault) ? (query with { Filter = filter }, null) : (null, ApiErrors.Of(fault));
    }

    private static TokenPlace PlaceOf(HardwareToken token, string? sortBy)
    {
        var holder = token.Holder;
        return sortBy switch
        {
            "profile.email" => new TokenPlace(holder?.Email, 0, token.Id),
            "profile.serial" => new TokenPlace(token.Serial, 0, token.Id),
            "user.id" => new TokenPlace(holder?.User.Value, 0, token.Id),
            "status" => new TokenPlace(holder is null ? "UNASSIGNED" : "ACTIVE", 0, token.Id),
            "activated" => new TokenPlace(null, holder?.Since.ToUnixTimeMilliseconds() ?? -1, token.Id),
            "lastVerified" => new TokenPlace(null, holder?.LastVerified?.ToUnixTimeMilliseconds() ?? -1, token.Id),
            "created" => new TokenPlace(null, token.Created.ToUnixTimeMilliseconds(), token.Id),
            _ => new TokenPlace(null, 0, token.Id),
        };
    }

    private static ApiError Malformed(YubiKeySeedRequest body, string field)
    {
        var text = field switch { "serialNumber" => body.SerialNumber, "publicId" => body.PublicId, "privateId" => body.PrivateId, _ => body.AesKey };
        return string.IsNullOrWhiteSpace(text) ? ApiErrors.Blank(field) : ApiErrors.Validation(field, "The field has an invalid value");
    }
}
