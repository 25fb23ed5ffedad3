using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Countersign.Identifiers;
using Countersign.Organization;
using Countersign.Requests;
using Countersign.Server.Errors;
using Countersign.Server.Json;
using Countersign.Server.OpenApi;
using Countersign.Server.Requests;
using Countersign.SystemLog;
using Countersign.Templates;

namespace Countersign.Server.Templates;

/// <summary>The texts for SMS (contract 13).</summary>
internal static class SmsTemplateEndpoints
{
    // Known clients read this type in the error of an unknown template.
    private const string TypeInErrors = "AppInstance";

    public static void MapSmsTemplates(this IEndpointRouteBuilder routes)
    {
        var templates = routes.MapGroup("/api/v1/templates/sms").WithTags("SMS templates").InRateLimitGroup("Templates");
        templates.MapGet("/", ListAsync).WithName("ListSmsTemplates").RequireScope("okta.templates.read").Answers<SmsTemplateShape[]>()
            .TakesQuery("templateType", "only templates of this type");
        templates.MapPost("/", CreateAsync).WithName("CreateSmsTemplate").RequireScope("okta.templates.manage").TakesBody<SmsTemplateRequest>().Answers<SmsTemplateShape>();
        templates.MapGet("/{templateId}", GetAsync).WithName("GetSmsTemplate").RequireScope("okta.templates.read").Answers<SmsTemplateShape>();
        templates.MapPost("/{templateId}", UpdateAsync).WithName("UpdateSmsTemplate").RequireScope("okta.templates.manage").TakesBody<SmsTemplateRequest>().Answers<SmsTemplateShape>();
        templates.MapPut("/{templateId}", ReplaceAsync).WithName("ReplaceSmsTemplate").RequireScope("okta.templates.manage").TakesBody<SmsTemplateRequest>().Answers<SmsTemplateShape>();
        templates.MapDelete("/{templateId}", DeleteAsync).WithName("DeleteSmsTemplate").RequireScope("okta.templates.manage").AnswersNothing();
    }

    /// <summary>Lists the SMS templates; the default one is always among them.</summary>
    internal static async Task<IResult> ListAsync(HttpContext http, IOrganizationStore organizations, TimeProvider clock)
    {
        var type = Query.ReadText(http, "templateType");
        var organization = await organizations.GetAsync(http.RequestAborted);
        IEnumerable<SmsTemplate> templates = [SmsTemplate.Default(clock.GetUtcNow()), .. organization.SmsTemplates.Values];
        return new JsonResult(new JsonArray([.. templates.Where(template => type is null || template.Type == type).Select(Document)]));
    }

    /// <summary>Makes an SMS template.</summary>
    internal static async Task<IResult> CreateAsync(HttpContext http, IOrganizationStore organizations)
    {
        if (await http.ReadAsync(ApiJson.Default.SmsTemplateRequest) is not { } body) return ApiErrors.NotWellFormed.ToResult();
        var by = http.By();
        return await organizations.ChangeAsync((organization, now) => organization.SmsTemplates.Count >= SmsTemplateRules.MostTemplates
            ? new(ApiErrors.Validation("template", $"There may be at most {SmsTemplateRules.MostTemplates} templates.").ToResult())
            : Keep(organization, body.Apply(new SmsTemplate
            {
                Id = Identifier.New(SmsTemplate.IdPrefix, now),
                Name = "",
                Type = "",
                Template = "",
                Created = now.ToWholeSeconds(),
                LastUpdated = now.ToWholeSeconds(),
            }), LogEventTypes.SmsTemplateCreate, by), http.RequestAborted);
    }

    /// <summary>Shows an SMS template.</summary>
    internal static async Task<IResult> GetAsync(HttpContext http, string templateId, IOrganizationStore organizations, TimeProvider clock)
        => templateId == SmsTemplate.DefaultId ? new JsonResult(Document(SmsTemplate.Default(clock.GetUtcNow())))
            : (await organizations.GetAsync(http.RequestAborted)).SmsTemplates.TryGetValue(templateId, out var template) ? new JsonResult(Document(template))
            : NotFound(templateId);

