using System.Diagnostics;
using Countersign.Bench.Passcodes;

namespace Countersign.Bench.Targets;

/// <summary>What the recipes of the peers read and write.</summary>
internal static class PeerFiles
{
    /// <summary>Writes a line "id base32" for each person.</summary>
    public static async Task<string> WritePeopleAsync(Workplace workplace, Population population, CancellationToken cancellationToken)
    {
        var file = Path.Combine(workplace.Data, "people");
        var lines = population.People.AsParallel().AsOrdered().Select(person => $"{person.Guid} {Base32(person.Secret)}");
        await File.WriteAllLinesAsync(file, lines, cancellationToken);
        return file;
    }

    /// <summary>Runs a command of a peer's recipe to its end.</summary>
    public static async Task RunAsync(
        string folder, string program, string[] arguments, Dictionary<string, string> environment, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardError = true };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        try
        {
            var error = await process.StandardError.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            if (process.ExitCode != 0) throw new BenchException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}: {error}");
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
    }

    /// <summary>RFC 4648 §6, for lengths that need no padding (multiples of 5 bytes).</summary>
    public static string Base32(ReadOnlySpan<byte> bytes)
    {
        const string alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
        Span<char> text = stackalloc char[bytes.Length / 5 * 8];
        for (int i = 0, at = 0; i < bytes.Length; i += 5)
        {
            var five = (ulong)bytes[i] << 32 | (ulong)bytes[i + 1] << 24 | (ulong)bytes[i + 2] << 16 | (ulong)bytes[i + 3] << 8 | bytes[i + 4];
            for (var shift = 35; shift >= 0; shift -= 5) text[at++] = alphabet[(int)(five >> shift & 31)];
        }
        return new string(text);
    }
}
