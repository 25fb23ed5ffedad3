using System.Text.Json.Nodes;
using Countersign.Delivery.EventHooks;
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

/// <summary>The event hooks: services of the organisation's own that are told of events (contract 15.3).</summary>
internal static class EventHookEndpoints
{
    private const string Read = "okta.eventHooks.read", Manage = "okta.eventHooks.manage", TypeInErrors = "EventHook";
    private const int ChallengeLength = 32, VerificationTries = 2;

    public static void MapEventHooks(this IEndpointRouteBuilder routes)
    {
        var hooks = routes.MapGroup("/api/v1/eventHooks").WithTags("Event hooks").InRateLimitGroup("Hooks");
        hooks.MapGet("/", ListAsync).WithName("ListEventHooks").RequireScope(Read).Answers<EventHookShape[]>();
        hooks.MapPost("/", CreateAsync).WithName("CreateEventHook").RequireScope(Manage).TakesBody<EventHookRequest>().Answers<EventHookShape>();
        hooks.MapGet("/{eventHookId}", GetAsync).WithName("GetEventHook").RequireScope(Read).Answers<EventHookShape>();
        hooks.MapPut("/{eventHookId}", ReplaceAsync).WithName("ReplaceEventHook").RequireScope(Manage).TakesBody<EventHookRequest>().Answers<EventHookShape>();
        hooks.MapDelete("/{eventHookId}", DeleteAsync).WithName("DeleteEventHook").RequireScope(Manage).AnswersNothing();
        hooks.MapPost("/{eventHookId}/lifecycle/activate", ActivateAsync).WithName("ActivateEventHook").RequireScope(Manage).Answers<EventHookShape>();
        hooks.MapPost("/{eventHookId}/lifecycle/deactivate", DeactivateAsync).WithName("DeactivateEventHook").RequireScope(Manage).Answers<EventHookShape>();
        hooks.MapPost("/{eventHookId}/lifecycle/verify", VerifyAsync).WithName("VerifyEventHook").RequireScope(Manage).Answers<EventHookShape>()
            .Produces<ErrorShape>(StatusCodes.Status400BadRequest, "application/json");
    }

    /// <summary>Lists the event hooks.</summary>
    internal static async Task<IResult> ListAsync(HttpContext http, IOrganizationStore organizations, PublicUrl publicUrl)
        => new JsonResult(new JsonArray([.. (await organizations.GetAsync(http.RequestAborted)).EventHooks.Values.Select(hook => HookDocuments.Document(hook, publicUrl.Of(http)))]));

    /// <summary>Makes an event hook, which is active at once. It is told of nothing before it is verified.</summary>
    internal static async Task<IResult> CreateAsync(HttpContext http, IOrganizationStore organizations, IVault vault, PublicUrl publicUrl, TimeProvider clock)
    {
        if (await http.ReadAsync(ApiJson.Default.EventHookRequest) is not { } body) return ApiErrors.NotWellFormed.ToResult();
        if (Check(body) is { } wrong) return wrong.ToResult();
        var (id, by, baseUrl) = (Identifier.New(EventHook.IdPrefix, clock.GetUtcNow()), http.By(), publicUrl.Of(http));
        var authValue = HookChanges.SealValue(body.Channel, id, vault);
        return await organizations.ChangeAsync((organization, now) => organization.EventHooks.Count >= HookRules.MostHooks
            ? new(HookChanges.TooMany("eventHook"))
            : Keep(organization, body.Apply(new EventHook
            {
                Id = id,
                Name = "",
                Events = [],
                Uri = "",
                Created = now.ToWholeSeconds(),
                LastUpdated = now.ToWholeSeconds(),
                CreatedBy = by.Actor.Id,
            }, authValue), LogEventTypes.EventHookCreated, by, baseUrl), http.RequestAborted);
    }

    /// <summary>Shows an event hook.</summary>
    internal static async Task<IResult> GetAsync(HttpContext http, string eventHookId, IOrganizationStore organizations, PublicUrl publicUrl)
        => (await organizations.GetAsync(http.RequestAborted)).EventHooks.TryGetValue(eventHookId, out var hook)
            ? new JsonResult(HookDocuments.Document(hook, publicUrl.Of(http))) : NotFound(eventHookId);

    /// <summary>Replaces an event hook. With another address or another header that authenticates, it must be verified again; the value of that header stays unless a new one is given.</summary>
    internal static async Task<IResult> ReplaceAsync(HttpContext http, string eventHookId, IOrganizationStore organizations, IVault vault, PublicUrl publicUrl)
    {
        if (await http.ReadAsync(ApiJson.Default.EventHookRequest) is not { } body) return ApiErrors.NotWellFormed.ToResult();
        if (Check(body) is { } wrong) return wrong.ToResult();
        var (by, baseUrl, authValue) = (http.By(), publicUrl.Of(http), HookChanges.SealValue(body.Channel, eventHookId, vault));
        return await organizations.ChangeAsync((organization, now) =>
        {
            if (!organization.EventHooks.TryGetValue(eventHookId, out var hook)) return new(NotFound(eventHookId));
            var empty = hook with { Name = "", Description = null, Events = [], Uri = "", Headers = [], AuthHeader = null };
            var replaced = HookChanges.KeepSecret(hook, body.Apply(empty, authValue), authValue) with { LastUpdated = now.ToWholeSeconds() };
            if (HookRules.Check(replaced) is null && !IsSameEndpoint(vault.Open(hook), vault.Open(replaced))) replaced = replaced with { IsVerified = false, After = 0 };
            return Keep(organization, replaced, LogEventTypes.EventHookUpdated, by, baseUrl);
        }, http.RequestAborted);
    }

