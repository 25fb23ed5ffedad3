using Countersign.Delivery.Duo;
using Countersign.Factors.Duo;
using Countersign.Server.Settings;

namespace Countersign.Server.Factors.Duo;

/// <summary>Registers the Duo that is configured, if one is.</summary>
internal static class DuoSetup
{
    public static void AddDuo(this IServiceCollection services) => services.AddSingleton(Open);

    /// <summary>Notes what is missing.</summary>
    public static void Check(DuoSettings settings, ServerSettings server, SettingsReader reader)
    {
        foreach (var missing in settings.Missing(server.PublicUrl))
        {
            var otherwise = missing == nameof(DuoSettings.RedirectUri) ? $", and no {ServerSettings.Section}:{nameof(ServerSettings.PublicUrl)}" : "";
            reader.Fault($"{DuoSettings.Section}:{missing}: found nothing{otherwise}, but it is needed where {DuoSettings.Section}:{nameof(DuoSettings.Host)} is set and "
                + $"{nameof(DuoSettings.Mode)} is '{settings.Mode}'");
        }
    }

    private static IDuo Open(IServiceProvider provider)
    {
        var (settings, clock) = (provider.GetRequiredService<DuoSettings>(), provider.GetRequiredService<TimeProvider>());
        if (settings.Host is null) return NoDuo.Instance;
        return settings.Mode == DuoSettings.Push
            ? new DuoAuthApi(settings, clock, provider.GetRequiredService<ILogger<DuoAuthApi>>())
            : new UniversalPrompt(settings, settings.RedirectTo(provider.GetRequiredService<ServerSettings>().PublicUrl)!, clock, provider.GetRequiredService<ILogger<UniversalPrompt>>());
    }
}
