using Countersign.Server.Settings;

namespace Countersign.Server.Shutdown;

internal static class ShutdownServices
{
    public static void AddShutdown(this IServiceCollection services)
    {
        services.AddHostedService<ShutdownSignals>();
        services.AddOptions<HostOptions>().Configure<ShutdownSettings>((host, settings) => host.ShutdownTimeout = settings.Delay + settings.Timeout);
    }
}
