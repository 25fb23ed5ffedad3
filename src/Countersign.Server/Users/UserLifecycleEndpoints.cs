using System.Text.Json.Nodes;
using Countersign.Requests;
using Countersign.Server.Errors;
using Countersign.Server.Json;
using Countersign.Server.Requests;
using Countersign.Users;

namespace Countersign.Server.Users;

/// <summary>The operations that move a user from status to status (contract 6.2).</summary>
internal static class UserLifecycleEndpoints
{
    public static void MapUserLifecycle(this IEndpointRouteBuilder users)
    {
        var lifecycle = users.MapGroup("/{userId}/lifecycle").RequireScope("okta.users.manage");
        lifecycle.MapPost("/activate", ActivateAsync).WithName("ActivateUser");
        lifecycle.MapPost("/reactivate", ReactivateAsync).WithName("ReactivateUser");
        lifecycle.MapPost("/deactivate", DeactivateAsync).WithName("DeactivateUser");
        lifecycle.MapPost("/suspend", SuspendAsync).WithName("SuspendUser");
        lifecycle.MapPost("/unsuspend", UnsuspendAsync).WithName("UnsuspendUser");
        lifecycle.MapPost("/unlock", UnlockAsync).WithName("UnlockUser");
        lifecycle.MapPost("/expire_password", ExpirePasswordAsync).WithName("ExpirePassword");
        lifecycle.MapPost("/expire_password_with_temp_password", ExpirePasswordWithTempPasswordAsync).WithName("ExpirePasswordWithTempPassword");
        lifecycle.MapPost("/reset_password", ResetPasswordAsync).WithName("ResetPassword");
        lifecycle.MapPost("/reset_factors", ResetFactorsAsync).WithName("ResetFactors");
    }

    /// <summary>Activates a user; with <c>sendEmail=false</c> the activation link is answered.</summary>
    internal static Task<IResult> ActivateAsync(HttpContext http, string userId, UserResolver resolver, UserLifecycle users, UserDocuments documents)
        => LinkAsync(http, userId, resolver, documents, users.ActivateAsync, Activation);

    /// <summary>Starts a user's activation again; with <c>sendEmail=false</c> the activation link is answered.</summary>
    internal static Task<IResult> ReactivateAsync(HttpContext http, string userId, UserResolver resolver, UserLifecycle users, UserDocuments documents)
        => LinkAsync(http, userId, resolver, documents, users.ReactivateAsync, Activation);

    /// <summary>Deactivates a user and removes every factor.</summary>
    internal static Task<IResult> DeactivateAsync(HttpContext http, string userId, UserResolver resolver, UserLifecycle users, UserDocuments documents)
        => !Query.TryReadBoolean(http, "sendEmail", out _)
            ? Task.FromResult<IResult>(ApiErrors.TypeMismatch("sendEmail").ToResult())
            : RunAsync(http, userId, resolver, documents, users.DeactivateAsync);

    /// <summary>Suspends an active user.</summary>
    internal static Task<IResult> SuspendAsync(HttpContext http, string userId, UserResolver resolver, UserLifecycle users, UserDocuments documents)
        => RunAsync(http, userId, resolver, documents, users.SuspendAsync);

    /// <summary>Ends a user's suspension.</summary>
    internal static Task<IResult> UnsuspendAsync(HttpContext http, string userId, UserResolver resolver, UserLifecycle users, UserDocuments documents)
        => RunAsync(http, userId, resolver, documents, users.UnsuspendAsync);

    /// <summary>Ends the lock that wrong answers led to.</summary>
    internal static Task<IResult> UnlockAsync(HttpContext http, string userId, UserResolver resolver, UserLifecycle users, UserDocuments documents)
        => RunAsync(http, userId, resolver, documents, users.UnlockAsync);

    /// <summary>Makes a user change the password; with <c>tempPassword=true</c> one is made and answered.</summary>
    internal static Task<IResult> ExpirePasswordAsync(HttpContext http, string userId, UserResolver resolver, UserLifecycle users, UserDocuments documents)
        => !Query.TryReadBoolean(http, "tempPassword", out var temporary)
            ? Task.FromResult<IResult>(ApiErrors.TypeMismatch("tempPassword").ToResult())
            : RunAsync(http, userId, resolver, documents, temporary ? users.GiveTemporaryPasswordAsync : users.ExpirePasswordAsync);

    /// <summary>Makes and answers a password that the user must change.</summary>
    internal static Task<IResult> ExpirePasswordWithTempPasswordAsync(HttpContext http, string userId, UserResolver resolver, UserLifecycle users, UserDocuments documents)
        => !Query.TryReadBoolean(http, "revokeSessions", out _)
            ? Task.FromResult<IResult>(ApiErrors.TypeMismatch("revokeSessions").ToResult())
            : RunAsync(http, userId, resolver, documents, users.GiveTemporaryPasswordAsync);

    /// <summary>Makes a user choose a new password; with <c>sendEmail=false</c> the link for it is answered.</summary>
    internal static Task<IResult> ResetPasswordAsync(HttpContext http, string userId, UserResolver resolver, UserLifecycle users, UserDocuments documents)
        => !Query.TryReadBoolean(http, "revokeSessions", out _)
            ? Task.FromResult<IResult>(ApiErrors.TypeMismatch("revokeSessions").ToResult())
            : LinkAsync(http, userId, resolver, documents, users.ResetPasswordAsync, (baseUrl, token) => new JsonObject { ["resetPasswordUrl"] = $"{baseUrl}/reset_password/{token}" });

    /// <summary>Removes every factor of a user.</summary>
    internal static Task<IResult> ResetFactorsAsync(HttpContext http, string userId, UserResolver resolver, UserLifecycle users, UserDocuments documents)
        => RunAsync(http, userId, resolver, documents, users.ResetFactorsAsync);

    /// <summary>Runs an operation that may end in a link for the caller to pass on.</summary>
    internal static async Task<IResult> LinkAsync(
        HttpContext http, string userId, UserResolver resolver, UserDocuments documents,
        Func<UserId, bool, RequestContext, CancellationToken, Task<UserOutcome>> run, Func<string, string, JsonObject> link)
    {
        if (!Query.TryReadBoolean(http, "sendEmail", whenAbsent: true, out var sendEmail)) return ApiErrors.TypeMismatch("sendEmail").ToResult();
        if (await resolver.ResolveAsync(http, userId) is not { } user) return ApiErrors.NotFound(userId, "User").ToResult();
        return await run(user, !sendEmail, http.By(), http.RequestAborted) switch
        {
            UserOutcome.Linked linked => new JsonResult(link(documents.BaseUrl(http), linked.Token)),
            var outcome => UserEndpoints.Render(http, outcome, userId, documents),
        };
    }

    private static JsonObject Activation(string baseUrl, string token) => new() { ["activationUrl"] = $"{baseUrl}/welcome/{token}", ["activationToken"] = token };

    private static async Task<IResult> RunAsync(
        HttpContext http, string userId, UserResolver resolver, UserDocuments documents, Func<UserId, RequestContext, CancellationToken, Task<UserOutcome>> run)
        => await resolver.ResolveAsync(http, userId) is { } user
            ? UserEndpoints.Render(http, await run(user, http.By(), http.RequestAborted), userId, documents)
            : ApiErrors.NotFound(userId, "User").ToResult();
}
