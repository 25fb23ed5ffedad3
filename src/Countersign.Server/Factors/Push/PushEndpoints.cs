using System.Text.Json.Nodes;
using Countersign.Factors;
using Countersign.Factors.Push;
using Countersign.Organization;
using Countersign.Outbox;
using Countersign.Server.Errors;
using Countersign.Server.Json;
using Countersign.Server.OpenApi;
using Countersign.Server.Requests;
using Countersign.Server.Users;

namespace Countersign.Server.Factors.Push;

/// <summary>Sends the link by which a device is bound to a pending <c>push</c> factor (contract 9.6).</summary>
internal static class PushEndpoints
{
    public static void MapPush(this RouteGroupBuilder factors)
    {
        factors.MapPost("/{factorId}/lifecycle/activate/email", SendByEmailAsync).WithName("SendFactorActivationEmail").RequireScope("okta.users.manage").Answers<FactorShape>()
            .TakesHeader("Accept-Language", "The language of the message, for example `fr`.");
        factors.MapPost("/{factorId}/lifecycle/activate/sms", SendBySmsAsync).WithName("SendFactorActivationSms").RequireScope("okta.users.manage")
            .TakesBody<EnrollFactorRequest>().Answers<FactorShape>().TakesHeader("Accept-Language", "The language of the message, for example `fr`.");
    }

    /// <summary>Sends the activation link of a pending `push` factor to the user's primary e-mail address.</summary>
    internal static Task<IResult> SendByEmailAsync(
        HttpContext http, string userId, string factorId, UserResolver users, ActivationLinks links, FactorDocuments documents, IOrganizationStore organizations, PublicUrl publicUrl)
        => SendAsync(http, userId, factorId, Channel.Email, null, users, links, documents, organizations, publicUrl);

    /// <summary>Sends the activation link of a pending `push` factor to the phone number in the body's profile.</summary>
    internal static async Task<IResult> SendBySmsAsync(
        HttpContext http, string userId, string factorId, UserResolver users, ActivationLinks links, FactorDocuments documents, IOrganizationStore organizations, PublicUrl publicUrl)
    {
        if (await http.ReadAsync(ApiJson.Default.EnrollFactorRequest) is not { } body) return ApiErrors.NotWellFormed.ToResult();
        var number = body.Profile?["phoneNumber"] is JsonValue value && value.TryGetValue(out string? text) ? text : null;
        return await SendAsync(http, userId, factorId, Channel.Sms, number, users, links, documents, organizations, publicUrl);
    }

    private static async Task<IResult> SendAsync(
        HttpContext http, string userId, string factorId, Channel channel, string? number, UserResolver users, ActivationLinks links, FactorDocuments documents,
        IOrganizationStore organizations, PublicUrl publicUrl)
    {
        if (!MessageQuery.TryRead(http, out var message)) return MessageQuery.Error.ToResult();
        if (await users.ResolveAsync(http, userId) is not { } user) return ApiErrors.NotFound(userId, "User").ToResult();
        var outcome = await links.SendAsync(user, new FactorId(factorId), new LinkRequest(channel, number, publicUrl.Of(http), message), http.By(), http.RequestAborted);
        return await FactorEndpoints.RenderAsync(http, outcome, userId, factorId, documents, organizations);
    }
}
