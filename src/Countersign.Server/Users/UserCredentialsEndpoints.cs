using System.Text.Json.Nodes;
using Countersign.Server.Errors;
using Countersign.Server.Json;
using Countersign.Server.Requests;
using Countersign.Users;

namespace Countersign.Server.Users;

/// <summary>The operations on a user's credentials (contract 6.2).</summary>
internal static class UserCredentialsEndpoints
{
    public static void MapUserCredentials(this IEndpointRouteBuilder users)
    {
        var credentials = users.MapGroup("/{userId}/credentials").RequireScope("okta.users.manage");
        credentials.MapPost("/change_password", ChangePasswordAsync).WithName("ChangePassword").TakesBody<ChangePasswordRequest>();
        credentials.MapPost("/change_recovery_question", ChangeRecoveryQuestionAsync).WithName("ChangeRecoveryQuestion").TakesBody<CredentialsBody>();
        credentials.MapPost("/forgot_password", ForgotPasswordAsync).WithName("ForgotPassword").TakesBody<CredentialsBody>();
        credentials.MapPost("/forgot_password_recovery_question", RecoverPasswordAsync).WithName("ForgotPasswordSetNewPassword").TakesBody<CredentialsBody>();
    }

    /// <summary>Changes the password of a user who knows the old one.</summary>
    internal static async Task<IResult> ChangePasswordAsync(HttpContext http, string userId, UserResolver resolver, UserCredentials users)
    {
        if (!Query.TryReadBoolean(http, "strict", out _)) return ApiErrors.TypeMismatch("strict").ToResult();
        if (await http.ReadAsync(ApiJson.Default.ChangePasswordRequest) is not { } body) return ApiErrors.NotWellFormed.ToResult();
        if (await resolver.ResolveAsync(http, userId) is not { } user) return ApiErrors.NotFound(userId, "User").ToResult();
        return Render(await users.ChangePasswordAsync(user, body.OldPassword?.Value ?? "", body.NewPassword?.Value ?? "", http.By(), http.RequestAborted), userId);
    }

    /// <summary>Changes the recovery question of a user who knows the password.</summary>
    internal static async Task<IResult> ChangeRecoveryQuestionAsync(HttpContext http, string userId, UserResolver resolver, UserCredentials users)
    {
        if (await http.ReadAsync(ApiJson.Default.CredentialsBody) is not { } body) return ApiErrors.NotWellFormed.ToResult();
        if (await resolver.ResolveAsync(http, userId) is not { } user) return ApiErrors.NotFound(userId, "User").ToResult();
        return Render(await users.ChangeRecoveryQuestionAsync(
            user, body.Password?.Value ?? "", body.RecoveryQuestion?.Question ?? "", body.RecoveryQuestion?.Answer ?? "", http.By(), http.RequestAborted), userId);
    }

    /// <summary>Starts the recovery of a password; with <c>sendEmail=false</c> the link for it is answered. With an answer in the body the password is set at once.</summary>
    internal static async Task<IResult> ForgotPasswordAsync(HttpContext http, string userId, UserResolver resolver, UserCredentials users, UserDocuments documents)
    {
        if (await http.ReadAsync(ApiJson.Default.CredentialsBody) is not { } body) return ApiErrors.NotWellFormed.ToResult();
        if (body.RecoveryQuestion is not null || body.Password is not null) return await RecoverAsync(http, userId, body, resolver, users);
        return await UserLifecycleEndpoints.LinkAsync(http, userId, resolver, documents, users.ForgetPasswordAsync,
            (baseUrl, token) => new JsonObject { ["resetPasswordUrl"] = $"{baseUrl}/signin/reset-password/{token}" });
    }

    /// <summary>Sets the password of a user who knows the answer to the recovery question.</summary>
    internal static async Task<IResult> RecoverPasswordAsync(HttpContext http, string userId, UserResolver resolver, UserCredentials users)
        => await http.ReadAsync(ApiJson.Default.CredentialsBody) is { } body ? await RecoverAsync(http, userId, body, resolver, users) : ApiErrors.NotWellFormed.ToResult();

    private static async Task<IResult> RecoverAsync(HttpContext http, string userId, CredentialsBody body, UserResolver resolver, UserCredentials users)
    {
        if (!Query.TryReadBoolean(http, "sendEmail", out _)) return ApiErrors.TypeMismatch("sendEmail").ToResult();
        if (await resolver.ResolveAsync(http, userId) is not { } user) return ApiErrors.NotFound(userId, "User").ToResult();
        return Render(await users.RecoverPasswordAsync(user, body.RecoveryQuestion?.Answer ?? "", body.Password?.Value ?? "", http.By(), http.RequestAborted), userId);
    }

    private static IResult Render(UserOutcome outcome, string userRef) => outcome switch
    {
        UserOutcome.Shown shown => new JsonResult(UserDocuments.Credentials(shown.User)),
        UserOutcome.Refused refused => ApiErrors.Of(refused.Refusal, userRef).ToResult(),
        UserOutcome.Invalid invalid => ApiErrors.Of(invalid.Faults).ToResult(),
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}
