using System.Net;
using System.Text;
using Countersign.Addresses;

namespace Countersign.Delivery.WebPush;

/// <summary>
/// A push service that is allowed. A device says itself where its messages are to be posted to; so that nobody can make this server call what it should not, only these are called.
/// </summary>
internal sealed class PushService
{
    private readonly string _host;
    private readonly bool _isSuffix;
    private readonly Uri? _origin;

    private PushService(string host, bool isSuffix, Uri? origin) => (_host, _isSuffix, _origin) = (host, isSuffix, origin);

    /// <summary>Reads a setting; null when it is none of its forms.</summary>
    public static PushService? TryParse(string text)
    {
        if (text.Contains("://", StringComparison.Ordinal))
        {
            return Uri.TryCreate(text, UriKind.Absolute, out var origin) && origin is { Scheme: "http" or "https", AbsolutePath: "/", UserInfo.Length: 0 } && text.IndexOfAny(['?', '#', '*']) < 0
                ? new PushService(origin.IdnHost, isSuffix: false, origin) : null;
        }
        var isSuffix = text.StartsWith("*.", StringComparison.Ordinal);
        var host = isSuffix ? text[2..] : text;
        // With a dot inside: neither this machine nor a whole top-level domain.
        return Uri.CheckHostName(host) == UriHostNameType.Dns && host.IndexOf('.', StringComparison.Ordinal) > 0 && host[^1] != '.' ? new PushService(host, isSuffix, null) : null;
    }

    /// <summary>Whether an address is this service's.</summary>
    public bool Serves(Uri endpoint) => _origin is not null
        ? endpoint.Scheme == _origin.Scheme && endpoint.Port == _origin.Port && IsHost(endpoint)
        : endpoint is { Scheme: "https", IsDefaultPort: true } && IsHost(endpoint);

    /// <summary>Whether what its name leads to may be called: only where the whole origin was named may that be a private address.</summary>
    public bool Allows(IPAddress address) => _origin is not null || !address.IsPrivate;

    private bool IsHost(Uri endpoint) => _isSuffix
        ? endpoint.IdnHost.Length > _host.Length + 1 && endpoint.IdnHost.EndsWith(_host, StringComparison.OrdinalIgnoreCase) && endpoint.IdnHost[^(_host.Length + 1)] == '.'
        : endpoint.IdnHost.Equals(_host, StringComparison.OrdinalIgnoreCase);
}

/// <summary>All push services that are allowed.</summary>
internal sealed class PushServices(IEnumerable<string> services)
{
    /// <summary>The longest address of a subscription, in characters.</summary>
    public const int LongestEndpoint = 1_000;

    private readonly PushService[] _services = [.. services.Select(PushService.TryParse).OfType<PushService>()];

    /// <summary>The address of a subscription; null when it is too long, is none, or is no allowed service's.</summary>
    public Uri? TryRead(string endpoint)
    {
        if (endpoint.Length > LongestEndpoint || !Ascii.IsValid(endpoint) || !Uri.TryCreate(endpoint, UriKind.Absolute, out var address)) return null;
        return address is { UserInfo.Length: 0, Fragment.Length: 0 } && Serving(address) is not null ? address : null;
    }

    /// <summary>Whether what the name in an address leads to may be called.</summary>
    public bool Allows(Uri endpoint, IPAddress address) => Serving(endpoint)?.Allows(address) == true;

    private PushService? Serving(Uri endpoint) => Array.Find(_services, service => service.Serves(endpoint));
}