    /// <summary>Removes an event hook for ever. It must be inactive.</summary>
    internal static async Task<IResult> DeleteAsync(HttpContext http, string eventHookId, IOrganizationStore organizations)
    {
        var by = http.By();
        return await organizations.ChangeAsync<IResult>((organization, _) => !organization.EventHooks.TryGetValue(eventHookId, out var hook) ? new(NotFound(eventHookId))
            : hook.IsActive ? new(ApiErrors.NotInExpectedState.ToResult())
            : new(NoContentResult.Instance, organization with { EventHooks = organization.EventHooks.Remove(eventHookId) },
                HookChanges.Event(LogEventTypes.EventHookDeleted, hook, by)), http.RequestAborted);
    }

    /// <summary>Switches an event hook on. Of what happened while it was off it is not told.</summary>
    internal static Task<IResult> ActivateAsync(HttpContext http, string eventHookId, IOrganizationStore organizations, ISystemLog log, PublicUrl publicUrl)
        => SwitchAsync(http, eventHookId, isActive: true, organizations, log, publicUrl);

    /// <summary>Switches an event hook off.</summary>
    internal static Task<IResult> DeactivateAsync(HttpContext http, string eventHookId, IOrganizationStore organizations, ISystemLog log, PublicUrl publicUrl)
        => SwitchAsync(http, eventHookId, isActive: false, organizations, log, publicUrl);

    /// <summary>Asks the service once whether it expects events of this hook, and once more when that fails. From then on it is told of events.</summary>
    internal static async Task<IResult> VerifyAsync(
        HttpContext http, string eventHookId, IOrganizationStore organizations, EventHookClient client, ISystemLog log, IVault vault, PublicUrl publicUrl)
    {
        // As it is at this moment: what other nodes changed is seen.
        var hook = await organizations.ChangeAsync((organization, _) => new OrganizationChange<EventHook?>(organization.EventHooks.GetValueOrDefault(eventHookId)), http.RequestAborted);
        if (hook is null) return NotFound(eventHookId);
        var asked = vault.Open(hook);
        if (await AskAsync(asked.Channel, client, http.RequestAborted) is { } fault) return ApiErrors.Validation("eventHook", $"The endpoint could not be verified: {fault}").ToResult();
        var (_, last) = await log.BoundsAsync(http.RequestAborted);
        var (by, baseUrl) = (http.By(), publicUrl.Of(http));
        return await organizations.ChangeAsync((organization, now) => !organization.EventHooks.TryGetValue(eventHookId, out var found) ? new(NotFound(eventHookId))
            : !IsSameEndpoint(asked, vault.Open(found)) ? new(ApiErrors.Validation("eventHook", "The hook was changed while it was verified.").ToResult())
            : Keep(organization, found with { IsVerified = true, After = found.IsVerified ? found.After : last, LastUpdated = now.ToWholeSeconds() },
                LogEventTypes.EventHookVerified, by, baseUrl), http.RequestAborted);
    }

    private static async Task<string?> AskAsync(HookChannel channel, EventHookClient client, CancellationToken cancellationToken)
    {
        var challenge = Identifier.NewSecret(ChallengeLength);
        for (var tries = 1; ; tries++)
        {
            var fault = await client.VerifyAsync(channel, challenge, cancellationToken) switch
            {
                EventHookVerification.Verified => null,
                EventHookVerification.Refused refused => refused.Reason,
                EventHookVerification.Silent silent => silent.Reason,
                _ => throw new System.Diagnostics.UnreachableException(),
            };
            if (fault is null || tries == VerificationTries) return fault;
        }
    }

    private static async Task<IResult> SwitchAsync(
        HttpContext http, string eventHookId, bool isActive, IOrganizationStore organizations, ISystemLog log, PublicUrl publicUrl)
    {
        var (by, baseUrl) = (http.By(), publicUrl.Of(http));
        var (_, last) = await log.BoundsAsync(http.RequestAborted);
        return await organizations.ChangeAsync((organization, now) => !organization.EventHooks.TryGetValue(eventHookId, out var hook) ? new(NotFound(eventHookId))
            : hook.IsActive == isActive ? new(new JsonResult(HookDocuments.Document(hook, baseUrl)))
            : Keep(organization, hook with { IsActive = isActive, After = isActive && hook.IsVerified ? last : hook.After, LastUpdated = now.ToWholeSeconds() },
                isActive ? LogEventTypes.EventHookActivated : LogEventTypes.EventHookDeactivated, by, baseUrl), http.RequestAborted);
    }

    private static ApiError? Check(EventHookRequest body)
        => (body.Check() ?? HookChannelRequest.Check(body.Channel, isWhole: true)) is { } wrong ? ApiErrors.Validation(wrong.Field, wrong.Cause) : null;

    private static OrganizationChange<IResult> Keep(OrganizationSettings organization, EventHook hook, string eventType, RequestContext by, string baseUrl)
        => HookRules.Check(hook) is { } wrong ? new(ApiErrors.Validation(wrong.Field, wrong.Cause).ToResult())
            : new(new JsonResult(HookDocuments.Document(hook, baseUrl)), organization with { EventHooks = organization.EventHooks.SetItem(hook.Id, hook) },
                HookChanges.Event(eventType, hook, by));

    private static bool IsSameEndpoint(HookEndpoint one, HookEndpoint other)
        => one.Channel.Uri.AbsoluteUri == other.Channel.Uri.AbsoluteUri && one.Channel.Authentication == other.Channel.Authentication;

    private static ErrorResult NotFound(string eventHookId) => ApiErrors.NotFound(eventHookId, TypeInErrors).ToResult();
}
