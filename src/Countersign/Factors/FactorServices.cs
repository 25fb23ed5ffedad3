using Countersign.Attempts;
using Countersign.Factors.Otp;
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
        services.AddSingleton<FactorKind>(provider => new TotpFactor("OKTA", provider.GetRequiredService<IVault>(), provider.GetRequiredService<IOptions<OtpLimits>>().Value));
        services.AddSingleton<FactorKind>(provider => new TotpFactor("GOOGLE", provider.GetRequiredService<IVault>(), provider.GetRequiredService<IOptions<OtpLimits>>().Value));

        services.TryAddSingleton(provider => new MemoryHardHash(provider.GetRequiredService<IOptions<HashingLimits>>().Value));
        services.TryAddSingleton<FactorKinds>();
        services.TryAddSingleton(provider => new AttemptRules(provider.GetRequiredService<IOptions<AttemptLimits>>().Value));
        services.TryAddSingleton(provider => provider.GetRequiredService<IOptions<FactorLimits>>().Value);
        services.TryAddSingleton<FactorOperations>();
        return services;
    }
}
