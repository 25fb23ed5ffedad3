using System.Security.Cryptography;
using Countersign.Integrations.Catalog.Documents;
using Countersign.Integrations.Catalog.Search;

namespace Countersign.Integrations.Catalog.Imports;

/// <summary>
/// Reads documents into the catalog, one after the other: never is more than one in memory, and an API is seen only when all of it is written. What was broken off is finished by
/// running it again: documents that are known are passed over.
/// </summary>
public sealed class CatalogImporter(ICatalogStore catalog, ICatalogImports imports, TimeProvider clock)
{
    private readonly ICatalogStore _catalog = catalog;
    private readonly ICatalogImports _imports = imports;
    private readonly TimeProvider _clock = clock;

    /// <summary>With every change of the form in which documents are kept, so that they are read anew.</summary>
    private const string Form = "1";
    private const int Batch = 100, MostFindings = 200, MostFindingsInAll = 100_000;
    private static readonly TimeSpan SaveEvery = TimeSpan.FromSeconds(1);

    // Of documents that are read at the same time two may be large.
    private static readonly SemaphoreSlim One = new(1);

    /// <summary>Begins an import: from now on it can be seen.</summary>
    public async Task<CatalogImport> BeginAsync(string source, CancellationToken cancellationToken)
    {
        var now = _clock.GetUtcNow();
        var import = new CatalogImport { Id = $"imp{Guid.CreateVersion7(now):n}", Source = source, StartedAt = now };
        await _imports.AddAsync(import, cancellationToken);
        return import;
    }

