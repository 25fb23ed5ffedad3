using System.Diagnostics.CodeAnalysis;
using Countersign.Attempts;
using Countersign.Delivery;
using Countersign.Delivery.Duo;
using Countersign.Delivery.WebPush;
using Countersign.Factors;
using Countersign.Factors.Codes;
using Countersign.Factors.Otp;
using Countersign.Factors.Push;
using Countersign.Factors.WebAuthn;
using Countersign.Hashing;
using Countersign.Integrations.Conductor;
using Countersign.Integrations.Runs;
using Countersign.Outbound;
using Countersign.SendLimits;
using Countersign.Server.Delivery;
using Countersign.Server.Factors.Duo;
using Countersign.Server.FirstSteps;
using Countersign.Server.Places;
using Countersign.Server.RateLimits;
using Countersign.Server.Runners;
using Countersign.Server.Waiting;
using Countersign.Settings;
using Countersign.Storage;
using Countersign.SystemLog;
using Countersign.Users;
using Microsoft.Extensions.Options;

namespace Countersign.Server.Settings;

/// <summary>All settings: a new class of settings is one line here (architecture 8). Each is injected as itself or as <see cref="IOptions{T}"/>.</summary>
internal static class SettingsServices
{
    /// <summary>Reads and checks every setting.</summary>
    /// <exception cref="SettingsException">A value is not allowed.</exception>
    public static StorageSettings AddSettings(this WebApplicationBuilder builder)
    {
        var reader = new SettingsReader(builder.Configuration);
        var storage = Add<StorageSettings>(StorageSettings.Section);
        var server = Add<ServerSettings>(ServerSettings.Section);
        Add<RequestLimits>(RequestLimits.Section);
        Add<ShutdownSettings>(ShutdownSettings.Section);
        Add<MetricsSettings>(MetricsSettings.Section);
        Add<FirstStepsSettings>(FirstStepsSettings.Section);
        Add<RateLimitOptions>(RateLimitOptions.Section);
        Add<AttemptLimits>(AttemptLimits.Section);
        Add<FactorLimits>(FactorLimits.Section);
        Add<PollingSettings>(PollingSettings.Section);
        Add<UserLimits>(UserLimits.Section);
        Add<LogLimits>(LogLimits.Section);
        Add<OtpLimits>(OtpLimits.Section);
        Add<HashingLimits>(HashingLimits.Section);
        Add<CodeSettings>(CodeSettings.Section);
        Add<WebAuthnSettings>(WebAuthnSettings.Section);
        Add<PushSettings>(PushSettings.Section);
        Add<PlacesSettings>(PlacesSettings.Section);
        Add<SendLimitSettings>(SendLimitSettings.Section);
        Add<DeliverySettings>(DeliverySettings.Section);
        Add<WorkflowSettings>(WorkflowSettings.Section);
        Add<OutboundSettings>(OutboundSettings.Section);
        WebPushSetup.Check(Add<WebPushSettings>(WebPushSettings.Section), reader);
        ConductorRunner.Check(Add<ConductorSettings>(ConductorSettings.Section), reader);
        DuoSetup.Check(Add<DuoSettings>(DuoSettings.Section), server, reader);
        builder.Services.AddSingleton(ConfiguredProviders.Read(reader));
        builder.Services.AddSingleton(ConfiguredBackEnds.Read(reader));
        reader.ThrowIfWrong();
        builder.Services.AddSingleton(reader);
        return storage;

        T Add<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties)] T>(string section) where T : class, new()
        {
            var settings = reader.Read<T>(section);
            builder.Services.AddSingleton(settings);
            builder.Services.AddSingleton(Options.Create(settings));
            return settings;
        }
    }

    /// <summary>Says which keys nobody reads.</summary>
    public static void WarnOfUnreadSettings(this WebApplication app)
    {
        foreach (var key in app.Services.GetRequiredService<SettingsReader>().Unread())
            app.Logger.LogWarning(EventIds.SettingUnread, "{Key} is no setting and has no effect; docs/configuration.md lists them all", key);
    }
}
