using Countersign.Hooks;
using Countersign.Requests;
using Countersign.Sealing;
using Countersign.Server.Errors;
using Countersign.SystemLog;

namespace Countersign.Server.Hooks;

/// <summary>What changes of inline hooks and of event hooks have in common.</summary>
internal static class HookChanges
{
    /// <summary>The given value of the header that authenticates, sealed; null when none is given. The channel must have been checked.</summary>
    public static SealedSecret? SealValue(HookChannelRequest? channel, string hookId, IVault vault)
        => channel?.Config?.AuthScheme?.Value is { } value ? vault.Seal(value, hookId) : null;

    /// <summary>
    /// The changed hook without its secret when it moved to another service and was not given the secret anew: whoever may change a hook may not have its secret sent elsewhere.
    /// </summary>
    public static T KeepSecret<T>(T before, T after, SealedSecret? given) where T : Hook
        => given is not null || IsSameService(before.Uri, after.Uri) ? after : after with { AuthValue = null };

    private static bool IsSameService(string one, string other)
        => Uri.TryCreate(one, UriKind.Absolute, out var first) && Uri.TryCreate(other, UriKind.Absolute, out var second)
            && first.GetLeftPart(UriPartial.Authority) == second.GetLeftPart(UriPartial.Authority);

    public static ErrorResult TooMany(string subject) => ApiErrors.Validation(subject, $"There may be at most {HookRules.MostHooks} hooks.").ToResult();

    /// <summary>An event of a hook.</summary>
    public static LogEvent Event(string eventType, Hook hook, RequestContext by) => new()
    {
        EventType = eventType,
        Actor = by.Actor,
        Targets = [new LogSubject(hook.Id, hook is InlineHook ? "InlineHook" : "EventHook", "unknown", hook.Name)],
        Request = by,
    };
}
