using System.Security.Cryptography;
using Countersign.SystemLog;

namespace Countersign.HardwareTokens;

/// <summary>One entry of a file of tokens, as read. Closed: nothing outside this file can add a case.</summary>
/// <param name="Line">The line where it begins, from 1.</param>
public abstract record ImportRow(int Line)
{
    /// <summary>A token.</summary>
    public sealed record Read(int Line, TokenSeed Seed) : ImportRow(Line);

    /// <summary>An entry that cannot be taken in, and why; never a secret.</summary>
    public sealed record Refused(int Line, string? Serial, string Reason) : ImportRow(Line);

    /// <summary>The rest of the file cannot be read, and why. Nothing follows.</summary>
    public sealed record Unreadable(int Line, string Reason) : ImportRow(Line);
}

/// <summary>What an import did.</summary>
/// <param name="Added">Tokens that are new.</param>
/// <param name="Replaced">Tokens of which something else was known.</param>
/// <param name="Unchanged">Tokens that were there already, as they are.</param>
/// <param name="Refused">Entries that were refused.</param>
/// <param name="Short">Tokens among those taken in whose secret is shorter than the 128 bits that RFC 4226 §4 asks for.</param>
/// <param name="IsWhole">Whether the file could be read to its end.</param>
public readonly record struct ImportSummary(int Added, int Replaced, int Unchanged, int Refused, int Short, bool IsWhole);

/// <summary>
/// Takes a file's tokens into the inventory as it is read, a portion in a transaction. Broken off, it is finished by running it again: what is there already is left as it is.
/// </summary>
public sealed class TokenImport(IHardwareTokenStore store)
{
    private const int AtOnce = 100, ShortestSecret = 16;

    /// <summary>Runs an import to the end of the entries.</summary>
    /// <param name="rows">The entries, read while it runs.</param>
    /// <param name="source">What the log calls the file's form, for example <c>PSKC</c>.</param>
    /// <param name="refused">Told of everything that was not taken in.</param>
    /// <param name="cancellationToken">Breaks it off between two portions.</param>
    public async Task<ImportSummary> RunAsync(IEnumerable<ImportRow> rows, string source, Action<ImportRow> refused, CancellationToken cancellationToken)
    {
        var summary = new ImportSummary { IsWhole = true };
        var portion = new List<ImportRow.Read>(AtOnce);
        foreach (var row in rows)
        {
            if (row is ImportRow.Read read) portion.Add(read);
            else
            {
                refused(row);
                summary = row is ImportRow.Unreadable ? summary with { IsWhole = false } : summary with { Refused = summary.Refused + 1 };
            }
            if (portion.Count == AtOnce) summary = await TakeAsync(portion, summary, source, refused, cancellationToken);
        }
        return await TakeAsync(portion, summary, source, refused, cancellationToken);
    }

    private async Task<ImportSummary> TakeAsync(List<ImportRow.Read> portion, ImportSummary summary, string source, Action<ImportRow> refused, CancellationToken cancellationToken)
    {
        if (portion.Count == 0) return summary;
        var taken = await store.AddAsync([.. portion.Select(read => read.Seed)], results => Events(results, source), cancellationToken);
        for (var i = 0; i < taken.Count; i++)
        {
            var (line, seed) = portion[i];
            if (taken[i].Result is SeedResult.Added or SeedResult.Replaced && seed.Secret.Length < ShortestSecret) summary = summary with { Short = summary.Short + 1 };
            summary = taken[i].Result switch
            {
                SeedResult.Added => summary with { Added = summary.Added + 1 },
                SeedResult.Replaced => summary with { Replaced = summary.Replaced + 1 },
                SeedResult.Unchanged => summary with { Unchanged = summary.Unchanged + 1 },
                var other => Refuse(new ImportRow.Refused(line, seed.Serial, other == SeedResult.Assigned
                    ? "somebody has this token, with another secret or other settings; unenroll it first" : "another YubiKey has this public id")),
            };
            CryptographicOperations.ZeroMemory(seed.Secret);
        }
        portion.Clear();
        return summary;

        ImportSummary Refuse(ImportRow.Refused row)
        {
            refused(row);
            return summary with { Refused = summary.Refused + 1 };
        }
    }

    private static IEnumerable<LogEvent> Events(IReadOnlyList<TakenSeed> taken, string source)
    {
        var (added, replaced) = (taken.Count(seed => seed.Result == SeedResult.Added), taken.Count(seed => seed.Result == SeedResult.Replaced));
        if (added + replaced == 0) return [];
        return [new LogEvent { EventType = LogEventTypes.HardwareTokenImport, Actor = LogSubject.System, Reason = $"{source}: {added} added, {replaced} replaced" }];
    }
}
