using System.Text.Json.Nodes;
using Countersign.Factors.WebAuthn;
using Countersign.Server.Errors;
using Countersign.Server.Json;
using Countersign.Server.Requests;
using Countersign.WebAuthn;

namespace Countersign.Server.Factors.WebAuthn;

/// <summary>Tells browsers which origins of other domains may use this host as their RP id (WebAuthn L3 §5.11.1).</summary>
internal static class RelatedOriginsEndpoint
{
    public static void MapRelatedOrigins(this IEndpointRouteBuilder routes)
    {
        // Made now, so that what is wrong with the relying party is told at the start.
        routes.ServiceProvider.GetRequiredService<RelyingParty>();
        routes.MapGet("/.well-known/webauthn", Get).WithoutToken().ExcludeFromDescription();
    }

    /// <summary>The origins; nothing when there are none.</summary>
    internal static IResult Get(WebAuthnSettings settings) => settings.RelatedOrigins.Length == 0
        ? ApiErrors.PathNotFound.ToResult()
        : new JsonResult(new JsonObject { ["origins"] = new JsonArray([.. settings.RelatedOrigins.Select(origin => (JsonNode)origin)]) });
}