    /// <summary>Changes what is given; a translation that is empty or null goes.</summary>
    internal static Task<IResult> UpdateAsync(HttpContext http, string templateId, IOrganizationStore organizations)
        => ChangeAsync(http, templateId, organizations, (template, body) => body.Apply(template));

    /// <summary>Replaces an SMS template; translations that are not given go.</summary>
    internal static Task<IResult> ReplaceAsync(HttpContext http, string templateId, IOrganizationStore organizations)
        => ChangeAsync(http, templateId, organizations, (template, body) => body.Apply(template with
        {
            Name = "",
            Type = "",
            Template = "",
            Translations = ImmutableSortedDictionary<string, string>.Empty,
        }));

    /// <summary>Removes an SMS template. One that is not there is gone, too.</summary>
    internal static async Task<IResult> DeleteAsync(HttpContext http, string templateId, IOrganizationStore organizations)
    {
        var by = http.By();
        return await organizations.ChangeAsync<IResult>((organization, _) => organization.SmsTemplates.TryGetValue(templateId, out var template)
            ? new(NoContentResult.Instance, organization with { SmsTemplates = organization.SmsTemplates.Remove(templateId) }, Event(LogEventTypes.SmsTemplateDelete, template, by))
            : new(NoContentResult.Instance), http.RequestAborted);
    }

    private static async Task<IResult> ChangeAsync(
        HttpContext http, string templateId, IOrganizationStore organizations, Func<SmsTemplate, SmsTemplateRequest, SmsTemplate> change)
    {
        if (await http.ReadAsync(ApiJson.Default.SmsTemplateRequest) is not { } body) return ApiErrors.NotWellFormed.ToResult();
        if (templateId == SmsTemplate.DefaultId) return ApiErrors.ReadOnly("default SMS template").ToResult();
        var by = http.By();
        return await organizations.ChangeAsync((organization, now) => organization.SmsTemplates.TryGetValue(templateId, out var template)
            ? Keep(organization, change(template, body) with { LastUpdated = now.ToWholeSeconds() }, LogEventTypes.SmsTemplateUpdate, by)
            : new(NotFound(templateId)), http.RequestAborted);
    }

    private static OrganizationChange<IResult> Keep(OrganizationSettings organization, SmsTemplate template, string eventType, RequestContext by)
    {
        if (SmsTemplateRules.Check(template) is { } wrong) return new(ApiErrors.Validation(wrong.Field, wrong.Cause).ToResult());
        if (organization.SmsTemplates.Values.Any(other => other.Type == template.Type && other.Id != template.Id))
            return new(ApiErrors.Validation("type", "type: An object with this field already exists in the current organization").ToResult());
        return new(new JsonResult(Document(template)), organization with { SmsTemplates = organization.SmsTemplates.SetItem(template.Id, template) }, Event(eventType, template, by));
    }

    private static ErrorResult NotFound(string templateId) => ApiErrors.NotFound(templateId, TypeInErrors).ToResult();

    private static LogEvent Event(string eventType, SmsTemplate template, RequestContext by) => new()
    {
        EventType = eventType,
        Actor = by.Actor,
        Targets = [new LogSubject(template.Id, "SmsTemplate", "unknown", template.Name)],
        Request = by,
    };

    private static JsonObject Document(SmsTemplate template)
    {
        var document = new JsonObject
        {
            ["id"] = template.Id,
            ["name"] = template.Name,
            ["type"] = template.Type,
            ["template"] = template.Template,
            ["created"] = template.Created.ToTimestamp(),
            ["lastUpdated"] = template.LastUpdated.ToTimestamp(),
        };
        if (!template.Translations.IsEmpty)
            document["translations"] = new JsonObject(template.Translations.Select(translation => KeyValuePair.Create(translation.Key, (JsonNode?)translation.Value)));
        return document;
    }
}
