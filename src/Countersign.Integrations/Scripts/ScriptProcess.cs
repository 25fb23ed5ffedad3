using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Countersign.Integrations.Expressions;

namespace Countersign.Integrations.Scripts;

/// <summary>What starts a process that runs <see cref="ScriptHost"/> over its standard input and output.</summary>
/// <param name="File">The program.</param>
/// <param name="Arguments">Its arguments.</param>
public sealed record ScriptCommand(string File, IReadOnlyList<string> Arguments);

/// <summary>A process that runs one script at a time. It is ended when a script goes on after its time; the runtime ends it when one takes more than its memory. Not thread-safe.</summary>
internal sealed class ScriptProcess : IDisposable
{
    // What the engine itself needs, a script's own memory (counted by the engine as it is allocated), and its value as text.
    private const long HeapBytes = 3 * JintScripts.MostMemory;
    private static readonly TimeSpan LongestStart = TimeSpan.FromSeconds(30);
    private static readonly string[] PassedOn = ["PATH", "DOTNET_ROOT", "DOTNET_ROOT_X64", "DOTNET_ROOT_ARM64", "LD_LIBRARY_PATH", "SystemRoot", "TMPDIR", "TEMP"];

    private readonly Process _process;
    private readonly BinaryReader _answers;
    private readonly BinaryWriter _requests;

    private ScriptProcess(Process process)
    {
        _process = process;
        _answers = new BinaryReader(process.StandardOutput.BaseStream, Encoding.UTF8);
        _requests = new BinaryWriter(process.StandardInput.BaseStream, Encoding.UTF8);
    }

    /// <summary>Its id.</summary>
    public int Id => _process.Id;

    /// <summary>Whether it can run another script.</summary>
    public bool IsAlive => !_process.HasExited;

    /// <summary>Starts one and waits until it can take a script.</summary>
    /// <exception cref="InvalidOperationException">It did not start.</exception>
    public static ScriptProcess Start(ScriptCommand command)
    {
        var start = new ProcessStartInfo(command.File, command.Arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = AppContext.BaseDirectory };
        // None of the server's environment, which may hold its keys.
        var passedOn = PassedOn.Select(name => (Name: name, Value: Environment.GetEnvironmentVariable(name))).Where(variable => variable.Value is not null).ToList();
        start.Environment.Clear();
        foreach (var (name, value) in passedOn) start.Environment[name] = value;
        start.Environment["DOTNET_GCHeapHardLimit"] = HeapBytes.ToString("x", CultureInfo.InvariantCulture);
        start.Environment["DOTNET_gcConcurrent"] = start.Environment["DOTNET_EnableDiagnostics"] = "0";
        var process = Process.Start(start) ?? throw new InvalidOperationException("no process was started");
        // What the runtime says of a process that died. The next script's answer says that it did.
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        var started = new ScriptProcess(process);
        try
        {
            using var late = new CancellationTokenSource(LongestStart);
            using (late.Token.Register(process.Kill))
                if (started._answers.ReadByte() != ScriptHost.Ready) throw new InvalidOperationException("it is no script host");
            // Whoever signs in comes before whoever runs scripts.
            process.PriorityClass = ProcessPriorityClass.BelowNormal;
            return started;
        }
        catch (Exception failed) when (failed is IOException or InvalidOperationException)
        {
            started.Dispose();
            throw new InvalidOperationException($"the process for scripts did not start: {failed.Message}", failed);
        }
    }

    /// <summary>Runs a script. One that ends the process has an error like any other.</summary>
    public ScriptResult Evaluate(string script, JsonElement input)
    {
        using var late = new CancellationTokenSource(JintScripts.LongestRun + ScriptHost.Grace);
        try
        {
            using var end = late.Token.Register(_process.Kill);
            _requests.Write(script);
            _requests.Write(input.GetRawText());
            _requests.Flush();
            var succeeded = _answers.ReadBoolean();
            var text = _answers.ReadString();
            return succeeded ? new ScriptResult(JsonBuilder.Read(text), null) : ScriptResult.Failed(text);
        }
        catch (IOException)
        {
            Kill();
            return ScriptResult.Failed(late.IsCancellationRequested ? JintScripts.TooLong : JintScripts.TooMuch);
        }
        finally
        {
            // The time may be over just when the answer came.
            if (late.IsCancellationRequested) Kill();
        }
    }

    public void Dispose()
    {
        Kill();
        _answers.Dispose();
        try
        {
            _requests.Dispose();
        }
        catch (IOException)
        {
            // What was not yet written has nobody to go to.
        }
        _process.Dispose();
    }

    private void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }
}
