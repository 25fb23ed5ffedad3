using System.Net;
using System.Net.Sockets;

namespace Countersign.Addresses;

/// <summary>Tells addresses of this machine, of private networks and of nobody from those of the Internet.</summary>
public static class PrivateAddresses
{
    // Of the special-purpose registries of IANA (RFC 6890 and what followed): what reaches this machine, this network, a group or nobody. The narrower before the wider.
    private static readonly (IPNetwork Network, string Name)[] Networks =
    [
        .. ((ReadOnlySpan<(string, string)>)
        [
            ("0.0.0.0/8", "this network"), ("10.0.0.0/8", "private"), ("100.64.0.0/10", "carrier-grade NAT"), ("127.0.0.0/8", "loopback"), ("169.254.0.0/16", "link-local"), ("172.16.0.0/12", "private"),
            ("192.0.0.0/24", "protocol assignments"), ("192.0.2.0/24", "documentation"), ("192.88.99.0/24", "6to4 relays"), ("192.168.0.0/16", "private"), ("198.18.0.0/15", "benchmarking"),
            ("198.51.100.0/24", "documentation"), ("203.0.113.0/24", "documentation"), ("224.0.0.0/4", "multicast"), ("255.255.255.255/32", "broadcast"), ("240.0.0.0/4", "reserved"),
            ("::/128", "unspecified"), ("::1/128", "loopback"), ("::/96", "IPv4-compatible"), ("64:ff9b:1::/48", "local NAT64"), ("100::/64", "discard"), ("2001::/32", "Teredo"),
            ("2001:db8::/32", "documentation"), ("2001::/23", "protocol assignments"), ("3fff::/20", "documentation"), ("5f00::/16", "segment routing"), ("fc00::/7", "private"), ("fe80::/10", "link-local"),
            ("fec0::/10", "site-local"), ("ff00::/8", "multicast"),
        ]).ToArray().Select(one => (IPNetwork.Parse(one.Item1), one.Item2)),
    ];
    // An IPv4 address stands in these: at the end (RFC 6052 §2.1, RFC 2765 §2.1), or after the first two bytes (RFC 3056 §2).
    private static readonly IPNetwork Nat64 = IPNetwork.Parse("64:ff9b::/96"), Translated = IPNetwork.Parse("::ffff:0:0:0/96"), Tunnelled = IPNetwork.Parse("2002::/16");

    extension(IPAddress address)
    {
        /// <summary>Whether it is no address of the Internet: of this machine, of a private or local network, of a group, or of nobody. An IPv4 address inside an IPv6 address counts as itself.</summary>
        public bool IsPrivate => address.PrivateNetwork is not null;

        /// <summary>Which network makes it private, for people: <c>loopback, 127.0.0.0/8</c>; null for addresses of the Internet.</summary>
        public string? PrivateNetwork
        {
            get
            {
                var counted = address.AsCounted();
                foreach (var (network, name) in Networks)
                    if (network.BaseAddress.AddressFamily == counted.AddressFamily && network.Contains(counted)) return $"{name}, {network}";
                return null;
            }
        }

        /// <summary>The address as what it is: the IPv4 address that stands inside an IPv6 address (mapped, translated, NAT64, 6to4, ISATAP); else itself without its zone, which no network has.</summary>
        public IPAddress AsCounted()
        {
            if (address.IsIPv4MappedToIPv6) return address.MapToIPv4();
            if (address.AddressFamily != AddressFamily.InterNetworkV6) return address;
            var bytes = address.GetAddressBytes();
            var plain = new IPAddress(bytes);
            if (Nat64.Contains(plain) || Translated.Contains(plain)) return new IPAddress(bytes.AsSpan(12));
            if (Tunnelled.Contains(plain)) return new IPAddress(bytes.AsSpan(2, 4));
            // RFC 5214 §6.1: an interface that is named by its IPv4 address.
            if (bytes.AsSpan(8, 4) is [0 or 2, 0, 0x5e, 0xfe] && new IPAddress(bytes.AsSpan(12)) is { IsPrivate: true } inner) return inner;
            return plain;
        }
    }
}
