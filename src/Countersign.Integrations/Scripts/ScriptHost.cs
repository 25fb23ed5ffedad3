using System.Diagnostics;
using System.Text;
using Countersign.Integrations.Expressions;
using Countersign.Integrations.Workflows;

namespace Countersign.Integrations.Scripts;

/// <summary>
/// The inside of a <see cref="ScriptProcess"/>: it runs the scripts that it is sent, one after the other, until nobody sends any more. After <see cref="Ready"/>, every request is
/// two texts (script, input), and every answer a truth value and a text (whether it succeeded; the value as JSON, or why there is none), as <see cref="BinaryWriter"/> writes them.
/// </summary>
public static class ScriptHost
{
    internal const byte Ready = 1;

    /// <summary>How long past <see cref="JintScripts.LongestRun"/> a script may go on before its process ends: what the engine does in one step cannot be stopped otherwise.</summary>
    internal static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    /// <summary>Runs until the requests end.</summary>
    /// <param name="requests">Where scripts come from.</param>
    /// <param name="answers">Where their values go.</param>
    public static void Run(Stream requests, Stream answers)
    {
        using var self = Process.GetCurrentProcess();
        // The server ends it in time; this is for a server that is gone.
        using var end = new Timer(_ => self.Kill(), null, Timeout.Infinite, Timeout.Infinite);
        using var reader = new BinaryReader(requests, Encoding.UTF8);
        using var writer = new BinaryWriter(answers, Encoding.UTF8);
        var scripts = new JintScripts();
        // The first script of a process takes much longer than the next, so that nobody waits for it.
        scripts.Evaluate("(function () { return $.a + 1; })()", JsonBuilder.Read("""{"a":1}"""));
        writer.Write(Ready);
        writer.Flush();
        while (Next(reader) is { } script)
        {
            var input = JsonBuilder.Read(reader.ReadString());
            end.Change(JintScripts.LongestRun + Grace + Grace, Timeout.InfiniteTimeSpan);
            var result = scripts.Evaluate(script, input);
            var text = result.Error ?? result.Value.GetRawText();
            end.Change(Timeout.Infinite, Timeout.Infinite);
            var isTooLong = text.Length > Limits.PayloadBytes;
            writer.Write(result.Error is null && !isTooLong);
            writer.Write(isTooLong ? $"The script's value has more than {Limits.PayloadBytes / 1024} KiB." : text);
            writer.Flush();
        }
    }

    private static string? Next(BinaryReader reader)
    {
        try
        {
            return reader.ReadString();
        }
        catch (EndOfStreamException)
        {
            return null;
        }
    }
}
