using System.Text.Json.Nodes;
using Countersign.Factors;
using Countersign.Filtering;
using Countersign.Links;
using Countersign.Organization;
using Countersign.Server.Errors;
using Countersign.Server.Json;
using Countersign.Server.OpenApi;
using Countersign.Server.Requests;
using Countersign.SystemLog;

namespace Countersign.Server.Organization;

/// <summary>Which kinds of factor the organisation offers (contract 12.1).</summary>
internal static class OrgFactorEndpoints
{
    public static void MapOrgFactors(this IEndpointRouteBuilder routes)
    {
        var factors = routes.MapGroup("/api/v1/org/factors").WithTags("Organization factors").InRateLimitGroup("Org");
        factors.MapGet("/", ListAsync).WithName("ListOrgFactors").RequireScope("okta.factors.read").Answers<OrgFactorShape[]>();
        factors.MapGet("/{name}", GetAsync).WithName("GetOrgFactor").RequireScope("okta.factors.read").Answers<OrgFactorShape>();
        factors.MapPost("/{name}/lifecycle/activate", ActivateAsync).WithName("ActivateOrgFactor").RequireScope("okta.factors.manage").Answers<OrgFactorShape>();
        factors.MapPost("/{name}/lifecycle/deactivate", DeactivateAsync).WithName("DeactivateOrgFactor").RequireScope("okta.factors.manage").Answers<OrgFactorShape>();
    }

    private static readonly FilterRules Rules = new(attribute => attribute is "id" or "status" or "factorType" or "provider"
        ? new FilterAttribute(FilterOperators.Equal | FilterOperators.NotEqual) : null);

    /// <summary>Lists the organisation's factors, all or those that a filter such as <c>status eq "ACTIVE"</c> lets through.</summary>
    internal static async Task<IResult> ListAsync(HttpContext http, IOrganizationStore organizations, FactorKinds kinds, PublicUrl publicUrl)
    {
        FilterExpression? filter = null;
        if (http.Request.Query["filter"].ToString() is { Length: > 0 } text && !FilterParser.TryParse(text, Rules, out filter, out _))
            return ApiErrors.InvalidSearch.ToResult();
        var organization = await organizations.GetAsync(http.RequestAborted);
        var factors = OrgFactors.All.Select(factor => Document(factor, organization, kinds, publicUrl.Of(http)));
        return new JsonResult(new JsonArray([.. factors.Where(factor => filter is null || filter.Matches(attribute => [(string)factor[attribute]!]))]));
    }

    /// <summary>Shows one of the organisation's factors.</summary>
    internal static async Task<IResult> GetAsync(HttpContext http, string name, IOrganizationStore organizations, FactorKinds kinds, PublicUrl publicUrl)
        => OrgFactors.Find(name) is { } factor
            ? new JsonResult(Document(factor, await organizations.GetAsync(http.RequestAborted), kinds, publicUrl.Of(http)))
            : ApiErrors.NotFound(name, "Factor").ToResult();

    /// <summary>Offers a kind of factor.</summary>
    internal static Task<IResult> ActivateAsync(HttpContext http, string name, IOrganizationStore organizations, FactorKinds kinds, PublicUrl publicUrl)
        => SwitchAsync(http, name, active: true, organizations, kinds, publicUrl);

    /// <summary>Stops offering a kind of factor, and hides the factors of that kind without deleting them.</summary>
    internal static Task<IResult> DeactivateAsync(HttpContext http, string name, IOrganizationStore organizations, FactorKinds kinds, PublicUrl publicUrl)
        => SwitchAsync(http, name, active: false, organizations, kinds, publicUrl);

    private static async Task<IResult> SwitchAsync(
        HttpContext http, string name, bool active, IOrganizationStore organizations, FactorKinds kinds, PublicUrl publicUrl)
    {
        if (OrgFactors.Find(name) is not { } factor) return ApiErrors.NotFound(name, "Factor").ToResult();
        if (!IsSetUp(factor, kinds)) return ApiErrors.Validation("factor", "The factor must be set up before it can be activated or deactivated.").ToResult();
        var by = http.By();
        var changed = await organizations.ChangeAsync((organization, _) =>
        {
            var after = organization with { InactiveFactors = active ? organization.InactiveFactors.Remove(name) : organization.InactiveFactors.Add(name) };
            return new OrganizationChange<OrganizationSettings>(after, after, new LogEvent
            {
                EventType = active ? LogEventTypes.OrgFactorActivate : LogEventTypes.OrgFactorDeactivate,
                Actor = by.Actor,
                Targets = [new LogSubject(name, "Factor", "unknown", name)],
                Request = by,
            });
        }, http.RequestAborted);
        return new JsonResult(Document(factor, changed, kinds, publicUrl.Of(http)));
    }

    private static JsonObject Document(OrgFactor factor, OrganizationSettings organization, FactorKinds kinds, string baseUrl)
    {
        var self = $"{baseUrl}/api/v1/org/factors/{factor.Name}";
        var links = new JsonObject { ["self"] = Hal.Link(self, "GET") };
        var active = organization.Allows(factor.Name);
        if (IsSetUp(factor, kinds))
        {
            var change = active ? "deactivate" : "activate";
            links[change] = Hal.Link($"{self}/lifecycle/{change}", "POST");
        }
        return new JsonObject
        {
            ["id"] = factor.Name,
            ["provider"] = factor.Provider,
            ["factorType"] = factor.FactorType,
            ["status"] = Status(factor, kinds, active),
            ["_links"] = links,
        };
    }

    /// <summary>A kind that is not built, or lacks its back end's configuration, needs more than a switch; the password is no factor that could be switched off.</summary>
    private static string Status(OrgFactor factor, FactorKinds kinds, bool active)
        => factor.FactorType == "password" ? "ACTIVE" : !IsSetUp(factor, kinds) ? "NOT_SETUP" : active ? "ACTIVE" : "INACTIVE";

    private static bool IsSetUp(OrgFactor factor, FactorKinds kinds) => kinds.All.Any(kind => kind.OrgFactor == factor.Name && kind.IsAvailable);
}
