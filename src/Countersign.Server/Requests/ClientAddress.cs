using System.Net;

namespace Countersign.Server.Requests;

/// <summary>The address of the client, after trusted proxies.</summary>
internal static class ClientAddress
{
    /// <summary>The address; an IPv4 address that came over an IPv6 socket as itself. Null on sockets without addresses.</summary>
    public static IPAddress? Of(HttpContext http)
        => http.Connection.RemoteIpAddress is { IsIPv4MappedToIPv6: true } mapped ? mapped.MapToIPv4() : http.Connection.RemoteIpAddress;
}
