using System.Diagnostics.CodeAnalysis;
using Countersign.Attempts;
using Countersign.Factors.Hotp;
using Countersign.Factors.Otp;
using Countersign.Factors.Question;
using Countersign.Factors.Totp;
using Countersign.Hashing;
using Countersign.Sealing;
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
        services.AddKind(provider => new HotpFactor(provider.GetRequiredService<IVault>(), provider.Limits<OtpLimits>()));

        services.TryAddSingleton(provider => new MemoryHardHash(provider.Limits<HashingLimits>()));
        services.TryAddSingleton<FactorKinds>();
        services.TryAddSingleton(provider => new AttemptRules(provider.Limits<AttemptLimits>()));
        services.TryAddSingleton(provider => provider.Limits<FactorLimits>());
        services.TryAddSingleton<FactorOperations>();
        return services;
    }

    private static void AddKind(this IServiceCollection services, Func<IServiceProvider, FactorKind> make) => services.AddSingleton(make);

    private static T Limits<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] T>(this IServiceProvider provider) where T : class => provider.GetRequiredService<IOptions<T>>().Value;
}
