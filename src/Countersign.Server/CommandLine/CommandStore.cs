using Countersign.Server.Outbound;
using Countersign.Server.Settings;
using Countersign.Server.Startup;
using Countersign.Storage;
using Countersign.Tokens;

namespace Countersign.Server.CommandLine;

/// <summary>Opens the store that the settings name, for a command.</summary>
internal sealed class CommandStore(string[] settings)
{
    /// <summary>Hands the store's services to a command. Settings that are wrong end it with the code of a failed start.</summary>
    public async Task<int> RunAsync(Func<IServiceProvider, Task<int>> run)
    {
        try
        {
            var builder = WebApplication.CreateSlimBuilder(settings);
            builder.Logging.ClearProviders();
            builder.Services.AddStorage(builder.AddSettings());
            builder.Services.AddOutbound();
            builder.Services.AddSingleton<ApiTokens>();
            builder.Services.AddSingleton<FirstRun.FirstRun>();
            await using var app = builder.Build();
            app.Services.OpenStorage();
            return await run(app.Services);
        }
        catch (Exception exception) when (StartupFailure.Describe(exception) is { } message)
        {
            return await FailAsync(message, StartupFailure.ExitCode);
        }
    }

    /// <summary>Says what is wrong on standard error.</summary>
    public static async Task<int> FailAsync(string what, int exitCode = 1)
    {
        await Console.Error.WriteLineAsync(what);
        return exitCode;
    }
}
