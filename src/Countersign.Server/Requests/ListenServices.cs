using Countersign.Server.Settings;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Countersign.Server.Requests;

/// <summary>Where the server listens, and what it takes at most.</summary>
internal static class ListenServices
{
    private const string DefaultUrl = "http://127.0.0.1:8080";

    // What may say where to listen, each in ASP.NET Core's own words.
    private static readonly string[] Elsewhere = ["urls", "http_ports", "https_ports"];

    public static void AddListening(this WebApplicationBuilder builder)
    {
        if (Elsewhere.All(key => string.IsNullOrEmpty(builder.Configuration[key])) && !builder.Configuration.GetSection("Kestrel:Endpoints").Exists())
            builder.WebHost.UseUrls(DefaultUrl);
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.Services.AddOptions<KestrelServerOptions>().Configure<RequestLimits>(Bound);
    }

    private static void Bound(KestrelServerOptions kestrel, RequestLimits requests)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = requests.MaxBodyBytes;
        // Room for addresses that are too long, so that they are answered with the envelope.
        kestrel.Limits.MaxRequestLineSize = (2 * requests.MaxUrlLength) + 1_024;
        kestrel.Limits.MaxRequestHeadersTotalSize = requests.MaxHeaderBytes;
        kestrel.Limits.RequestHeadersTimeout = requests.HeadersTimeout;
        kestrel.Limits.KeepAliveTimeout = requests.KeepAliveTimeout;
        kestrel.Limits.MaxConcurrentConnections = requests.MaxConnections == 0 ? null : requests.MaxConnections;
    }
}
