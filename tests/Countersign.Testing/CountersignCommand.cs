using System.Diagnostics;

namespace Countersign.Testing;

/// <summary>The program with a command, as a person runs it.</summary>
/// <param name="ExitCode">How it ended.</param>
/// <param name="Output">What it wrote to standard output.</param>
/// <param name="Errors">What it wrote to standard error.</param>
public sealed record CountersignCommand(int ExitCode, string Output, string Errors)
{
    /// <summary>Runs a command on a store to its end.</summary>
    public static async Task<CountersignCommand> RunAsync(TestStore store, params IEnumerable<string> words)
    {
        using var process = Process.Start(StartInfo(store, words))!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return new CountersignCommand(process.ExitCode, await output, await errors);
    }

    /// <summary>How the program is started on a store.</summary>
    public static ProcessStartInfo StartInfo(TestStore store, IEnumerable<string> words)
    {
        var host = Environment.ProcessPath is { } own && Path.GetFileNameWithoutExtension(own) == "dotnet" ? own : "dotnet";
        var start = new ProcessStartInfo(host, [typeof(Program).Assembly.Location, .. words])
        {
            WorkingDirectory = store.Directory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (key, value) in store.Settings) start.Environment[Variable(key)] = value;
        return start;
    }

    /// <summary>A setting's key as an environment variable.</summary>
    internal static string Variable(string key) => key.Replace(":", "__", StringComparison.Ordinal);
}
