using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Countersign.Delivery.Tests.Smpp;

/// <summary>The npm package <c>smpp</c> as a message center: an implementation that shares nothing with Countersign's (<c>tests/smpp</c>).</summary>
internal sealed class NodeSmppServer : IAsyncDisposable
{
    // An installation of three small packages, on a busy machine.
    private static readonly TimeSpan InstallLimit = TimeSpan.FromMinutes(2);

    private readonly Process _process;

    private NodeSmppServer(Process process, int port) => (_process, Port) = (process, port);

    public int Port { get; }

    public static async Task<NodeSmppServer> StartAsync()
    {
        var folder = Folder();
        if (!Directory.Exists(Path.Combine(folder, "node_modules")))
        {
            using var install = Start(folder, "npm", "ci", "--no-audit", "--no-fund", "--loglevel=error");
            await install.StandardOutput.ReadToEndAsync().WaitAsync(InstallLimit);
            await install.WaitForExitAsync().WaitAsync(InstallLimit);
            if (install.ExitCode != 0) throw new InvalidOperationException($"npm ci ended with {install.ExitCode}");
        }
        var process = Start(folder, "node", "server.js", SmppServer.SystemId, SmppServer.Password);
        return new NodeSmppServer(process, (await ReadAsync(process))["port"]!.GetValue<int>());
    }

    /// <summary>The next thing that it says.</summary>
    public Task<JsonNode> ReadAsync() => ReadAsync(_process);

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static async Task<JsonNode> ReadAsync(Process process)
        => JsonNode.Parse(await process.StandardOutput.ReadLineAsync().WaitAsync(Signals.Limit) ?? throw new InvalidOperationException("the server ended"))!;

    private static Process Start(string folder, string program, params IEnumerable<string> arguments)
        => Process.Start(new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true })!;

    private static string Folder()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Countersign.slnx"))) folder = folder.Parent ?? throw new InvalidOperationException("the repository was not found");
        return Path.Combine(folder.FullName, "tests", "smpp");
    }
}
