using System.Net.Sockets;
using Countersign.Settings;

namespace Countersign.Server.Startup;

/// <summary>Failures to start that whoever starts the process can mend: told in one line, without a stack trace.</summary>
internal static class StartupFailure
{
    /// <summary>The exit code of such a failure: EX_CONFIG of sysexits.</summary>
    public const int ExitCode = 78;

    /// <summary>What to say; null when the exception is none of them.</summary>
    public static string? Describe(Exception exception) => exception switch
    {
        SettingsException => exception.Message,
        IOException or InvalidOperationException or FormatException when IsListening(exception) => $"urls: {exception.Message}",
        SocketException => $"urls: cannot listen there: {exception.Message}",
        _ => null,
    };

    /// <summary>Whether the server's own checks of its addresses failed, as far as their exceptions can be told from others.</summary>
    private static bool IsListening(Exception exception)
        => exception.StackTrace?.Contains("Microsoft.AspNetCore.Server.Kestrel", StringComparison.Ordinal) == true
            || exception.Source is "Microsoft.AspNetCore.Server.Kestrel.Core";
}
