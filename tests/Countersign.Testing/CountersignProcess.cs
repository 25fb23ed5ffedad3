using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;

namespace Countersign.Testing;

/// <summary>The real server as a process of its own, on a port of its own: for what cannot be seen from inside.</summary>
public sealed class CountersignProcess : IDisposable
{
    private readonly Process _process;
    private readonly Task<string> _output, _errors;

    private CountersignProcess(Process process, Uri url)
    {
        (_process, Url) = (process, url);
        _output = process.StandardOutput.ReadToEndAsync();
        _errors = process.StandardError.ReadToEndAsync();
    }

    /// <summary>Where it listens.</summary>
    public Uri Url { get; }

    /// <summary>The process's id.</summary>
    public int Id => _process.Id;

    /// <summary>What it wrote to standard output; complete once it has ended.</summary>
    public Task<string> Output => _output;

    /// <summary>What it wrote to standard error; complete once it has ended.</summary>
    public Task<string> Errors => _errors;

    /// <summary>Starts the server on a store and does not wait for it.</summary>
    public static CountersignProcess Start(TestStore store, params IReadOnlyList<KeyValuePair<string, string>> settings)
    {
        var url = new Uri($"http://127.0.0.1:{FreePort()}");
        var start = CountersignCommand.StartInfo(store, ["--urls", url.ToString()]);
        foreach (var (key, value) in (IEnumerable<KeyValuePair<string, string>>)[new("Countersign:BootstrapToken", CountersignApp.Token), new("Countersign:Delivery:OutboxOnly", "true"), .. settings])
            start.Environment[CountersignCommand.Variable(key)] = value;
        return new CountersignProcess(Process.Start(start)!, url);
    }

    /// <summary>Starts the server on a store and waits until it answers.</summary>
    public static async Task<CountersignProcess> StartAsync(TestStore store, params IReadOnlyList<KeyValuePair<string, string>> settings)
    {
        var server = Start(store, settings);
        using var client = new HttpClient { BaseAddress = server.Url };
        for (var left = 600; ; left--)
        {
            if (server._process.HasExited) throw new InvalidOperationException($"the server ended with {server._process.ExitCode}: {await server._errors}{await server._output}");
            try
            {
                using var alive = await client.GetAsync(new Uri("/health/live", UriKind.Relative));
                if (alive.StatusCode == HttpStatusCode.OK) return server;
            }
            catch (HttpRequestException) when (left > 0)
            {
                await Task.Delay(100);
            }
        }
    }

    /// <summary>A client that bears the administrator's token.</summary>
    public HttpClient CreateClient() => new()
    {
        BaseAddress = Url,
        DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("SSWS", CountersignApp.Token) },
    };

    /// <summary>Sends SIGTERM.</summary>
    public void Terminate()
    {
        using var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    /// <summary>Sends SIGKILL.</summary>
    public void Kill() => _process.Kill();

    /// <summary>Waits for the end and answers the exit code.</summary>
    public async Task<int> WaitAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        await _process.WaitForExitAsync(limit.Token);
        return _process.ExitCode;
    }

    /// <summary>Ends it if it still runs.</summary>
    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            _process.WaitForExit();
        }
        _process.Dispose();
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
