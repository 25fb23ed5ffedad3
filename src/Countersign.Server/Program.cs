using Countersign.Factors;
using Countersign.Server.AdminConsole;
using Countersign.Server.Authenticator;
using Countersign.Server.CommandLine;
using Countersign.Server.Delivery;
using Countersign.Server.Factors;
using Countersign.Server.Factors.Duo;
using Countersign.Server.Factors.WebAuthn;
using Countersign.Server.FirstRun;
using Countersign.Server.FirstSteps;
using Countersign.Server.HardwareTokens;
using Countersign.Server.Health;
using Countersign.Server.Hooks;
using Countersign.Server.OpenApi;
using Countersign.Server.Organization;
using Countersign.Server.Outbox;
using Countersign.Server.Places;
using Countersign.Server.RateLimits;
using Countersign.Server.Requests;
using Countersign.Server.Settings;
using Countersign.Server.Shutdown;
using Countersign.Server.Startup;
using Countersign.Server.SystemLog;
using Countersign.Server.Telemetry;
using Countersign.Server.Templates;
using Countersign.Server.Tokens;
using Countersign.Server.Users;
using Countersign.Server.Waiting;
using Countersign.Storage;
using Countersign.SystemLog;
using Countersign.Tokens;
using Countersign.Users;

if (Commands.AreIn(args)) return await Commands.RunAsync(args);
try
{
    // Settings take effect with the next start. Watching their files would be told of every write to a data directory beside them.
    var builder = WebApplication.CreateSlimBuilder([.. args, "--hostBuilder:reloadConfigOnChange=false"]);
    var logStart = builder.AddStartupLogging();
    var storage = builder.AddSettings();
    builder.AddListening();
    builder.AddTelemetry();
    builder.AddApiDescription();
    builder.Services.AddProxies();
    builder.Services.AddShutdown();
    builder.Services.AddStorage(storage);
    builder.AddDelivery();
    builder.Services.AddDuo();
    builder.Services.AddPlaces();
    builder.Services.AddFactors();
    builder.Services.AddUsers();
    builder.Services.AddHooks();
    builder.Services.AddSingleton<LogSearch>();
    builder.Services.AddHostedService<LogRetention>();
    builder.Services.AddSingleton<ApiTokens>();
    builder.Services.AddSingleton<RateLimiter>();
    builder.Services.AddSingleton<LimitEvents>();
    builder.Services.AddSingleton<UserResolver>();
    builder.Services.AddSingleton<PublicUrl>();
    builder.Services.AddSingleton<FactorDocuments>();
    builder.Services.AddSingleton<DeviceDocuments>();
    builder.Services.AddSingleton<WaitingRequests>();
    builder.Services.AddSingleton<UserDocuments>();
    builder.Services.AddSingleton<Readiness>();
    builder.Services.AddSingleton<FirstRun>();
    builder.Services.AddFirstSteps();

    var app = builder.Build();
    logStart(app);
    app.WarnOfUnreadSettings();
    app.Services.OpenStorage();
    app.Services.OpenDelivery();
    app.Services.OpenPlaces();
    await app.Services.GetRequiredService<FirstRun>().RunAsync(CancellationToken.None);

    app.UseProxies();
    app.UseTolerantPaths();
    app.UseRouting();
    app.UseMiddleware<ApiPipeline>();
    app.MapUsers();
    app.MapFactors();
    app.MapRelatedOrigins();
    app.MapDuoCallback();
    app.MapDevices();
    app.MapOrgFactors();
    app.MapHotpProfiles();
    app.MapHardwareTokens();
    app.MapSmsTemplates();
    app.MapInlineHooks();
    app.MapEventHooks();
    app.MapOutbox();
    app.MapDelivery();
    app.MapSystemLog();
    app.MapTokens();
    app.MapConsole();
    app.MapAuthenticator();
    app.MapHealth();
    app.MapMetrics();
    app.MapApiDescription();
    await app.RunAsync();
    return 0;
}
catch (Exception exception) when (StartupFailure.Describe(exception) is { } message)
{
    await Console.Error.WriteLineAsync(message);
    return StartupFailure.ExitCode;
}
