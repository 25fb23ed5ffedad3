using System.Text.Json.Nodes;
using Countersign.Server.Errors;
using Countersign.Server.Json;
using Countersign.Server.Requests;
using Countersign.Users;

namespace Countersign.Server.Users;

/// <summary>The operations on users (contract 6.2).</summary>
internal static class UserEndpoints
{
    private const int MostGroups = 20;

    public static void MapUsers(this IEndpointRouteBuilder routes)
    {
        var users = routes.MapGroup("/api/v1/users").WithTags("Users").InRateLimitGroup("Users");
        users.MapGet("/", UserListEndpoint.ListAsync).WithName("ListUsers").RequireScope("okta.users.read");
        users.MapPost("/", CreateAsync).WithName("CreateUser").RequireScope("okta.users.manage").TakesBody<UserRequest>();
        users.MapGet("/{userId}", GetAsync).WithName("GetUser").RequireScope("okta.users.read");
        users.MapPost("/{userId}", UpdateAsync).WithName("UpdateUser").RequireScope("okta.users.manage").TakesBody<UserRequest>();
        users.MapPut("/{userId}", ReplaceAsync).WithName("ReplaceUser").RequireScope("okta.users.manage").TakesBody<UserRequest>();
        users.MapDelete("/{userId}", DeleteAsync).WithName("DeleteUser").RequireScope("okta.users.manage");
        users.MapDelete("/{userId}/sessions", RevokeSessionsAsync).WithName("RevokeUserSessions").RequireScope("okta.users.manage");
        foreach (var list in new[] { "groups", "appLinks", "roles", "blocks", "clients", "devices" })
            users.MapGet($"/{{userId}}/{list}", ListNothingAsync).WithName($"ListUser{char.ToUpperInvariant(list[0])}{list[1..]}").RequireScope("okta.users.read");
        users.MapUserLifecycle();
        users.MapUserCredentials();
    }

    /// <summary>Makes a user, active unless <c>activate=false</c>.</summary>
    internal static async Task<IResult> CreateAsync(HttpContext http, UserOperations users, UserDocuments documents)
    {
        if (!Query.TryReadBoolean(http, "activate", whenAbsent: true, out var activate)) return ApiErrors.TypeMismatch("activate").ToResult();
        if (!Query.TryReadBoolean(http, "provider", out _)) return ApiErrors.TypeMismatch("provider").ToResult();
        var nextLogin = Query.ReadText(http, "nextLogin");
        if (nextLogin is not (null or "changePassword")) return ApiErrors.TypeMismatch("nextLogin").ToResult();
        if (await http.ReadAsync(ApiJson.Default.UserRequest) is not { } body) return ApiErrors.NotWellFormed.ToResult();
        if (Refuse(body) is { } error) return error.ToResult();
        var request = new CreateUserRequest(body.Profile ?? [], body.Credentials?.ToRequest() ?? new(), activate, nextLogin is not null);
        return Render(http, await users.CreateAsync(request, http.By(), http.RequestAborted), "", documents);
    }

    /// <summary>Shows a user, found by id, by login, by the login's part before the <c>@</c>, or <c>me</c>.</summary>
    internal static async Task<IResult> GetAsync(HttpContext http, string userId, UserResolver resolver, UserOperations users, UserDocuments documents)
    {
        if (await resolver.ResolveAsync(http, userId) is not { } user) return ApiErrors.NotFound(userId, "User").ToResult();
        if (await users.GetAsync(user, http.RequestAborted) is not UserOutcome.Shown shown) return ApiErrors.NotFound(userId, "User").ToResult();
        var document = documents.User(http, shown.User, shown.State);
        if (Query.ReadText(http, "expand") is { } expand && expand.Split(',').Contains("blocks")) document["_embedded"] = new JsonObject { ["blocks"] = new JsonArray() };
        return new JsonResult(document);
    }

    /// <summary>Changes the properties that are given; null clears.</summary>
    internal static Task<IResult> UpdateAsync(HttpContext http, string userId, UserResolver resolver, UserOperations users, UserDocuments documents)
        => ChangeAsync(http, userId, replaces: false, resolver, users, documents);

    /// <summary>Replaces the profile: properties that are not given are cleared.</summary>
    internal static Task<IResult> ReplaceAsync(HttpContext http, string userId, UserResolver resolver, UserOperations users, UserDocuments documents)
        => ChangeAsync(http, userId, replaces: true, resolver, users, documents);

