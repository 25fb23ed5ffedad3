using Countersign.Users.Search;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Countersign.Users;

/// <summary>Registers the operations on users.</summary>
public static class UserServices
{
    /// <summary>Adds what the operations on users need beside storage and factors.</summary>
    public static IServiceCollection AddUsers(this IServiceCollection services)
    {
        services.TryAddSingleton(provider => provider.GetRequiredService<IOptions<UserLimits>>().Value);
        services.TryAddSingleton<UserOperations>();
        services.TryAddSingleton<UserLifecycle>();
        services.TryAddSingleton<UserCredentials>();
        services.TryAddSingleton<UserSearch>();
        return services;
    }
}