    /// <summary>Reads all that a source has. Never throws for what documents are like; cancellation leaves the import to whoever goes on with it.</summary>
    /// <param name="import">The import, begun.</param>
    /// <param name="source">Opens the source; what it throws for a broken file fails the import.</param>
    /// <param name="progress">Is told after each document.</param>
    /// <param name="cancellationToken">The process stops.</param>
    public async Task<CatalogImport> RunAsync(CatalogImport import, Func<CancellationToken, Task<DocumentSource>> source, Action<CatalogImport>? progress, CancellationToken cancellationToken)
    {
        using var stopped = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var alive = SayAliveAsync(import.Id, stopped);
        try
        {
            await One.WaitAsync(stopped.Token);
            try
            {
                return await new Run(this, import, progress).ReadAsync(source, stopped.Token);
            }
            finally
            {
                One.Release();
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return await _imports.FindAsync(import.Id, cancellationToken) ?? import with { Status = ImportStatus.Canceled };
        }
        finally
        {
            await stopped.CancelAsync();
            await alive;
        }
    }

    /// <summary>While it runs or waits for its turn: says so, and hears when somebody stopped it.</summary>
    private async Task SayAliveAsync(string import, CancellationTokenSource stopped)
    {
        try
        {
            using var timer = new PeriodicTimer(ICatalogImports.Silence / 6, _clock);
            while (await timer.WaitForNextTickAsync(stopped.Token))
                if (!await _imports.TouchAsync(import, stopped.Token)) await stopped.CancelAsync();
        }
        catch (Exception exception) when (exception is OperationCanceledException or System.Data.Common.DbException)
        {
            // It ended; or the store is away, which the import itself will notice.
        }
    }

    /// <summary>Reads one document as the API of this name, whatever the document says of its own.</summary>
    public async Task<int> ReplaceAsync(ApiDocument document, Api api, Func<DocumentOperation, int>? order, CancellationToken cancellationToken)
    {
        await One.WaitAsync(cancellationToken);
        try
        {
            return await WriteAsync(document, api, order, cancellationToken);
        }
        finally
        {
            One.Release();
        }
    }

    /// <summary>Removes what no API shows any longer.</summary>
    public async Task SweepAsync(CancellationToken cancellationToken)
    {
        while (await _catalog.SweepAsync(cancellationToken)) cancellationToken.ThrowIfCancellationRequested();
    }

    /// <summary>What a document is known by.</summary>
    public static string HashOf(ReadOnlySpan<byte> text) => $"{Form}{Convert.ToHexStringLower(SHA256.HashData(text))}";

    private async Task<int> WriteAsync(ApiDocument document, Api api, Func<DocumentOperation, int>? order, CancellationToken cancellationToken)
    {
        var slugs = new SlugBook(await _catalog.SlugsAsync(api.Name.Id, cancellationToken));
        var content = await _catalog.BeginAsync(cancellationToken);
        var (words, tags, methods) = (new Dictionary<string, int>(StringComparer.Ordinal), new Dictionary<string, int>(StringComparer.Ordinal), new Dictionary<string, int>(StringComparer.Ordinal));
        var (operations, fragments) = (new List<NewOperation>(Batch), new List<Fragment>(Batch * 2));
        var position = 0;
        foreach (var read in order is null ? document.Operations() : document.Operations().OrderBy(order))
        {
            var operation = new CatalogOperation
            {
                Key = KeyOf(content, position, read),
                Api = api.Name,
                Method = read.Method,
                Path = read.Path,
                Slug = slugs.Take(read),
                OperationId = read.OperationId,
                Title = read.Title,
                Summary = read.Summary == read.Title ? null : read.Summary,
                IsDeprecated = read.IsDeprecated,
                Tags = read.Tags,
            };
            var text = SearchText.Of(operation, read.Description);
            foreach (var word in text.Title.Concat(text.Api).Concat(text.Path).Concat(text.Tags).Distinct()) Count(words, word);
            foreach (var tag in read.Tags) Count(tags, tag);
            Count(methods, read.Method);
            operations.Add(new NewOperation(position++, operation, text));
            fragments.Add(new Fragment(read.Pointer, read.Body));
            if (operations.Count >= Batch) await FlushAsync();
        }
        foreach (var fragment in document.Fragments())
        {
            fragments.Add(fragment);
            if (fragments.Count >= Batch * 2) await FlushAsync();
        }
        await FlushAsync();
        await _catalog.WriteCountsAsync(content, words, tags, methods, cancellationToken);
        await _catalog.PublishAsync(api with { Operations = position }, content, cancellationToken);
        return position;

        async Task FlushAsync()
        {
            await _catalog.WriteAsync(content, operations, fragments, cancellationToken);
            operations.Clear();
            fragments.Clear();
        }
    }

    /// <summary>Deprecated ones last, short titles and paths first, then as they come.</summary>
    private static long KeyOf(int content, int position, DocumentOperation operation)
    {
        long quality = Math.Min(255, (Words.Of(operation.Title).Count * 8) + operation.Path.Count(letter => letter is '/' or '.'));
        return ((operation.IsDeprecated ? 1L : 0L) << 60) | (quality << 52) | ((long)content << 20) | (uint)Math.Min(position, 0xfffff);
    }

    private static void Count(Dictionary<string, int> counts, string name) => counts[name] = counts.GetValueOrDefault(name) + 1;

    /// <summary>One run of an import.</summary>
    private sealed class Run(CatalogImporter importer, CatalogImport import, Action<CatalogImport>? progress)
    {
        private readonly List<Finding> _findings = [];
        private CatalogImport _import = import;
        private long _saved = importer._clock.GetTimestamp();
        private int _told;

        public async Task<CatalogImport> ReadAsync(Func<CancellationToken, Task<DocumentSource>> open, CancellationToken cancellationToken)
        {
            try
            {
                var source = await open(cancellationToken);
                _import = _import with { DocumentsTotal = source.Count() };
                if (!await SaveAsync(cancellationToken)) return await StoppedAsync(cancellationToken);
                foreach (var document in source.Read())
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    await TakeAsync(document, cancellationToken);
                    progress?.Invoke(_import);
                    if (importer._clock.GetElapsedTime(_saved) >= SaveEvery && !await SaveAsync(cancellationToken)) return await StoppedAsync(cancellationToken);
                }
                _import = _import with { Status = ImportStatus.Completed };
            }
            catch (Exception exception) when (exception is IOException or InvalidDataException or UnauthorizedAccessException or NotSupportedException)
            {
                _import = _import with { Status = ImportStatus.Failed, Reason = exception.Message };
            }
            _import = _import with { EndedAt = importer._clock.GetUtcNow() };
            var isSaved = await SaveAsync(cancellationToken);
            await importer.SweepAsync(cancellationToken);
            return isSaved ? _import : await StoppedAsync(cancellationToken);
        }

        private async Task TakeAsync(SourceDocument document, CancellationToken cancellationToken)
        {
            if (document.Text is { } content && !document.IsCertain && !ApiDocument.MayBe(content)) return;
            _import = _import with { Documents = _import.Documents + 1 };
            var found = 0;
            try
            {
                if (document.Text is not { } text) throw new DocumentException("", $"The document has {document.Length} bytes or more; allowed are {DocumentText.Longest}.");
                var hash = HashOf(text);
                if (await importer._catalog.HasAsync(hash, cancellationToken))
                {
                    _import = _import with { Known = _import.Known + 1 };
                    return;
                }
                var read = ApiDocument.Read(text, document.IsCertain ? _import.Source : document.Name, Report);
                if (read.Name.Id == OwnApi.Id) throw new DocumentException("#/info", $"The name '{OwnApi.Id}' is kept for this server's own API.");
                var now = importer._clock.GetUtcNow();
                var api = new Api { Name = await FreeAsync(read.Name, cancellationToken), Description = read.Description, Source = document.Name, Hash = hash, ImportedAt = now, UpdatedAt = now };
                var operations = await importer.WriteAsync(read, api, null, cancellationToken);
                if (operations == 0) Report(Severity.Warning, "#/paths", "The document has no operations.");
                _import = _import with { Apis = _import.Apis + 1, Operations = _import.Operations + operations };
            }
            catch (DocumentException exception)
            {
                _import = _import with { Refused = _import.Refused + 1 };
                Add(new Finding(Severity.Refused, document.Name, exception.Place, exception.Message));
            }

            void Report(Severity severity, string place, string reason)
            {
                _import = severity == Severity.Error ? _import with { Errors = _import.Errors + 1 } : _import with { Warnings = _import.Warnings + 1 };
                if (found++ < MostFindings) Add(new Finding(severity, document.Name, place, reason));
            }
        }

        /// <summary>The name, with another id when that is the id of another API whose names look alike in an address.</summary>
        private async Task<ApiName> FreeAsync(ApiName name, CancellationToken cancellationToken)
        {
            if (await importer._catalog.FindAsync(name.Id, cancellationToken) is not { } there || (there.Name.Provider, there.Name.Name, there.Name.Version) == (name.Provider, name.Name, name.Version)) return name;
            var whole = System.Text.Encoding.UTF8.GetBytes($"{name.Provider}\n{name.Name}\n{name.Version}");
            return name with { Id = $"{name.Id}-{Convert.ToHexStringLower(SHA256.HashData(whole))[..8]}" };
        }

        private void Add(Finding finding)
        {
            if (_told++ < MostFindingsInAll || finding.Severity == Severity.Refused) _findings.Add(finding);
        }

        private async Task<bool> SaveAsync(CancellationToken cancellationToken)
        {
            foreach (var some in _findings.Chunk(Batch)) await importer._imports.AddFindingsAsync(_import.Id, some, cancellationToken);
            _findings.Clear();
            _saved = importer._clock.GetTimestamp();
            return await importer._imports.SaveAsync(_import, cancellationToken);
        }

        private async Task<CatalogImport> StoppedAsync(CancellationToken cancellationToken)
            => await importer._imports.FindAsync(_import.Id, cancellationToken) ?? _import with { Status = ImportStatus.Canceled };
    }

    /// <summary>Gives operations their slugs: each keeps the one that it has, new ones get one that is free.</summary>
    private sealed class SlugBook(IReadOnlyDictionary<(string Method, string Path), string> known)
    {
        private readonly HashSet<(string Method, string Slug)> _taken = [.. known.Select(pair => (pair.Key.Method, pair.Value))];

        public string Take(DocumentOperation operation)
        {
            if (known.TryGetValue((operation.Method, operation.Path), out var kept)) return kept;
            var slug = Slugs.OfOperation(operation.OperationId, operation.Path);
            if (_taken.Add((operation.Method, slug))) return slug;
            // What is added follows from the path, so that the order of the document does not matter.
            var distinct = $"{slug}-{Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(operation.Path)))[..8]}";
            while (!_taken.Add((operation.Method, distinct))) distinct += "x";
            return distinct;
        }
    }
}
