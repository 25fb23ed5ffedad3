using System.CommandLine;
using System.Text;
using Countersign.HardwareTokens;
using Countersign.HardwareTokens.Csv;
using Countersign.HardwareTokens.Pskc;

namespace Countersign.Server.CommandLine;

/// <summary><c>countersign import …</c>: tokens from their makers' files.</summary>
internal static class ImportCommands
{
    /// <summary>Entries were refused.</summary>
    private const int SomeRefused = 1;
    /// <summary>The file cannot be read, or not to its end.</summary>
    private const int Unreadable = 2;
    private const long LongestSecretFile = 1_024;

    public static Command Command(CommandStore store) => new("import", "Takes hardware tokens into the inventory.") { YubiKey(store), Pskc(store) };

    private static Command YubiKey(CommandStore store)
    {
        var file = File("A CSV file of a YubiKey personalization tool.");
        var command = new Command("yubikey", $"Takes YubiKeys in. {About}") { file };
        command.SetAction((parsed, cancellationToken) => store.RunAsync(async services =>
            await ReadAsync(services, parsed.GetRequiredValue(file), "YubiKey CSV", stream => YubiKeyCsv.Read(new StreamReader(stream, Encoding.UTF8)), cancellationToken)));
        return command;
    }

    private static Command Pskc(CommandStore store)
    {
        var file = File("A PSKC file (RFC 6030).");
        var key = new Option<string?>("--key-file") { Description = "A file with the pre-shared key that it is encrypted with: 16, 24 or 32 bytes, in hexadecimal or base64." };
        var password = new Option<string?>("--password-file") { Description = "A file with the password that it is encrypted with." };
        var command = new Command("pskc", $"Takes OATH tokens in. {About}") { file, key, password };
        command.SetAction((parsed, cancellationToken) => store.RunAsync(async services =>
        {
            byte[]? preSharedKey = null;
            string? phrase = null;
            try
            {
                if (parsed.GetValue(key) is { } keyFile && !PskcSecrets.TryKey(ReadSecret(keyFile), out preSharedKey))
                    return await CommandStore.FailAsync("--key-file: allowed are 16, 24 or 32 bytes, in hexadecimal or base64", Unreadable);
                if (parsed.GetValue(password) is { } passwordFile) phrase = Encoding.UTF8.GetString(ReadSecret(passwordFile)).TrimEnd('\r', '\n');
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                return await CommandStore.FailAsync(exception.Message, Unreadable);
            }
            return await ReadAsync(services, parsed.GetRequiredValue(file), "PSKC", stream => PskcReader.Read(stream, new PskcSecrets(preSharedKey, phrase)), cancellationToken);
        }));
        return command;
    }

    private const string About = "What is there already is left as it is, so that an import that was broken off is finished by running it again. "
        + "What is refused is told on standard error, and stops nothing else. Exit code 1 when anything was refused, 2 when the file cannot be read to its end.";

    private static Argument<string> File(string description) => new("file") { Description = description };

    private static async Task<int> ReadAsync(IServiceProvider services, string file, string source, Func<Stream, IEnumerable<ImportRow>> read, CancellationToken cancellationToken)
    {
        ImportSummary done;
        try
        {
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read, 65_536);
            done = await new TokenImport(services.GetRequiredService<IHardwareTokenStore>()).RunAsync(read(stream), source, Tell, cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return await CommandStore.FailAsync(exception.Message, Unreadable);
        }
        await Console.Out.WriteLineAsync($"{done.Added} added, {done.Replaced} replaced, {done.Unchanged} unchanged, {done.Refused} refused");
        if (done.Short > 0) await Console.Error.WriteLineAsync($"warning: {done.Short} of these have secrets shorter than the 128 bits that RFC 4226 asks for");
        return !done.IsWhole ? Unreadable : done.Refused > 0 ? SomeRefused : 0;
    }

    private static void Tell(ImportRow row) => Console.Error.WriteLine(row switch
    {
        ImportRow.Refused refused => $"line {refused.Line}, {(refused.Serial is { } serial ? $"token {serial}" : "no serial number")}: refused: {refused.Reason}",
        ImportRow.Unreadable rest => $"line {rest.Line}: the file cannot be read from here on: {rest.Reason}",
        _ => throw new System.Diagnostics.UnreachableException(),
    });

    private static byte[] ReadSecret(string file)
        => new FileInfo(file).Length <= LongestSecretFile ? System.IO.File.ReadAllBytes(file) : throw new IOException($"{file}: allowed are at most {LongestSecretFile} bytes");
}
