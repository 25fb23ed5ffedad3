using System.Net;
using System.Net.NetworkInformation;

namespace Countersign.Outbound;

/// <summary>Where this server itself is reached, so that its own operations can be tried: by its public address, and where it listens. Thread-safe.</summary>
/// <param name="publicUrl">The public address; null when it is not configured.</param>
/// <param name="listening">The addresses that it listens on, as the web server names them; asked with every look, for they are known once it runs.</param>
public sealed class OwnEndpoints(Uri? publicUrl, Func<IEnumerable<string>> listening)
{
    /// <summary>Nowhere.</summary>
    public static readonly OwnEndpoints None = new(null, static () => []);

    /// <summary>Whether a target is this server.</summary>
    /// <param name="scheme"><c>http</c> or <c>https</c>.</param>
    /// <param name="host">The host as the target names it.</param>
    /// <param name="port">The port.</param>
    /// <param name="address">The address that the host leads to.</param>
    public bool Include(string scheme, string host, int port, IPAddress address)
        => (publicUrl is not null && scheme == publicUrl.Scheme && port == publicUrl.Port && host.Equals(publicUrl.IdnHost.Trim('[', ']'), StringComparison.OrdinalIgnoreCase))
            || listening().Any(url => ListensAt(url, scheme, port, address));

    private static bool ListensAt(string url, string scheme, int port, IPAddress address)
    {
        // The web server's words for all addresses are no hosts.
        var isWild = url.Contains("//+", StringComparison.Ordinal) || url.Contains("//*", StringComparison.Ordinal);
        if (!Uri.TryCreate(isWild ? url.Replace("//+", "//0.0.0.0", StringComparison.Ordinal).Replace("//*", "//0.0.0.0", StringComparison.Ordinal) : url, UriKind.Absolute, out var at)) return false;
        if (at.Port != port || at.Scheme != scheme) return false;
        if (!IPAddress.TryParse(at.DnsSafeHost, out var bound)) return at.DnsSafeHost != "localhost" ? IsOfThisMachine(address) : IPAddress.IsLoopback(address);
        return bound.Equals(IPAddress.Any) || bound.Equals(IPAddress.IPv6Any) ? IsOfThisMachine(address) : bound.Equals(address);
    }

    private static bool IsOfThisMachine(IPAddress address)
    {
        if (IPAddress.IsLoopback(address)) return true;
        try
        {
            return NetworkInterface.GetAllNetworkInterfaces().SelectMany(one => one.GetIPProperties().UnicastAddresses).Any(one => one.Address.Equals(address));
        }
        catch (NetworkInformationException)
        {
            return false;
        }
    }
}
