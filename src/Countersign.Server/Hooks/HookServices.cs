using Countersign.Delivery.EventHooks;
using Countersign.Delivery.Hooks;
using Countersign.Delivery.TelephonyHook;
using Countersign.Server.Settings;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Countersign.Server.Hooks;

internal static class HookServices
{
    // Named to endpoints as the source of events; nobody calls it.
    private const string UnknownAddress = "http://localhost";

    /// <summary>Adds what calls hooks, and what puts events into the outbox for them.</summary>
    public static void AddHooks(this IServiceCollection services)
    {
        services.TryAddSingleton(provider => new HookSource(provider.GetRequiredService<ServerSettings>().PublicUrl?.AbsoluteUri.TrimEnd('/') ?? UnknownAddress));
        services.TryAddSingleton<EventHookClient>();
        services.TryAddSingleton<TelephonyHookClient>();
        services.TryAddSingleton<EventHookSender>();
        services.AddHostedService<EventFeeder>();
    }
}
