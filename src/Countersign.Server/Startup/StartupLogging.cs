namespace Countersign.Server.Startup;

internal static class StartupLogging
{
    /// <summary>The framework is heard when something is wrong; not when the start failed, which <see cref="StartupFailure"/> tells, or else the runtime.</summary>
    /// <returns>To be called with what was built.</returns>
    public static Action<WebApplication> AddStartupLogging(this WebApplicationBuilder builder)
    {
        var hasStarted = false;
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        // Background services that are stopped because the server cannot listen are reported as failed, when they had not begun yet.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", level => level >= LogLevel.Critical && hasStarted);
        // This category makes an activity for every request as soon as any level of it is on; who wants activities listens to them.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
        return app => app.Lifetime.ApplicationStarted.Register(() => hasStarted = true);
    }
}
