using System.Text.Json.Nodes;
using Countersign.Delivery.TelephonyHook;
using Countersign.Hooks;
using Countersign.Identifiers;
using Countersign.Organization;
using Countersign.Requests;
using Countersign.Sealing;
using Countersign.Server.Errors;
using Countersign.Server.Json;
using Countersign.Server.OpenApi;
using Countersign.Server.Requests;
using Countersign.SystemLog;

namespace Countersign.Server.Hooks;

/// <summary>The inline hooks: services of the organisation's own that are asked while a message is sent (contract 15.1).</summary>
internal static class InlineHookEndpoints
{
    private const string Read = "okta.inlineHooks.read", Manage = "okta.inlineHooks.manage", TypeInErrors = "InlineHook";

    public static void MapInlineHooks(this IEndpointRouteBuilder routes)
    {
        var hooks = routes.MapGroup("/api/v1/inlineHooks").WithTags("Inline hooks").InRateLimitGroup("Hooks");
        hooks.MapGet("/", ListAsync).WithName("ListInlineHooks").RequireScope(Read).Answers<InlineHookShape[]>().TakesQuery("type", "only hooks of this type");
        hooks.MapPost("/", CreateAsync).WithName("CreateInlineHook").RequireScope(Manage).TakesBody<InlineHookRequest>().Answers<InlineHookShape>();
        hooks.MapGet("/{inlineHookId}", GetAsync).WithName("GetInlineHook").RequireScope(Read).Answers<InlineHookShape>();
        hooks.MapPost("/{inlineHookId}", UpdateAsync).WithName("UpdateInlineHook").RequireScope(Manage).TakesBody<InlineHookRequest>().Answers<InlineHookShape>();
        hooks.MapPut("/{inlineHookId}", ReplaceAsync).WithName("ReplaceInlineHook").RequireScope(Manage).TakesBody<InlineHookRequest>().Answers<InlineHookShape>();
        hooks.MapDelete("/{inlineHookId}", DeleteAsync).WithName("DeleteInlineHook").RequireScope(Manage).AnswersNothing();
        hooks.MapPost("/{inlineHookId}/lifecycle/activate", ActivateAsync).WithName("ActivateInlineHook").RequireScope(Manage).Answers<InlineHookShape>();
        hooks.MapPost("/{inlineHookId}/lifecycle/deactivate", DeactivateAsync).WithName("DeactivateInlineHook").RequireScope(Manage).Answers<InlineHookShape>();
        hooks.MapPost("/{inlineHookId}/execute", ExecuteAsync).WithName("ExecuteInlineHook").RequireScope(Manage).TakesBody<ExecuteInlineHookRequest>().Answers<JsonObject>();
    }

    /// <summary>Lists the inline hooks.</summary>
    internal static async Task<IResult> ListAsync(HttpContext http, IOrganizationStore organizations, PublicUrl publicUrl)
    {
        var type = Query.ReadText(http, "type");
        if (type is not null && !InlineHook.Types.Contains(type)) return ApiErrors.Validation("type", "The field has an invalid value").ToResult();
        var hooks = (await organizations.GetAsync(http.RequestAborted)).InlineHooks.Values;
        return new JsonResult(new JsonArray([.. hooks.Where(hook => type is null || hook.Type == type).Select(hook => HookDocuments.Document(hook, publicUrl.Of(http)))]));
    }

