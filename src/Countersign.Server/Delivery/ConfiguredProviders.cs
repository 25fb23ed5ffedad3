using Countersign.Delivery.Providers;
using Countersign.Delivery.Smpp;
using Countersign.Delivery.Smtp;
using Countersign.Delivery.Twilio;
using Countersign.Delivery.Webhook;
using Countersign.Server.Settings;

namespace Countersign.Server.Delivery;

/// <summary>One section of <c>Countersign:Delivery:Providers</c>, read.</summary>
/// <param name="Name">The section's name, by which the provider goes.</param>
/// <param name="Settings">What every provider is told.</param>
/// <param name="Own">What its type is told.</param>
internal sealed record ConfiguredProvider(string Name, ProviderSettings Settings, object Own);

/// <summary>The delivery providers as they are configured.</summary>
internal sealed record ConfiguredProviders(IReadOnlyList<ConfiguredProvider> All)
{
    private const int LongestName = 50;

    public static ConfiguredProviders Read(SettingsReader reader)
    {
        var all = new List<ConfiguredProvider>();
        foreach (var name in reader.Names(ProviderSettings.Section))
        {
            var section = $"{ProviderSettings.Section}:{name}";
            // The name stands in addresses, in the log and in measurements.
            if (name.Length > LongestName || !name.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_'))
                reader.Fault($"{section}: found a provider called '{name}', allowed are up to {LongestName} letters, digits, '-' and '_'");
            var settings = reader.Read<ProviderSettings>(section);
            object? own = settings.Type switch
            {
                "smtp" => reader.Read<SmtpSettings>(section),
                "twilio" => reader.Read<TwilioSettings>(section),
                "webhook" => reader.Read<WebhookSettings>(section),
                "smpp" => reader.Read<SmppSettings>(section),
                _ => null,
            };
            if (own is not null) all.Add(new ConfiguredProvider(name, settings, own));
            else if (string.IsNullOrEmpty(settings.Type)) reader.Fault($"{section}:Type: found nothing, allowed are 'smtp', 'twilio', 'webhook', 'smpp'");
        }
        return new ConfiguredProviders(all);
    }
}
