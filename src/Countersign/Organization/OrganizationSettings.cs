using System.Collections.Immutable;

namespace Countersign.Organization;

/// <summary>The organisation's settings that decisions read, as one immutable value.</summary>
public sealed record OrganizationSettings
{
    /// <summary>The name shown in authenticator apps and messages.</summary>
    public required string Name { get; init; }
    /// <summary>The organisation factors (contract 12.1) that were switched off, by name; all others are on.</summary>
    public ImmutableHashSet<string> InactiveFactors { get; init; } = [];
    /// <summary>The custom TOTP profiles by id (contract 12.2).</summary>
    public ImmutableDictionary<string, HotpProfile> HotpProfiles { get; init; } = ImmutableDictionary<string, HotpProfile>.Empty;

    /// <summary>Whether a kind may be enrolled and used.</summary>
    public bool Allows(string orgFactor) => !InactiveFactors.Contains(orgFactor);
}
