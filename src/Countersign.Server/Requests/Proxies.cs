using Countersign.Server.Settings;
using Microsoft.AspNetCore.HttpOverrides;

namespace Countersign.Server.Requests;

/// <summary>
/// Who the client is (contract 2.5): the peer, unless that is a trusted proxy; then the rightmost address in <c>X-Forwarded-For</c> that is none. What stands left
/// of it was written by the client and counts for nothing. <c>X-Forwarded-Proto</c> and <c>-Host</c> go by the same rule.
/// </summary>
internal static class Proxies
{
    public static void AddProxies(this IServiceCollection services) => services.AddOptions<ForwardedHeadersOptions>().PostConfigure<ServerSettings>(Trust);

    /// <summary>Without trusted proxies there is nothing to do, and nothing is done.</summary>
    public static void UseProxies(this WebApplication app)
    {
        if (app.Services.GetRequiredService<ServerSettings>().TrustedProxies.Length > 0) app.UseForwardedHeaders();
    }

    private static void Trust(ForwardedHeadersOptions forwarded, ServerSettings settings)
    {
        forwarded.ForwardedHeaders = settings.TrustedProxies.Length > 0 ? ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost : ForwardedHeaders.None;
        forwarded.ForwardLimit = null;
        forwarded.KnownProxies.Clear();
        forwarded.KnownIPNetworks.Clear();
        foreach (var network in settings.TrustedProxies) forwarded.KnownIPNetworks.Add(network);
    }
}
