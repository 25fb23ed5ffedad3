using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;

namespace AspNetIdentity;

internal sealed record VerifyRequest(string Code);

internal sealed record VerifyResult(string Result);

/// <summary>Checks one authenticator code the way Identity's documentation and its SignInManager do.</summary>
internal static class Verification
{
    public static async Task<Results<JsonHttpResult<VerifyResult>, NotFound>> VerifyAsync(
        string userId, VerifyRequest request, HttpContext http, UserManager<IdentityUser> users, Accounts accounts, TimeProvider clock)
    {
        var user = await users.FindByIdAsync(userId);
        if (user is null) return TypedResults.NotFound();

        var outcome = await users.IsLockedOutAsync(user) ? "LOCKED_OUT"
            : await users.VerifyTwoFactorTokenAsync(user, TokenOptions.DefaultAuthenticatorProvider, request.Code) ? "SUCCESS"
            : "FAILURE";

        // The audit row rides in whichever save comes next, so that a check costs one commit.
        accounts.Audit.Add(new AuditEntry
        {
            At = clock.GetUtcNow(),
            UserId = userId,
            Outcome = outcome,
            ClientAddress = http.Connection.RemoteIpAddress?.ToString(),
            UserAgent = http.Request.Headers.UserAgent,
        });
        if (outcome == "FAILURE") Require(await users.AccessFailedAsync(user));
        if (outcome == "SUCCESS") Require(await users.ResetAccessFailedCountAsync(user));
        await accounts.SaveChangesAsync(http.RequestAborted);

        return TypedResults.Json(new VerifyResult(outcome),
            statusCode: outcome == "SUCCESS" ? StatusCodes.Status200OK : StatusCodes.Status403Forbidden);
    }

    private static void Require(IdentityResult result)
    {
        if (!result.Succeeded) throw new InvalidOperationException(result.ToString());
    }
}
