namespace Countersign.Server.Startup;

internal static class StartupLogging
{
    /// <summary>The framework is heard when something is wrong; not when the start failed, which <see cref="StartupFailure"/> tells, or else the runtime.</summary>
    public static void AddStartupLogging(this WebApplicationBuilder builder)
    {
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical);
        // This category makes an activity for every request as soon as any level of it is on; who wants activities listens to them.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
    }
}
