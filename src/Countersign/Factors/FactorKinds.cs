using System.Collections.Frozen;

namespace Countersign.Factors;

/// <summary>All kinds that are built, and the contract's names of those that exist at all (contract 7.1, 12.1).</summary>
public sealed class FactorKinds
{
    private static readonly FrozenDictionary<string, string[]> ProvidersByType = new Dictionary<string, string[]>
    {
        ["question"] = ["OKTA"],
        ["token:software:totp"] = ["OKTA", "GOOGLE"],
        ["sms"] = ["OKTA"],
        ["call"] = ["OKTA"],
        ["email"] = ["OKTA"],
        ["push"] = ["OKTA", "CUSTOM"],
        ["signed_nonce"] = ["OKTA"],
        ["webauthn"] = ["FIDO"],
        ["u2f"] = ["FIDO"],
        ["token:hotp"] = ["CUSTOM"],
        ["token:hardware"] = ["YUBICO"],
        ["token"] = ["RSA", "SYMANTEC"],
        ["web"] = ["DUO"],
        ["claims_provider"] = ["CUSTOM"],
        ["token:recovery"] = ["COUNTERSIGN"],
    }.ToFrozenDictionary();

    private static readonly FrozenSet<string> Providers =
        new[] { "OKTA", "GOOGLE", "CUSTOM", "FIDO", "YUBICO", "RSA", "SYMANTEC", "DUO", "DEL_OATH", "COUNTERSIGN" }.ToFrozenSet();

    private readonly FrozenDictionary<(string, string), FactorKind> _kinds;

    /// <summary>Gathers the kinds; two of the same type and provider are a fault.</summary>
    public FactorKinds(IEnumerable<FactorKind> kinds)
    {
        All = [.. kinds.OrderBy(kind => kind.ListOrder)];
        _kinds = All.ToFrozenDictionary(kind => (kind.FactorType, kind.Provider));
    }

    /// <summary>The kinds in the order of lists.</summary>
    public IReadOnlyList<FactorKind> All { get; }

    /// <summary>The kind of a stored factor.</summary>
    public FactorKind Of(Factor factor) => _kinds[(factor.FactorType, factor.Provider)];

    /// <summary>
    /// Finds the kind that a client means (contract 3.2): an unknown type or provider is said to be so, and a pair that is not built or not
    /// the contract's is answered like one that the organisation switched off.
    /// </summary>
    public (FactorKind? Kind, Refusal Refusal) Find(string? factorType, string? provider)
    {
        if (string.IsNullOrEmpty(factorType)) return (null, Refusal.FactorTypeMissing);
        if (!ProvidersByType.TryGetValue(factorType, out var providers)) return (null, Refusal.FactorTypeUnknown);
        if (provider is null && providers.Length > 1) return (null, Refusal.InvalidProvider);
        if (provider is not null && !Providers.Contains(provider)) return (null, Refusal.InvalidProvider);
        return _kinds.TryGetValue((factorType, provider ?? providers[0]), out var kind) ? (kind, default) : (null, Refusal.NotEnabled);
    }
}
