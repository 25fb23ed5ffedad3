using Countersign.Delivery.Pump;
using Countersign.Delivery.WebPush;
using Countersign.Factors.Push;
using Countersign.Sealing;
using Countersign.Server.Settings;

namespace Countersign.Server.Delivery;

/// <summary>Registers Web Push, unless it is switched off.</summary>
internal static class WebPushSetup
{
    public static void AddWebPush(this IServiceCollection services)
    {
        services.AddSingleton(Open);
        services.AddSingleton<IWebPush>(provider => provider.GetRequiredService<WebPushSettings>().Enabled ? provider.GetRequiredService<WebPush>() : NoWebPush.Instance);
        services.AddSingleton<WebPushSender>();
        services.AddSingleton<IPushSender>(provider => provider.GetRequiredService<WebPushSettings>().Enabled ? provider.GetRequiredService<WebPushSender>() : new NoPushSender());
    }

    /// <summary>Notes what is wrong.</summary>
    public static void Check(WebPushSettings settings, SettingsReader reader)
    {
        foreach (var fault in settings.Faults()) reader.Fault($"{WebPushSettings.Section}:{fault}");
    }

    // While the process starts, so that the key is there whenever it is asked for.
    private static WebPush Open(IServiceProvider provider) => new(
        provider.GetRequiredService<ISharedSecrets>().GetAsync(WebPush.KeyName, WebPush.NewKey, CancellationToken.None).GetAwaiter().GetResult(),
        provider.GetRequiredService<WebPushSettings>(), provider.GetRequiredService<ServerSettings>().PublicUrl, provider.GetRequiredService<TimeProvider>());
}
