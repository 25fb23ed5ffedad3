using System.Net;
using Countersign.Addresses;

namespace Countersign.Outbound;

/// <summary>
/// Stands in front of every request whose target a user can choose (workflow contract 8.7). It decides by the address that a name leads to, at the moment of connecting, for every address tried and with every
/// redirect: names are not trusted. Thread-safe.
/// </summary>
public sealed class OutboundGuard
{
    /// <summary>The settings that a refusal names, as environment variables.</summary>
    public const string AllowedNetworks = "Countersign__Outbound__AllowedNetworks__0", AllowedHosts = "Countersign__Outbound__AllowedHosts__0",
        DeniedNetworks = "Countersign__Outbound__DeniedNetworks", PlainHttp = "Countersign__Outbound__PlainHttp=true";

    private readonly OutboundSettings _settings;
    private readonly OwnEndpoints _own;

    /// <summary>A guard.</summary>
    /// <param name="settings">What is allowed and denied.</param>
    /// <param name="own">Where this server itself is reached.</param>
    public OutboundGuard(OutboundSettings settings, OwnEndpoints own) => (_settings, _own) = (settings, own);

    /// <summary>Whether a target may be looked up at all; null when it may.</summary>
    /// <param name="target">An absolute address.</param>
    public OutboundRefusal? Check(Uri target)
        => target.Scheme == Uri.UriSchemeHttps || (target.Scheme == Uri.UriSchemeHttp && _settings.PlainHttp) ? null
            : target.Scheme == Uri.UriSchemeHttp ? new OutboundRefusal(target.Host, null, "http is switched off, https alone is used", PlainHttp)
            : new OutboundRefusal(target.Host, null, $"the scheme '{target.Scheme}' is neither http nor https", "an http or https address");

    /// <summary>Whether the address that a target's host leads to may be connected to; null when it may.</summary>
    /// <param name="target">The target.</param>
    /// <param name="address">The very address that is about to be connected to.</param>
    public OutboundRefusal? Check(Uri target, IPAddress address)
    {
        var (host, counted) = (HostOf(target), address.AsCounted());
        foreach (var denied in _settings.DeniedNetworks)
            if (Contains(denied, counted, address)) return Refuse($"it is in the denied network {denied}", DeniedNetworks);
        if (counted.PrivateNetwork is not { } network || _settings.AllowedNetworks.Any(allowed => Contains(allowed, counted, address)) || IsAllowedHost(host)) return null;
        return _own.Include(target.Scheme, host, target.Port, counted) || _own.Include(target.Scheme, host, target.Port, address) ? null
            : Refuse($"it is no address of the Internet ({network})", $"{AllowedNetworks}={counted}/{counted.GetAddressBytes().Length * 8}");

        OutboundRefusal Refuse(string rule, string setting) => new(host, counted.ToString(), rule, setting);
    }

    /// <summary>Of the addresses that a target's host leads to, those that may be connected to, in their order.</summary>
    /// <param name="target">The target.</param>
    /// <param name="addresses">The very addresses of which one is about to be connected to.</param>
    /// <param name="refusal">Why none of them may be; null when one may, and when there are none.</param>
    public IReadOnlyList<IPAddress> Sieve(Uri target, IReadOnlyList<IPAddress> addresses, out OutboundRefusal? refusal)
    {
        refusal = null;
        var allowed = new List<IPAddress>(addresses.Count);
        foreach (var address in addresses)
            if (Check(target, address) is { } refused) refusal ??= refused;
            else allowed.Add(address);
        if (allowed.Count > 0) refusal = null;
        return allowed;
    }

    /// <summary>The host of a target as it is looked up: in ASCII, without brackets and without the dot of the root.</summary>
    public static string HostOf(Uri target)
    {
        var host = target.IdnHost.Trim('[', ']').TrimEnd('.');
        return host.Length > 0 ? host : target.IdnHost;
    }

    private bool IsAllowedHost(string host)
    {
        foreach (var allowed in _settings.AllowedHosts)
            if (allowed.StartsWith("*.", StringComparison.Ordinal) ? host.EndsWith(allowed[1..], StringComparison.OrdinalIgnoreCase) : host.Equals(allowed, StringComparison.OrdinalIgnoreCase)) return true;
        return false;
    }

    // A network may be written as the address is, or as what it counts as.
    private static bool Contains(IPNetwork network, IPAddress counted, IPAddress address)
        => (network.BaseAddress.AddressFamily == counted.AddressFamily && network.Contains(counted)) || (network.BaseAddress.AddressFamily == address.AddressFamily && network.Contains(new IPAddress(address.GetAddressBytes())));
}
