using Countersign.Settings;

namespace Countersign.Server.Places;

/// <summary>How people are told roughly where a request comes from. Section <c>Countersign:Places</c>.</summary>
internal sealed class PlacesSettings
{
    public const string Section = "Countersign:Places";

    /// <summary>A database of places in MaxMind's format (<c>.mmdb</c>): GeoLite2 or GeoIP2 City or Country, or one with the same fields. Default none: no places are told. 1 to 4,096 characters.</summary>
    [Setting(1, 4_096)]
    public string? Database { get; set; }
}
