using Countersign.Integrations.Http;
using Countersign.Outbound;
using Countersign.Server.Settings;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Countersign.Server.Outbound;

/// <summary>What calls out where users choose the target: the guard, and the sender behind tasks, test requests and imports.</summary>
internal static class OutboundServices
{
    /// <summary>Adds them.</summary>
    public static void AddOutbound(this IServiceCollection services)
    {
        services.TryAddSingleton(provider => new OwnEndpoints(provider.GetRequiredService<ServerSettings>().PublicUrl, () => Listening(provider)));
        services.TryAddSingleton<OutboundGuard>();
        services.TryAddSingleton<OutboundEvents>();
        services.TryAddSingleton<IHttpSender>(provider => new HttpSender(
            provider.GetRequiredService<OutboundGuard>(), provider.GetRequiredService<OutboundEvents>(), provider.GetRequiredService<TimeProvider>()));
    }

    private static IEnumerable<string> Listening(IServiceProvider provider)
        => provider.GetService<IServer>()?.Features.Get<IServerAddressesFeature>()?.Addresses ?? Enumerable.Empty<string>();
}
