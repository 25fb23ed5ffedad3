using System.Diagnostics;
using System.Globalization;

namespace Countersign.Bench.Load;

/// <summary>Runs wrk with <c>load.lua</c> and reads what the script says at the end.</summary>
internal sealed class Wrk(string folder)
{
    private const string Prefix = "load.";

    public async Task<LoadResult> RunAsync(LoadCell cell, Action? begun, CancellationToken cancellationToken)
    {
        var threads = cell.Connections == 1 ? 1 : 2;
        await WriteAsync(cell, threads, cancellationToken);

        var start = new ProcessStartInfo("wrk")
        {
            RedirectStandardOutput = true,
            ArgumentList =
            {
                $"-t{threads}", $"-c{cell.Connections}", $"-d{cell.Seconds}s", "--timeout", "10s",
                "-s", Path.Combine(AppContext.BaseDirectory, "load.lua"), cell.Request.Address.ToString(),
            },
            Environment =
            {
                ["LOAD_FOLDER"] = folder,
                ["LOAD_STATUS"] = cell.Expectation.Status.ToString(CultureInfo.InvariantCulture),
                ["LOAD_CONTAINS"] = cell.Expectation.Contains,
                ["LOAD_REPEATS"] = cell.Repeats ? "1" : "0",
            },
        };
        using var process = Process.Start(start)!;
        begun?.Invoke();
        try
        {
            var output = await process.StandardOutput.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            if (process.ExitCode != 0) throw new BenchException($"wrk ended with {process.ExitCode}: {output}");
            return Read(output);
        }
        finally
        {
            if (!process.HasExited) process.Kill();
        }
    }

    private async Task WriteAsync(LoadCell cell, int threads, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        await File.WriteAllTextAsync(Path.Combine(folder, "request"), cell.Request.Template(cell.Lines[0]), cancellationToken);
        for (var thread = 0; thread < threads; thread++)
            await File.WriteAllLinesAsync(Path.Combine(folder, $"lines.{thread}"), cell.Lines.Where((_, i) => i % threads == thread), cancellationToken);
    }

    private static LoadResult Read(string output)
    {
        var said = output.Split('\n')
            .Where(line => line.StartsWith(Prefix, StringComparison.Ordinal))
            .Select(line => line[Prefix.Length..].Split('=', 2))
            .ToDictionary(pair => pair[0], pair => pair[1]);
        long Number(string key) => (long)double.Parse(said[key], CultureInfo.InvariantCulture);
        TimeSpan Latency(string key) => TimeSpan.FromMicroseconds(Number(key));

        var answered = Number("expected") + Number("unexpected");
        return new LoadResult(
            answered / TimeSpan.FromMicroseconds(Number("microseconds")).TotalSeconds,
            Latency("p50"), Latency("p99"),
            Number("expected"), Number("unexpected"), said["sample"], Number("connectionErrors"), said["ranOut"] == "true");
    }
}
