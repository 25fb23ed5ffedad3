using Countersign.Delivery.Radius;
using Countersign.Delivery.SymantecVip;
using Countersign.Server.Settings;

namespace Countersign.Server.Delivery;

/// <summary>The RADIUS servers of one kind of token, and how they are asked.</summary>
internal sealed record ConfiguredRadius(string Section, RadiusSettings Settings, IReadOnlyList<(string Name, RadiusServerSettings Settings)> Servers);

/// <summary>The back ends of tokens as they are configured; null: none.</summary>
/// <param name="Rsa">Asked about RSA tokens.</param>
/// <param name="Symantec">Asked about Symantec credentials.</param>
/// <param name="Vip">The service asked about Symantec credentials instead.</param>
internal sealed record ConfiguredBackEnds(ConfiguredRadius? Rsa, ConfiguredRadius? Symantec, VipSettings? Vip)
{
    private const string RsaSection = "Countersign:Rsa:Radius", SymantecSection = "Countersign:Symantec:Radius";
    private const int LongestName = 50;

    public static ConfiguredBackEnds Read(SettingsReader reader)
    {
        var configured = new ConfiguredBackEnds(Radius(reader, RsaSection), Radius(reader, SymantecSection), reader.Read<VipSettings>(VipSettings.Section) is { CertificateFile.Length: > 0 } vip ? vip : null);
        if (configured is { Symantec: not null, Vip: not null })
            reader.Fault($"{VipSettings.Section}:{nameof(VipSettings.CertificateFile)}: found beside {SymantecSection}:Servers; allowed is one of the two");
        return configured;
    }

    private static ConfiguredRadius? Radius(SettingsReader reader, string section)
    {
        var settings = reader.Read<RadiusSettings>(section);
        var servers = new List<(string, RadiusServerSettings)>();
        foreach (var name in reader.Names($"{section}:Servers"))
        {
            var server = reader.Read<RadiusServerSettings>($"{section}:Servers:{name}");
            // The name stands in the log.
            if (name.Length > LongestName || !name.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_'))
                reader.Fault($"{section}:Servers: found a server called '{name}', allowed are up to {LongestName} letters, digits, '-' and '_'");
            if (server.Fault() is { } fault) reader.Fault($"{section}:Servers:{name}:{fault}");
            servers.Add((name, server));
        }
        return servers.Count > 0 ? new ConfiguredRadius(section, settings, servers) : null;
    }
}
