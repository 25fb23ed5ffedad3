using Countersign.Integrations.Workflows;
using Countersign.Server.Requests;
using Countersign.Tokens;

namespace Countersign.Server.Workflows;

/// <summary>How clients of the workflow API sign in, and what they ask of the server (workflow contract 1.1). The token that they are given is the API token that they sign in with: it is good on every node, and ends when it is revoked.</summary>
internal static class SignInEndpoints
{
    private static readonly string Version = typeof(SignInEndpoints).Assembly.GetName().Version!.ToString(3);

    public static void MapSignIn(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapWorkflowGroup("/api", "Workflow sign-in");
        group.MapPost("/token", SignInAsync).WithName("SignIn").WithoutToken().TakesJson().AnswersJson();
        group.MapGet("/token/userInfo", UserInfo).WithName("GetUserInfo").RequireScope(null).AnswersJson();
        group.MapGet("/version", () => new TextResult(Version)).WithName("GetVersion").WithoutToken().WithSummary("Tells the version").AnswersText();
        routes.MapGet("/health", () => new WrittenJsonResult(static writer =>
        {
            writer.WriteStartObject();
            writer.WriteBoolean("healthy"u8, true);
            writer.WriteEndObject();
        })).ExcludeFromDescription();
    }

    /// <summary>Signs in with <c>keyId</c>, an API token's id or name, and <c>keySecret</c>, the token; answers what to send as <c>X-Authorization</c>.</summary>
    internal static async Task<IResult> SignInAsync(HttpContext http, IApiTokenStore tokens, TimeProvider clock)
    {
        var (body, error) = await http.ReadObjectAsync();
        if (error is not null) return error;
        if (body.TextOf("keyId") is not { Length: > 0 } id || body.TextOf("keySecret") is not { Length: > 0 and <= 500 } secret) return WorkflowErrors.Invalid("keyId and keySecret are needed.");
        var token = await tokens.FindAsync(secret, http.RequestAborted);
        if (token is null || !token.IsValid(clock.GetUtcNow()) || (token.Id != id && token.Name != id))
            return new WorkflowErrorResult(StatusCodes.Status401Unauthorized, "keyId and keySecret are not those of a valid API token.") { Error = "INVALID_CREDENTIALS" };
        return new WrittenJsonResult(writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("token"u8, secret);
            writer.WriteString("userId"u8, token.Owner.AlternateId);
            writer.WriteEndObject();
        });
    }

    /// <summary>Tells who the token acts for.</summary>
    internal static IResult UserInfo(HttpContext http)
    {
        var owner = ApiRequest.Of(http).Token!.Owner;
        return new WrittenJsonResult(writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("id"u8, owner.AlternateId);
            writer.WriteString("name"u8, owner.DisplayName);
            writer.WriteEndObject();
        });
    }
}
