using System.Collections.Frozen;
using System.Collections.Immutable;
using Countersign.Sealing;
using Countersign.SystemLog;

namespace Countersign.Hooks;

/// <summary>A hook: an address of the organisation's that is asked or told (contract 15).</summary>
public abstract record Hook
{
    /// <summary>The id.</summary>
    public required string Id { get; init; }
    /// <summary>The name; 1 to 255 characters.</summary>
    public required string Name { get; init; }
    /// <summary>Whether it is in use.</summary>
    public bool IsActive { get; init; } = true;
    /// <summary>When it was made; whole seconds.</summary>
    public required DateTimeOffset Created { get; init; }
    /// <summary>When it last changed; whole seconds.</summary>
    public required DateTimeOffset LastUpdated { get; init; }
    /// <summary>Who made it: a user's id.</summary>
    public required string CreatedBy { get; init; }
    /// <summary>The address.</summary>
    public required string Uri { get; init; }
    /// <summary>The method: <c>POST</c>, or another one that an inline hook names.</summary>
    public string Method { get; init; } = "POST";
    /// <summary>Fixed headers of every request.</summary>
    public ImmutableArray<HookHeader> Headers { get; init; } = [];
    /// <summary>The name of the header that authenticates; null for none.</summary>
    public string? AuthHeader { get; init; }
    /// <summary>The value of that header, sealed for <see cref="Owner"/>.</summary>
    public SealedSecret? AuthValue { get; init; }

    /// <summary>The owner's name that a hook's secret is bound to.</summary>
    public static string Owner(string hookId) => $"hook/{hookId}";
}

/// <summary>An inline hook (contract 15.1): asked while a message is sent.</summary>
public sealed record InlineHook : Hook
{
    /// <summary>The prefix of every inline hook's id.</summary>
    public const string IdPrefix = "cal";
    /// <summary>The type that sends SMS and calls.</summary>
    public const string Telephony = "com.okta.telephony.provider";
    /// <summary>The types that a hook can be registered for. Of these, <see cref="Telephony"/> alone is asked by this service.</summary>
    public static readonly FrozenSet<string> Types = FrozenSet.Create(StringComparer.Ordinal, Telephony, "com.okta.import.transform", "com.okta.oauth2.tokens.transform",
        "com.okta.saml.tokens.transform", "com.okta.user.credential.password.import", "com.okta.user.pre-registration");

    /// <summary>The type.</summary>
    public required string Type { get; init; }
    /// <summary>The version of the type, for example <c>1.0.0</c>.</summary>
    public required string Version { get; init; }
}

/// <summary>An event hook (contract 15.3): told of events of the system log.</summary>
public sealed record EventHook : Hook
{
    /// <summary>The prefix of every event hook's id.</summary>
    public const string IdPrefix = "who";

    /// <summary>What it is for, in a person's words; null for nothing.</summary>
    public string? Description { get; init; }
    /// <summary>The event types that it is told of.</summary>
    public required ImmutableArray<string> Events { get; init; }
    /// <summary>Whether the address proved that it expects events; nothing is sent before.</summary>
    public bool IsVerified { get; init; }
    /// <summary>The number of the last event of the system log before it was verified or switched on: only later ones are sent.</summary>
    public long After { get; init; }

    /// <summary>Whether it is told of an event. Events of event hooks themselves are sent to none, or hooks would feed on themselves.</summary>
    public bool Wants(LogEntry entry) => IsActive && IsVerified && entry.Seq > After && !IsOwn(entry.Event.EventType) && Events.Contains(entry.Event.EventType);

    /// <summary>Whether hooks can be told of events of this type.</summary>
    public static bool CanBeTold(string eventType) => LogEventTypes.IsKnown(eventType) && !IsOwn(eventType);

    // Calling a hook may cause these: it would be told of itself without end.
    private static bool IsOwn(string eventType) => eventType.StartsWith("event_hook.", StringComparison.Ordinal) || eventType == LogEventTypes.OutboundRefused;
}
