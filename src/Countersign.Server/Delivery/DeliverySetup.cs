using Countersign.Delivery;
using Countersign.Delivery.EventHooks;
using Countersign.Delivery.Providers;
using Countersign.Delivery.Pump;
using Countersign.Delivery.Smpp;
using Countersign.Delivery.Smtp;
using Countersign.Delivery.TelephonyHook;
using Countersign.Delivery.Twilio;
using Countersign.Delivery.Webhook;
using Countersign.Delivery.WebPush;
using Countersign.Factors.BackEnds;
using Countersign.Factors.Push;
using Countersign.Outbox;
using Countersign.Server.Settings;
using Countersign.Settings;

namespace Countersign.Server.Delivery;

/// <summary>Registers what gets messages to people: a new type of provider is one line in <see cref="Route"/>.</summary>
internal static class DeliverySetup
{
    public static void AddDelivery(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        var isProduction = builder.Environment.IsProduction();
        services.AddSingleton(provider => new ProviderRoutes([.. provider.GetRequiredService<ConfiguredProviders>().All.Select(configured => Route(configured, provider))]));
        services.AddSingleton(provider => Policy(
            provider.GetRequiredService<ProviderRoutes>(), provider.GetRequiredService<DeliverySettings>(), provider.GetRequiredService<WebPushSettings>(), isProduction));
        services.AddWebPush();
        services.AddBackEnds();
        services.AddSingleton<IDeliveryReceipts, DeliveryReceipts>();
        services.AddSingleton<ITelephonyHook, TelephonyHook>();
        services.AddSingleton<IEventSender>(provider => provider.GetRequiredService<EventHookSender>());
        services.AddSingleton<MessageDelivery>();
        services.AddHostedService<OutboxPump>();
        services.AddHostedService<OutboxHousekeeping>();
    }

    /// <summary>Makes the providers, Web Push and the back ends of tokens, so that what is wrong with them is told at the start.</summary>
    /// <exception cref="SettingsException">A provider or a back end cannot be made as it is set, or nobody would send anything in production.</exception>
    public static void OpenDelivery(this IServiceProvider provider)
    {
        provider.GetRequiredService<OutboxPolicy>();
        provider.GetRequiredService<IWebPush>();
        provider.GetRequiredService<TokenBackEnds>();
    }

    private static OutboxPolicy Policy(ProviderRoutes routes, DeliverySettings settings, WebPushSettings webPush, bool isProduction)
    {
        if (isProduction && routes.All.Count == 0 && settings.OutboxOnly is null)
        {
            throw new SettingsException($"{DeliverySettings.Section}:OutboxOnly: found nothing, and no delivery provider in {ProviderSettings.Section}: codes by SMS, call and mail would reach nobody. "
                + "Allowed are 'true': they are kept in the outbox, where administrators read them; and 'false': such factors are not available");
        }
        return new OutboxPolicy(webPush.Enabled ? routes.Channels.Append(Channel.Push).ToHashSet() : routes.Channels, settings.OutboxOnly ?? !isProduction);
    }

    private static ProviderRoute Route(ConfiguredProvider configured, IServiceProvider services)
    {
        var clock = services.GetRequiredService<TimeProvider>();
        var logger = services.GetRequiredService<ILoggerFactory>().CreateLogger($"Countersign.Delivery.{configured.Name}");
        try
        {
            return configured.Own switch
            {
                SmtpSettings smtp => Make(new SmtpProvider(configured.Name, smtp, clock, logger), Channel.Email),
                TwilioSettings twilio => Make(new TwilioProvider(configured.Name, twilio, ReceiptEndpoints.AddressOf(configured.Name, services.GetRequiredService<ServerSettings>()), clock),
                    [.. ((Channel[])[Channel.Sms, Channel.Call]).Where(channel => twilio.MissingFor(channel) is null)]),
                WebhookSettings webhook => Make(new WebhookProvider(configured.Name, webhook, clock), Channel.Sms, Channel.Call, Channel.Email),
                SmppSettings smpp => Make(Begin(new SmppProvider(configured.Name, smpp, services.GetRequiredService<IDeliveryReceipts>(), clock, logger)), Channel.Sms),
                _ => throw new System.Diagnostics.UnreachableException(),
            };
        }
        catch (SettingsException exception)
        {
            throw new SettingsException($"{ProviderSettings.Section}:{configured.Name}: {exception.Message}", exception);
        }

        // Connected from the start: receipts of what an earlier process sent come over any connection.
        static SmppProvider Begin(SmppProvider provider)
        {
            provider.Start();
            return provider;
        }

        ProviderRoute Make(IDeliveryProvider provider, params Channel[] able)
        {
            var route = new ProviderRoute(provider, configured.Settings, able);
            return route.Channels.Count > 0 ? route
                : throw new SettingsException($"found no channel that it can serve; a provider of type '{configured.Settings.Type}' as it is set serves {(able.Length == 0 ? "none: From is missing" : string.Join(", ", able.Select(channel => channel.Name)))}");
        }
    }
}
