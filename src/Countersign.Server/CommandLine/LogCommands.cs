using System.CommandLine;
using Countersign.SystemLog;

namespace Countersign.Server.CommandLine;

/// <summary><c>countersign log …</c>: the system log.</summary>
internal static class LogCommands
{
    public static Command Command(CommandStore store)
    {
        var expect = new Option<string?>("--expect") { Description = "A head that verify told earlier, which must still be part of the log: shows that its end was not cut off." };
        var verify = new Command("verify", "Checks that nobody edited, removed, reordered or put in events. Exit code 1 when somebody did.") { expect };
        verify.Validators.Add(result =>
        {
            if (result.GetValue(expect) is { } text && !LogHead.TryParse(text, out _)) result.AddError("--expect: allowed is a head as verify tells it, a number, a colon and 64 hexadecimal digits");
        });
        verify.SetAction((parsed, cancellationToken) => store.RunAsync(async services =>
        {
            LogHead? expected = LogHead.TryParse(parsed.GetValue(expect), out var head) ? head : null;
            var verdict = await services.GetRequiredService<ISystemLog>().VerifyAsync(expected, cancellationToken);
            if (verdict.Fault is { } fault) return await CommandStore.FailAsync($"The log was tampered with, at event {verdict.FaultAt}: {fault}.");
            await Console.Out.WriteLineAsync(verdict.First > verdict.Head.Seq ? "The log holds no event." : $"The log holds: events {verdict.First} to {verdict.Head.Seq}.");
            await Console.Out.WriteLineAsync($"head {verdict.Head}");
            return 0;
        }));
        return new Command("log", "Check the system log.") { verify };
    }
}