    /// <summary>Makes an inline hook, which is active at once. One telephony hook may be active.</summary>
    internal static async Task<IResult> CreateAsync(HttpContext http, IOrganizationStore organizations, IVault vault, PublicUrl publicUrl, TimeProvider clock)
    {
        if (await http.ReadAsync(ApiJson.Default.InlineHookRequest) is not { } body) return ApiErrors.NotWellFormed.ToResult();
        if (HookChannelRequest.Check(body.Channel, isWhole: true) is { } wrong) return ApiErrors.Validation(wrong.Field, wrong.Cause).ToResult();
        var (id, by, baseUrl) = (Identifier.New(InlineHook.IdPrefix, clock.GetUtcNow()), http.By(), publicUrl.Of(http));
        var authValue = HookChanges.SealValue(body.Channel, id, vault);
        return await organizations.ChangeAsync((organization, now) => organization.InlineHooks.Count >= HookRules.MostHooks
            ? new(HookChanges.TooMany("inlineHook"))
            : Keep(organization, body.Apply(new InlineHook
            {
                Id = id,
                Name = "",
                Type = body.Type ?? "",
                Version = "",
                Uri = "",
                Created = now.ToWholeSeconds(),
                LastUpdated = now.ToWholeSeconds(),
                CreatedBy = by.Actor.Id,
            }, authValue), LogEventTypes.InlineHookCreated, by, baseUrl), http.RequestAborted);
    }

    /// <summary>Shows an inline hook.</summary>
    internal static async Task<IResult> GetAsync(HttpContext http, string inlineHookId, IOrganizationStore organizations, PublicUrl publicUrl)
        => (await organizations.GetAsync(http.RequestAborted)).InlineHooks.TryGetValue(inlineHookId, out var hook)
            ? new JsonResult(HookDocuments.Document(hook, publicUrl.Of(http))) : NotFound(inlineHookId);

    /// <summary>Changes what is given.</summary>
    internal static Task<IResult> UpdateAsync(HttpContext http, string inlineHookId, IOrganizationStore organizations, IVault vault, PublicUrl publicUrl)
        => ChangeAsync(http, inlineHookId, organizations, vault, publicUrl, isWhole: false);

    /// <summary>Replaces everything but the type and the value of the header that authenticates, which stays unless a new one is given.</summary>
    internal static Task<IResult> ReplaceAsync(HttpContext http, string inlineHookId, IOrganizationStore organizations, IVault vault, PublicUrl publicUrl)
        => ChangeAsync(http, inlineHookId, organizations, vault, publicUrl, isWhole: true);

    /// <summary>Removes an inline hook for ever. It must be inactive.</summary>
    internal static async Task<IResult> DeleteAsync(HttpContext http, string inlineHookId, IOrganizationStore organizations)
    {
        var by = http.By();
        return await organizations.ChangeAsync<IResult>((organization, _) => !organization.InlineHooks.TryGetValue(inlineHookId, out var hook) ? new(NotFound(inlineHookId))
            : hook.IsActive ? new(ApiErrors.NotInExpectedState.ToResult())
            : new(NoContentResult.Instance, organization with { InlineHooks = organization.InlineHooks.Remove(inlineHookId) },
                HookChanges.Event(LogEventTypes.InlineHookDeleted, hook, by)), http.RequestAborted);
    }

    /// <summary>Switches an inline hook on.</summary>
    internal static Task<IResult> ActivateAsync(HttpContext http, string inlineHookId, IOrganizationStore organizations, PublicUrl publicUrl)
        => SwitchAsync(http, inlineHookId, isActive: true, organizations, publicUrl);

    /// <summary>Switches an inline hook off.</summary>
    internal static Task<IResult> DeactivateAsync(HttpContext http, string inlineHookId, IOrganizationStore organizations, PublicUrl publicUrl)
        => SwitchAsync(http, inlineHookId, isActive: false, organizations, publicUrl);

