using Countersign.Organization;
using Countersign.Sealing;
using Countersign.Storage.Commits;
using Countersign.Storage.Organization;
using Countersign.Storage.Sealing;
using Countersign.Storage.SystemLog;
using Countersign.Storage.Tokens;
using Countersign.Storage.Users;
using Countersign.Tokens;
using Countersign.Users;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Countersign.Storage;

/// <summary>Where and how data is kept (architecture 8).</summary>
public sealed class StorageSettings
{
    /// <summary>The SQLite file, keys and the first token. <c>Countersign:DataDirectory</c>, default <c>./data</c>.</summary>
    public string DataDirectory { get; set; } = "./data";
    /// <summary><c>sqlite</c> or <c>postgres</c>. <c>Countersign:Storage:Provider</c>, default <c>sqlite</c>.</summary>
    public string Provider { get; set; } = "sqlite";
    /// <summary><c>ConnectionStrings:Countersign</c>; needed for <c>postgres</c>.</summary>
    public string? ConnectionString { get; set; }
    /// <summary><c>Countersign:MasterKey</c>: 32 bytes in base64; absent: the file <c>master.key</c> in the data directory.</summary>
    public string? MasterKey { get; set; }
    /// <summary><c>Countersign:OrgName</c>, default <c>Countersign</c>.</summary>
    public string OrgName { get; set; } = "Countersign";
}

/// <summary>Registers the stores.</summary>
public static class StorageServices
{
    /// <summary>Adds the stores for the given settings. <see cref="OpenStorage"/> must run before the first use.</summary>
    public static IServiceCollection AddStorage(this IServiceCollection services, StorageSettings settings)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(provider => Open(settings, provider.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton(_ => MasterKey.Open(settings.MasterKey, settings.DataDirectory));
        services.TryAddSingleton<DataKeyStore>();
        services.TryAddSingleton(provider => new Vault(provider.GetRequiredService<DataKeyStore>().Load));
        services.TryAddSingleton<IVault>(provider => provider.GetRequiredService<Vault>());
        services.TryAddSingleton<IUserCommits, SqlUserCommits>();
        services.TryAddSingleton<IUserStore, SqlUserStore>();
        services.TryAddSingleton<IApiTokenStore, SqlApiTokenStore>();
        services.TryAddSingleton<IOrganizationStore>(provider => new SqlOrganizationStore(
            provider.GetRequiredService<Database>(), provider.GetRequiredService<TimeProvider>(), settings.OrgName));
        return services;
    }

    /// <summary>Brings the tables up to date and the keys into place.</summary>
    public static void OpenStorage(this IServiceProvider provider)
    {
        var database = provider.GetRequiredService<Database>();
        database.Migrate();
        database.UseChain(new LogChain(provider.GetRequiredService<Vault>().LogKey));
    }

    private static Database Open(StorageSettings settings, TimeProvider clock)
    {
        Directory.CreateDirectory(settings.DataDirectory);
        return settings.Provider switch
        {
            "sqlite" => new SqliteDatabase(Path.Combine(settings.DataDirectory, "countersign.db"), clock),
            "postgres" when settings.ConnectionString is { Length: > 0 } => new PostgresDatabase(settings.ConnectionString, clock),
            "postgres" => throw new InvalidOperationException("ConnectionStrings:Countersign: found nothing, expected a PostgreSQL connection string"),
            var other => throw new InvalidOperationException($"Countersign:Storage:Provider: found '{other}', allowed are 'sqlite' and 'postgres'"),
        };
    }
}
