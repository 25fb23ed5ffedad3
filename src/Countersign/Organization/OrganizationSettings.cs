using System.Collections.Immutable;
using Countersign.Hooks;
using Countersign.Templates;

namespace Countersign.Organization;

/// <summary>The organisation's settings that decisions read, as one immutable value.</summary>
public sealed record OrganizationSettings
{
    /// <summary>The name shown in authenticator apps and messages.</summary>
    public required string Name { get; init; }
    /// <summary>The organisation factors (contract 12.1) that are off, by name; all others are on.</summary>
    public ImmutableHashSet<string> InactiveFactors { get; init; } = OrgFactors.FirstInactive;
    /// <summary>The custom TOTP profiles by id (contract 12.2).</summary>
    public ImmutableDictionary<string, HotpProfile> HotpProfiles { get; init; } = ImmutableDictionary<string, HotpProfile>.Empty;

    /// <summary>The organisation's texts for SMS by id (contract 13).</summary>
    public ImmutableSortedDictionary<string, SmsTemplate> SmsTemplates { get; init; } = ImmutableSortedDictionary<string, SmsTemplate>.Empty.WithComparers(StringComparer.Ordinal);
    /// <summary>The inline hooks by id (contract 15.1).</summary>
    public ImmutableSortedDictionary<string, InlineHook> InlineHooks { get; init; } = ImmutableSortedDictionary<string, InlineHook>.Empty.WithComparers(StringComparer.Ordinal);
    /// <summary>The event hooks by id (contract 15.3).</summary>
    public ImmutableSortedDictionary<string, EventHook> EventHooks { get; init; } = ImmutableSortedDictionary<string, EventHook>.Empty.WithComparers(StringComparer.Ordinal);

    /// <summary>The active hook that sends SMS and calls; at most one is active.</summary>
    public InlineHook? TelephonyHook
    {
        get
        {
            foreach (var (_, hook) in InlineHooks)
                if (hook is { IsActive: true, Type: InlineHook.Telephony }) return hook;
            return null;
        }
    }

    /// <summary>Whether a kind may be enrolled and used.</summary>
    public bool Allows(string orgFactor) => !InactiveFactors.Contains(orgFactor);
}