    /// <summary>Sends the body to an inline hook as a preview, and answers what it answers.</summary>
    internal static async Task<IResult> ExecuteAsync(
        HttpContext http, string inlineHookId, IOrganizationStore organizations, TelephonyHookClient client, ISystemLog log, IVault vault)
    {
        if (await http.ReadAsync(ApiJson.Default.ExecuteInlineHookRequest) is not { } body) return ApiErrors.NotWellFormed.ToResult();
        if (!(await organizations.GetAsync(http.RequestAborted)).InlineHooks.TryGetValue(inlineHookId, out var hook)) return NotFound(inlineHookId);
        var preview = await client.ExecuteAsync(vault.Open(hook).Channel, body.Members ?? [], http.RequestAborted);
        var (result, fault) = preview switch
        {
            HookPreview.Answered { Status: StatusCodes.Status200OK } answer => (new JsonResult(JsonObject.Create(answer.Body)!), null),
            HookPreview.Answered answer => ((IResult)ApiErrors.HookRefused.Because($"status {answer.Status}").ToResult(), $"status {answer.Status}"),
            HookPreview.Unreadable unreadable => (ApiErrors.HookUnreadable.Because(unreadable.Reason).ToResult(), unreadable.Reason),
            HookPreview.Silent silent => (ApiErrors.HookSilent.Because(silent.Reason).ToResult(), silent.Reason),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
        var logged = HookChanges.Event(LogEventTypes.InlineHookExecuted, hook, http.By());
        await log.WriteAsync(fault is null ? logged : logged with { Outcome = "FAILURE", Reason = fault }, http.RequestAborted);
        return result;
    }

    private static async Task<IResult> ChangeAsync(HttpContext http, string inlineHookId, IOrganizationStore organizations, IVault vault, PublicUrl publicUrl, bool isWhole)
    {
        if (await http.ReadAsync(ApiJson.Default.InlineHookRequest) is not { } body) return ApiErrors.NotWellFormed.ToResult();
        if (HookChannelRequest.Check(body.Channel, isWhole) is { } wrong) return ApiErrors.Validation(wrong.Field, wrong.Cause).ToResult();
        var (by, baseUrl, authValue) = (http.By(), publicUrl.Of(http), HookChanges.SealValue(body.Channel, inlineHookId, vault));
        return await organizations.ChangeAsync((organization, now) =>
        {
            if (!organization.InlineHooks.TryGetValue(inlineHookId, out var hook)) return new(NotFound(inlineHookId));
            if (body.Type is { } type && type != hook.Type) return new(ApiErrors.Validation("type", "type: The field cannot be changed").ToResult());
            var before = isWhole ? hook with { Name = "", Version = "", Uri = "", Method = "POST", Headers = [], AuthHeader = null } : hook;
            return Keep(organization, HookChanges.KeepSecret(hook, body.Apply(before, authValue), authValue) with { LastUpdated = now.ToWholeSeconds() }, LogEventTypes.InlineHookUpdated, by, baseUrl);
        }, http.RequestAborted);
    }

    private static async Task<IResult> SwitchAsync(HttpContext http, string inlineHookId, bool isActive, IOrganizationStore organizations, PublicUrl publicUrl)
    {
        var (by, baseUrl) = (http.By(), publicUrl.Of(http));
        return await organizations.ChangeAsync((organization, now) => !organization.InlineHooks.TryGetValue(inlineHookId, out var hook) ? new(NotFound(inlineHookId))
            : hook.IsActive == isActive ? new(new JsonResult(HookDocuments.Document(hook, baseUrl)))
            : Keep(organization, hook with { IsActive = isActive, LastUpdated = now.ToWholeSeconds() },
                isActive ? LogEventTypes.InlineHookActivated : LogEventTypes.InlineHookDeactivated, by, baseUrl), http.RequestAborted);
    }

    private static OrganizationChange<IResult> Keep(OrganizationSettings organization, InlineHook hook, string eventType, RequestContext by, string baseUrl)
    {
        if (HookRules.Check(hook) is { } wrong) return new(ApiErrors.Validation(wrong.Field, wrong.Cause).ToResult());
        if (hook is { IsActive: true, Type: InlineHook.Telephony } && organization.TelephonyHook is { } other && other.Id != hook.Id)
            return new(ApiErrors.Validation("inlineHook", "There may be one active telephony hook.").ToResult());
        return new(new JsonResult(HookDocuments.Document(hook, baseUrl)), organization with { InlineHooks = organization.InlineHooks.SetItem(hook.Id, hook) },
            HookChanges.Event(eventType, hook, by));
    }

    private static ErrorResult NotFound(string inlineHookId) => ApiErrors.NotFound(inlineHookId, TypeInErrors).ToResult();
}
