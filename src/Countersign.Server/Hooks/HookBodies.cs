using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Countersign.Hooks;
using Countersign.Sealing;

namespace Countersign.Server.Hooks;

/// <summary>The body that makes or changes an inline hook (contract 15.1).</summary>
internal sealed record InlineHookRequest
{
    /// <summary>The name, 1 to 255 characters.</summary>
    public string? Name { get; init; }
    /// <summary>The type, for example <c>com.okta.telephony.provider</c>; cannot be changed later.</summary>
    public string? Type { get; init; }
    /// <summary>The version of the type: <c>1.0.0</c>.</summary>
    public string? Version { get; init; }
    /// <summary>How your service is called.</summary>
    public HookChannelRequest? Channel { get; init; }

    /// <summary>The hook with what is given.</summary>
    public InlineHook Apply(InlineHook hook, SealedSecret? authValue) => (InlineHook)HookChannelRequest.Apply(Channel, authValue, Channel?.Config?.Method, hook with
    {
        Name = Name ?? hook.Name,
        Version = Version ?? hook.Version,
    });
}

/// <summary>The body that makes or changes an event hook (contract 15.3).</summary>
internal sealed record EventHookRequest
{
    /// <summary>The name, 1 to 255 characters.</summary>
    public string? Name { get; init; }
    /// <summary>What it is for; at most 1,000 characters.</summary>
    public string? Description { get; init; }
    /// <summary>The events that your service is told of.</summary>
    public EventSubscriptionsRequest? Events { get; init; }
    /// <summary>How your service is called.</summary>
    public HookChannelRequest? Channel { get; init; }

    /// <summary>The hook with what is given.</summary>
    public EventHook Apply(EventHook hook, SealedSecret? authValue) => (EventHook)HookChannelRequest.Apply(Channel, authValue, method: null, hook with
    {
        Name = Name ?? hook.Name,
        Description = Description ?? hook.Description,
        Events = Events?.Items is { } items ? [.. items.Select(item => item ?? "").Distinct(StringComparer.Ordinal)] : hook.Events,
    });

    /// <summary>The first thing that is wrong and that a hook does not show; null when nothing is.</summary>
    public (string Field, string Cause)? Check()
        => Events?.Type is not (null or "EVENT_TYPE") ? ("events.type", "The field has an invalid value")
            : Events?.Filter is not null ? ("events.filter", "events.filter: is not supported; leave it out")
            : Events is not null && Events.Type is null ? ("events.type", "events.type: The field cannot be left blank")
            : null;
}

/// <summary>Which events an event hook is told of.</summary>
internal sealed record EventSubscriptionsRequest
{
    /// <summary><c>EVENT_TYPE</c>.</summary>
    public string? Type { get; init; }
    /// <summary>1 to 100 event types of the system log.</summary>
    public string?[]? Items { get; init; }
    /// <summary>Not supported: leave it out, or <c>null</c>.</summary>
    public JsonObject? Filter { get; init; }
}

/// <summary>How a hook is called.</summary>
internal sealed record HookChannelRequest
{
    /// <summary><c>HTTP</c>.</summary>
    public string? Type { get; init; }
    /// <summary><c>1.0.0</c>.</summary>
    public string? Version { get; init; }
    /// <summary>The address and what is sent with every call.</summary>
    public HookConfigRequest? Config { get; init; }

    /// <summary>The hook with what is given of a channel.</summary>
    public static Hook Apply(HookChannelRequest? channel, SealedSecret? authValue, string? method, Hook hook)
    {
        if (channel?.Config is not { } config) return hook;
        var header = config.AuthScheme is { } scheme ? scheme.Key ?? hook.AuthHeader ?? "" : hook.AuthHeader;
        return hook with
        {
            Uri = config.Uri ?? hook.Uri,
            Method = method ?? hook.Method,
            Headers = config.Headers is { } headers ? [.. headers.OfType<HookHeaderRequest>().Select(one => new HookHeader(one.Key ?? "", one.Value ?? ""))] : hook.Headers,
            AuthHeader = header,
            AuthValue = header is null ? null : authValue ?? hook.AuthValue,
        };
    }

    /// <summary>The first thing that is wrong and that a hook does not show; null when nothing is.</summary>
    /// <param name="channel">The channel as it is given.</param>
    /// <param name="isWhole">Whether all of it has to be given.</param>
    public static (string Field, string Cause)? Check(HookChannelRequest? channel, bool isWhole)
    {
        if (channel is null) return isWhole ? Blank("channel") : null;
        if (channel.Type is null ? isWhole : channel.Type != "HTTP") return channel.Type is null ? Blank("channel.type") : ("channel.type", "The field has an invalid value");
        if (channel.Version is null ? isWhole : channel.Version != HookRules.Version)
            return channel.Version is null ? Blank("channel.version") : ("channel.version", $"channel.version: must be {HookRules.Version}");
        if (channel.Config is null) return isWhole ? Blank("channel.config") : null;
        if (channel.Config.AuthScheme is not { } scheme) return null;
        if (scheme.Type is null ? isWhole : !scheme.Type.Equals("HEADER", StringComparison.OrdinalIgnoreCase))
            return scheme.Type is null ? Blank("authScheme.type") : ("authScheme.type", "The field has an invalid value");
        return scheme.Value is { } value ? HookRules.CheckAuthValue(value) : null;
    }

    private static (string, string) Blank(string field) => (field, $"{field}: The field cannot be left blank");
}

/// <summary>The address of a hook and what is sent with every call.</summary>
internal sealed record HookConfigRequest
{
    /// <summary>An absolute <c>https</c> address, at most 1,024 characters; <c>http</c> is for addresses of the same host alone.</summary>
    public string? Uri { get; init; }
    /// <summary><c>POST</c>.</summary>
    public string? Method { get; init; }
    /// <summary>At most 20 further headers.</summary>
    public HookHeaderRequest?[]? Headers { get; init; }
    /// <summary>The header by which your service knows that it is called by this one.</summary>
    public HookAuthRequest? AuthScheme { get; init; }
}

/// <summary>A header that is sent with every call.</summary>
internal sealed record HookHeaderRequest
{
    /// <summary>The name.</summary>
    public string? Key { get; init; }
    /// <summary>The value; it is shown, so put no secret here.</summary>
    public string? Value { get; init; }
}

/// <summary>The header by which a service knows who calls.</summary>
internal sealed record HookAuthRequest
{
    /// <summary><c>HEADER</c>.</summary>
    public string? Type { get; init; }
    /// <summary>The header's name, for example <c>Authorization</c>.</summary>
    public string? Key { get; init; }
    /// <summary>The header's value, at most 512 characters. It is never shown; a change that leaves it out keeps it.</summary>
    public string? Value { get; init; }
}

/// <summary>What is sent to an inline hook as a preview.</summary>
internal sealed record ExecuteInlineHookRequest
{
    /// <summary>All of it, as it is.</summary>
    [JsonExtensionData]
    public JsonObject? Members { get; set; }
}