    /// <summary>Deactivates a user, or removes one who is deactivated.</summary>
    internal static async Task<IResult> DeleteAsync(HttpContext http, string userId, UserResolver resolver, UserLifecycle users, UserDocuments documents)
    {
        if (!Query.TryReadBoolean(http, "sendEmail", out _)) return ApiErrors.TypeMismatch("sendEmail").ToResult();
        if (await resolver.ResolveAsync(http, userId) is not { } user) return ApiErrors.NotFound(userId, "User").ToResult();
        var outcome = await users.DeleteAsync(user, http.By(), http.RequestAborted);
        return outcome is UserOutcome.Done ? NoContentResult.Instance : Render(http, outcome, userId, documents);
    }

    /// <summary>Ends a user's sessions, of which there are none.</summary>
    internal static async Task<IResult> RevokeSessionsAsync(HttpContext http, string userId, UserResolver resolver, UserLifecycle users, UserDocuments documents)
    {
        if (!Query.TryReadBoolean(http, "oauthTokens", out _)) return ApiErrors.TypeMismatch("oauthTokens").ToResult();
        if (await resolver.ResolveAsync(http, userId) is not { } user) return ApiErrors.NotFound(userId, "User").ToResult();
        var outcome = await users.RevokeSessionsAsync(user, http.RequestAborted);
        return outcome is UserOutcome.Done ? NoContentResult.Instance : Render(http, outcome, userId, documents);
    }

    /// <summary>Lists what users have elsewhere: nothing here.</summary>
    internal static async Task<IResult> ListNothingAsync(HttpContext http, string userId, UserResolver resolver, UserOperations users)
        => await resolver.ResolveAsync(http, userId) is { } user && await users.GetAsync(user, http.RequestAborted) is UserOutcome.Shown
            ? new JsonResult(new JsonArray())
            : ApiErrors.NotFound(userId, "User").ToResult();

    /// <summary>The answer of an operation on a user, as the client named it.</summary>
    internal static IResult Render(HttpContext http, UserOutcome outcome, string userRef, UserDocuments documents) => outcome switch
    {
        UserOutcome.Shown shown => new JsonResult(documents.User(http, shown.User, shown.State)),
        UserOutcome.Done => new JsonResult(new JsonObject()),
        UserOutcome.TemporaryPassword given => new JsonResult(new JsonObject { ["tempPassword"] = given.Password }),
        UserOutcome.Refused refused => ApiErrors.Of(refused.Refusal, userRef).ToResult(),
        UserOutcome.Invalid invalid => ApiErrors.Of(invalid.Faults).ToResult(),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private static async Task<IResult> ChangeAsync(
        HttpContext http, string userId, bool replaces, UserResolver resolver, UserOperations users, UserDocuments documents)
    {
        if (!Query.TryReadBoolean(http, "strict", out _)) return ApiErrors.TypeMismatch("strict").ToResult();
        if (await http.ReadAsync(ApiJson.Default.UserRequest) is not { } body) return ApiErrors.NotWellFormed.ToResult();
        if (Refuse(body) is { } error) return error.ToResult();
        if (await resolver.ResolveAsync(http, userId) is not { } user) return ApiErrors.NotFound(userId, "User").ToResult();
        var request = new UpdateUserRequest(body.Profile, replaces, body.Credentials?.ToRequest() ?? new());
        return Render(http, await users.UpdateAsync(user, request, http.By(), http.RequestAborted), userId, documents);
    }

    /// <summary>What is asked for and does not exist here.</summary>
    private static ApiError? Refuse(UserRequest body)
    {
        if (body.GroupIds?.Count > MostGroups) return ApiErrors.Validation("groupIds", $"groupIds: At most {MostGroups} groups can be given");
        if (body.Type?.Id is { } type && type != Countersign.Users.Search.UserAttributes.TypeId) return ApiErrors.Validation("type", "The field has an invalid value");
        if (body.Credentials?.Provider is { } provider && (provider.Type ?? "OKTA", provider.Name ?? "OKTA") != ("OKTA", "OKTA"))
            return ApiErrors.Validation("provider", "The field has an invalid value");
        if (body.Credentials?.Password is { Hash: not null } or { Hook: not null })
            return ApiErrors.Validation("password", "password: Imported password hashes and password hooks are not supported");
        return null;
    }
}
