using Countersign.Places;
using Countersign.Settings;

namespace Countersign.Server.Places;

/// <summary>Registers the database of places that is configured, if one is.</summary>
internal static class PlacesSetup
{
    public static void AddPlaces(this IServiceCollection services)
        => services.AddSingleton<IPlaces>(provider => provider.GetRequiredService<PlacesSettings>().Database is { } path ? MaxMindPlaces.Open(path) : NoPlaces.Instance);

    /// <summary>Opens it, so that what is wrong with it is told at the start.</summary>
    /// <exception cref="SettingsException">It cannot be used.</exception>
    public static void OpenPlaces(this IServiceProvider provider) => provider.GetRequiredService<IPlaces>();
}
