using System.Diagnostics.CodeAnalysis;
using Countersign.Attempts;
using Countersign.Factors.BackEnds;
using Countersign.Factors.Call;
using Countersign.Factors.Codes;
using Countersign.Factors.Duo;
using Countersign.Factors.Email;
using Countersign.Factors.Hotp;
using Countersign.Factors.Otp;
using Countersign.Factors.Push;
using Countersign.Factors.Question;
using Countersign.Factors.Recovery;
using Countersign.Factors.Rsa;
using Countersign.Factors.SignedNonce;
using Countersign.Factors.Sms;
using Countersign.Factors.Symantec;
using Countersign.Factors.Totp;
using Countersign.Factors.U2f;
using Countersign.Factors.WebAuthn;
using Countersign.Factors.YubiKey;
using Countersign.HardwareTokens;
using Countersign.Hashing;
using Countersign.Outbox;
using Countersign.Places;
using Countersign.Sealing;
using Countersign.SendLimits;
using Countersign.Users;
using Countersign.WebAuthn;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Countersign.Factors;

/// <summary>Registers the factor kinds and their operations: a new kind is one line here.</summary>
public static class FactorServices
{
    /// <summary>Adds what the factor operations need beside storage.</summary>
    public static IServiceCollection AddFactors(this IServiceCollection services)
    {
        services.AddKind(provider => new QuestionFactor(provider.GetRequiredService<MemoryHardHash>()));
        services.AddKind(provider => new TotpFactor("OKTA", provider.GetRequiredService<IVault>(), provider.Limits<OtpLimits>()));
        services.AddKind(provider => new TotpFactor("GOOGLE", provider.GetRequiredService<IVault>(), provider.Limits<OtpLimits>()));
        services.AddKind(provider => new HotpFactor(provider.GetRequiredService<IVault>(), provider.Limits<OtpLimits>(), provider.GetRequiredService<IHardwareTokenStore>()));
        services.AddKind(provider => new YubiKeyFactor(provider.GetRequiredService<IVault>(), provider.GetRequiredService<IHardwareTokenStore>()));

        services.AddKind(provider => new SmsFactor(provider.GetRequiredService<IVault>(), provider.Limits<CodeSettings>(), provider.GetRequiredService<SendGuard>()));
        services.AddKind(provider => new CallFactor(provider.GetRequiredService<IVault>(), provider.Limits<CodeSettings>(), provider.GetRequiredService<SendGuard>()));
        services.AddKind(provider => new EmailFactor(provider.GetRequiredService<IVault>(), provider.Limits<CodeSettings>(), provider.GetRequiredService<IUserStore>()));
        services.AddKind(provider => new RecoveryFactor(provider.GetRequiredService<IVault>()));
        services.TryAddSingleton(provider => RelyingParties.Make(provider.Limits<WebAuthnSettings>(), provider.GetRequiredService<TimeProvider>().GetUtcNow()));
        services.AddKind(provider => new WebAuthnFactor(provider.Limits<WebAuthnSettings>(), provider.GetRequiredService<RelyingParty>()));
        services.AddKind(provider => new U2fFactor(provider.Limits<WebAuthnSettings>(), provider.GetRequiredService<RelyingParty>()));

        services.TryAddSingleton(TokenBackEnds.None);
        services.AddKind(provider => new RsaFactor(provider.GetRequiredService<TokenBackEnds>().Rsa, provider.GetRequiredService<IVault>()));
        services.AddKind(provider => new SymantecFactor(provider.GetRequiredService<TokenBackEnds>().Symantec, provider.GetRequiredService<IVault>()));

        services.AddKind(provider => new DuoFactor(provider.GetRequiredService<IVault>(), provider.GetRequiredService<IDuo>()));
        services.TryAddSingleton<IDuo>(NoDuo.Instance);
        services.TryAddSingleton<DuoCallback>();

        services.AddKind(provider => new PushFactor(
            provider.GetRequiredService<IVault>(), provider.Limits<PushSettings>(), provider.GetRequiredService<IPlaces>()));
        services.AddKind(_ => new SignedNonceFactor());
        services.TryAddSingleton<IWebPush>(NoWebPush.Instance);
        services.TryAddSingleton<IPlaces>(NoPlaces.Instance);
        services.TryAddSingleton(provider => provider.Limits<PushSettings>());
        services.TryAddSingleton<PushDevices>();
        services.TryAddSingleton<ActivationLinks>();
        services.TryAddSingleton<IPushSubscriptions>(provider => provider.GetRequiredService<PushDevices>());

        services.TryAddSingleton(provider => new ConversionWatch(provider.Limits<SendLimitSettings>()));
        services.TryAddSingleton(provider => new SendGuard(provider.Limits<SendLimitSettings>(), provider.GetRequiredService<ConversionWatch>()));
        services.TryAddSingleton(new OutboxPolicy(new HashSet<Channel>(), KeepsOthers: true));
        services.TryAddSingleton<OutboxSignal>();
        services.TryAddSingleton<SentMessages>();
        services.TryAddSingleton<MessageReader>();
        services.TryAddSingleton(provider => new FactorMessages(
            provider.GetRequiredService<IVault>(), provider.GetRequiredService<OutboxPolicy>(), provider.GetRequiredService<SendGuard>(), provider.Limits<CodeSettings>()));
        services.TryAddSingleton(provider => new MemoryHardHash(provider.Limits<HashingLimits>()));
        services.TryAddSingleton<FactorKinds>();
        services.TryAddSingleton<TokenInventory>();
        services.TryAddSingleton<TokenImport>();
        services.TryAddSingleton(provider => new AttemptRules(provider.Limits<AttemptLimits>()));
        services.TryAddSingleton(provider => provider.Limits<FactorLimits>());
        services.TryAddSingleton<FactorOperations>();
        return services;
    }

    private static void AddKind(this IServiceCollection services, Func<IServiceProvider, FactorKind> make) => services.AddSingleton(make);

    private static T Limits<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] T>(this IServiceProvider provider) where T : class => provider.GetRequiredService<IOptions<T>>().Value;
}
