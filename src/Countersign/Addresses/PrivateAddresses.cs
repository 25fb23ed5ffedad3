using System.Net;
using System.Net.Sockets;

namespace Countersign.Addresses;

/// <summary>Tells addresses of this machine and of private networks from those of the Internet.</summary>
public static class PrivateAddresses
{
    // Of the special-purpose registries of IANA: what reaches this machine, this network or nobody.
    private static readonly IPNetwork[] Networks =
    [
        .. ((string[])["0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.168.0.0/16", "198.18.0.0/15", "224.0.0.0/4", "240.0.0.0/4",
            "::/128", "::1/128", "64:ff9b:1::/48", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8"]).Select(network => IPNetwork.Parse(network)),
    ];
    // An IPv4 address stands in these: translated at their end (RFC 6052 §2.1), or after the first two bytes (RFC 3056 §2).
    private static readonly IPNetwork Translated = IPNetwork.Parse("64:ff9b::/96"), Tunnelled = IPNetwork.Parse("2002::/16");

    extension(IPAddress address)
    {
        /// <summary>Whether it is no address of the Internet: of this machine, of a private or local network, or of a group. An IPv4 address inside an IPv6 address counts as itself.</summary>
        public bool IsPrivate
        {
            get
            {
                if (address.IsIPv4MappedToIPv6) return address.MapToIPv4().IsPrivate;
                if (address.AddressFamily == AddressFamily.InterNetworkV6)
                {
                    var bytes = address.GetAddressBytes();
                    if (Translated.Contains(address)) return new IPAddress(bytes.AsSpan(12)).IsPrivate;
                    if (Tunnelled.Contains(address)) return new IPAddress(bytes.AsSpan(2, 4)).IsPrivate;
                    address = new IPAddress(bytes);   // without its zone, which no network has
                }
                foreach (var network in Networks)
                    if (network.BaseAddress.AddressFamily == address.AddressFamily && network.Contains(address)) return true;
                return false;
            }
        }
    }
}
