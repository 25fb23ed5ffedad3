using System.Collections.Concurrent;
using System.ComponentModel;
using System.Text.Json;

namespace Countersign.Integrations.Scripts;

/// <summary>
/// Runs scripts in processes of their own (decision 30): a few, started when the first scripts come and kept for the next. What the engine cannot stop, since it does it in
/// one step, ends a process and nothing else.
/// </summary>
/// <param name="command">Starts a process of <see cref="ScriptHost"/>.</param>
public sealed class ScriptProcesses(ScriptCommand command) : IScripts, IDisposable
{
    // As many as can run at once; the server's own threads wait for no more.
    private static readonly int Most = Math.Clamp(Environment.ProcessorCount, 1, 8);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    private readonly SemaphoreSlim _free = new(Most);
    private readonly ConcurrentStack<ScriptProcess> _idle = [];

    /// <summary>The ids of the processes that wait for a script.</summary>
    internal IEnumerable<int> Idle => _idle.Select(process => process.Id);

    /// <inheritdoc/>
    public ScriptResult Evaluate(string script, JsonElement input)
    {
        if (!_free.Wait(LongestWait)) return ScriptResult.Failed($"Other scripts took all of {LongestWait.TotalSeconds:0} seconds.");
        try
        {
            var process = Waiting() ?? ScriptProcess.Start(command);
            var result = process.Evaluate(script, input);
            if (process.IsAlive) _idle.Push(process);
            else process.Dispose();
            return result;
        }
        catch (Exception failed) when (failed is InvalidOperationException or Win32Exception)
        {
            return ScriptResult.Failed($"Scripts cannot be run: {failed.Message.TrimEnd('.')}.");
        }
        finally
        {
            _free.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        while (_idle.TryPop(out var process)) process.Dispose();
        _free.Dispose();
    }

    private ScriptProcess? Waiting()
    {
        while (_idle.TryPop(out var process))
        {
            if (process.IsAlive) return process;
            process.Dispose();
        }
        return null;
    }
}
