using System.Diagnostics;

namespace Countersign.Bench.Processes;

/// <summary>A server under test: started with its output in a log file, measured from outside, stopped by its id.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60), StopLimit = TimeSpan.FromSeconds(20);
    private readonly Process _process;

    private ServerProcess(Process process) => _process = process;

    public int Id => _process.Id;

    /// <summary>From just before the process was made to the end of its first answer.</summary>
    public TimeSpan FirstAnswer { get; private init; }

    /// <summary>Starts the program and waits until <paramref name="probe"/> is answered (with any status when <paramref name="anyAnswer"/>, else with 200).</summary>
    public static async Task<ServerProcess> StartAsync(Launch launch, Uri probe, bool anyAnswer, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("/bin/sh") { WorkingDirectory = launch.WorkingDirectory };
        // exec: the shell that opens the log file becomes the program, so that the id is the program's own.
        foreach (var argument in (string[])["-c", "log=$1; shift; exec \"$@\" >>\"$log\" 2>&1", "sh", launch.Log, launch.Program, .. launch.Arguments])
            start.ArgumentList.Add(argument);
        foreach (var (name, value) in launch.Environment) start.Environment[name] = value;

        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        var began = Stopwatch.GetTimestamp();
        var process = Process.Start(start)!;
        while (!await AnswersAsync(client, probe, anyAnswer, cancellationToken))
        {
            if (process.HasExited) throw new BenchException($"{launch.Program} ended with {process.ExitCode} before it answered; see {launch.Log}");
            if (Stopwatch.GetElapsedTime(began) > StartLimit)
            {
                process.Kill(entireProcessTree: true);
                throw new BenchException($"{launch.Program} gave no answer at {probe} within {StartLimit}; see {launch.Log}");
            }
            await Task.Delay(TimeSpan.FromMilliseconds(5), cancellationToken);
        }
        return new ServerProcess(process) { FirstAnswer = Stopwatch.GetElapsedTime(began) };
    }

    private static async Task<bool> AnswersAsync(HttpClient client, Uri probe, bool anyAnswer, CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await client.GetAsync(probe, cancellationToken);
            return anyAnswer || answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    /// <summary>Asks the program to stop, and ends it when it does not.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            using (var kill = Process.Start("kill", ["-TERM", $"{Id}"])) await kill.WaitForExitAsync();
            using var limit = new CancellationTokenSource(StopLimit);
            try
            {
                await _process.WaitForExitAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                _process.Kill(entireProcessTree: true);
            }
        }
        _process.Dispose();
    }
}
