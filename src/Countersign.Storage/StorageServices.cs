using System.Data.Common;
using Countersign.HardwareTokens;
using Countersign.Hooks;
using Countersign.Integrations.Catalog;
using Countersign.Integrations.Catalog.Search;
using Countersign.Integrations.Runs;
using Countersign.Integrations.Secrets;
using Countersign.Integrations.TestRequests;
using Countersign.Organization;
using Countersign.Outbox;
using Countersign.Sealing;
using Countersign.SendLimits;
using Countersign.Settings;
using Countersign.Signals;
using Countersign.Storage.Catalog;
using Countersign.Storage.Commits;
using Countersign.Storage.HardwareTokens;
using Countersign.Storage.Hooks;
using Countersign.Storage.Organization;
using Countersign.Storage.Outbox;
using Countersign.Storage.Sealing;
using Countersign.Storage.Secrets;
using Countersign.Storage.SendLimits;
using Countersign.Storage.Signals;
using Countersign.Storage.SystemLog;
using Countersign.Storage.TestRequests;
using Countersign.Storage.Tokens;
using Countersign.Storage.Users;
using Countersign.Storage.Workflows;
using Countersign.SystemLog;
using Countersign.Tokens;
using Countersign.Users;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Countersign.Storage;

/// <summary>Where and how data is kept (architecture 8).</summary>
public sealed class StorageSettings
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Countersign";

    /// <summary>The SQLite file, keys and the first token. <c>Countersign:DataDirectory</c>, default <c>./data</c>.</summary>
    [Setting(1, 4_096)]
    public string DataDirectory { get; set; } = "./data";
    /// <summary><c>sqlite</c> or <c>postgres</c>. <c>Countersign:Storage:Provider</c>, default <c>sqlite</c>.</summary>
    [Setting(Key = "Countersign:Storage:Provider", Allowed = ["sqlite", "postgres"])]
    public string Provider { get; set; } = "sqlite";
    /// <summary><c>ConnectionStrings:Countersign</c>; needed for <c>postgres</c>.</summary>
    [Setting(1, 10_000, Key = "ConnectionStrings:Countersign", IsSecret = true)]
    public string? ConnectionString { get; set; }
    /// <summary><c>Countersign:MasterKey</c>: 32 bytes in base64; absent: the file <c>master.key</c> in the data directory.</summary>
    [Setting(44, 44, IsSecret = true)]
    public string? MasterKey { get; set; }
    /// <summary><c>Countersign:OrgName</c>: the organisation's name in messages and authenticator apps. Default <c>Countersign</c>; 1 to 100 characters.</summary>
    [Setting(1, 100)]
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
        services.TryAddSingleton(provider => new Vault(provider.GetRequiredService<DataKeyStore>().Load, provider.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton<IVault>(provider => provider.GetRequiredService<Vault>());
        services.TryAddSingleton<IKeyRotation, KeyRotation>();
        services.TryAddSingleton<IUserCommits, SqlUserCommits>();
        services.TryAddSingleton<IUserStore, SqlUserStore>();
        services.TryAddSingleton<ISystemLog, SqlSystemLog>();
        services.TryAddSingleton<IApiTokenStore, SqlApiTokenStore>();
        services.TryAddSingleton<ISharedSecrets, SqlSharedSecrets>();
        services.TryAddSingleton<IOutbox, SqlOutbox>();
        services.TryAddSingleton<IEventFeed, SqlEventFeed>();
        services.TryAddSingleton<IConversionStore, SqlConversionStore>();
        services.TryAddSingleton<IHardwareTokenStore, SqlHardwareTokenStore>();
        services.TryAddSingleton<IDefinitionStore, SqlDefinitionStore>();
        services.TryAddSingleton<IWorkflowStore, SqlWorkflowStore>();
        services.TryAddSingleton<ICatalogStore, SqlCatalogStore>();
        services.TryAddSingleton<ICatalogIndex, SqlCatalogIndex>();
        services.TryAddSingleton<ICatalogImports, SqlCatalogImports>();
        services.TryAddSingleton<ISecretStore, SqlSecretStore>();
        services.TryAddSingleton<IEnvironmentStore, SqlEnvironmentStore>();
        services.TryAddSingleton<ITestRequestStore, SqlTestRequestStore>();
        services.TryAddSingleton<SignalHub>();
        services.TryAddSingleton(provider => OpenSignals(settings, provider));
        services.TryAddSingleton<IOrganizationStore>(provider => new SqlOrganizationStore(
            provider.GetRequiredService<Database>(), provider.GetRequiredService<TimeProvider>(), settings.OrgName));
        return services;
    }

    /// <summary>Brings the tables up to date and the keys into place.</summary>
    /// <exception cref="SettingsException">The database or the keys cannot be used as they are set.</exception>
    public static void OpenStorage(this IServiceProvider provider)
    {
        var database = provider.GetRequiredService<Database>();
        try
        {
            database.Migrate();
            database.UseChain(new LogChain(provider.GetRequiredService<Vault>().LogKey));
        }
        catch (DbException exception)
        {
            var key = database.Provider == "sqlite" ? "Countersign:DataDirectory" : "ConnectionStrings:Countersign";
            throw new SettingsException($"{key}: the database there cannot be used: {exception.Message}", exception);
        }
    }

    private static ISignals OpenSignals(StorageSettings settings, IServiceProvider provider)
    {
        var hub = provider.GetRequiredService<SignalHub>();
        return settings.Provider == "sqlite" ? hub : new PostgresSignals(
            settings.ConnectionString!, provider.GetRequiredService<Database>(), hub, provider.GetRequiredService<TimeProvider>(),
            provider.GetService<ILoggerFactory>()?.CreateLogger<PostgresSignals>() ?? NullLogger<PostgresSignals>.Instance);
    }

    private static Database Open(StorageSettings settings, TimeProvider clock)
    {
        try
        {
            Directory.CreateDirectory(settings.DataDirectory);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new SettingsException($"Countersign:DataDirectory: found '{settings.DataDirectory}', which cannot be made a directory: {exception.Message}", exception);
        }
        return settings.Provider == "sqlite"
            ? new SqliteDatabase(Path.Combine(settings.DataDirectory, "countersign.db"), clock)
            : OpenPostgres(settings.ConnectionString, clock);
    }

    private static PostgresDatabase OpenPostgres(string? connectionString, TimeProvider clock)
    {
        const string Allowed = "allowed is a PostgreSQL connection string, for example Host=db.example.com;Database=countersign;Username=countersign;Password=…";
        if (connectionString is null) throw new SettingsException($"ConnectionStrings:Countersign: found nothing, {Allowed}");
        try
        {
            return new PostgresDatabase(connectionString, clock);
        }
        catch (ArgumentException exception)
        {
            throw new SettingsException($"ConnectionStrings:Countersign: {exception.Message}; {Allowed}", exception);
        }
    }
}
