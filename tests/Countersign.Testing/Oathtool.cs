using System.Diagnostics;
using System.Globalization;

namespace Countersign.Testing;

/// <summary>Debian's <c>oathtool</c>: an authenticator that shares no code with Countersign.</summary>
public static class Oathtool
{
    /// <summary>Passcodes by counter (RFC 4226), beginning with <paramref name="counter"/>. The secret is hexadecimal.</summary>
    public static Task<IReadOnlyList<string>> HotpAsync(string secret, long counter, int count = 1, int digits = 6)
        => RunAsync("--hotp", $"--counter={Number(counter)}", $"--window={Number(count - 1)}", $"--digits={Number(digits)}", secret);

    /// <summary>Passcodes by time (RFC 6238), beginning with the step of <paramref name="now"/>. The secret is base32.</summary>
    public static Task<IReadOnlyList<string>> TotpAsync(string secret, DateTimeOffset now, int count = 1, int digits = 6, int secondsPerStep = 30, string algorithm = "sha1")
        => RunAsync($"--totp={algorithm}", "--base32", $"--now=@{Number(now.ToUnixTimeSeconds())}", $"--time-step-size={Number(secondsPerStep)}s",
            $"--window={Number(count - 1)}", $"--digits={Number(digits)}", secret);

    private static async Task<IReadOnlyList<string>> RunAsync(params IEnumerable<string> arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("oathtool", arguments) { RedirectStandardOutput = true })!;
        var text = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? text.Split('\n', StringSplitOptions.RemoveEmptyEntries) : throw new InvalidOperationException($"oathtool ended with {process.ExitCode}");
    }

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
