using Countersign.Integrations.Catalog;
using Countersign.Integrations.Catalog.Documents;
using Countersign.Integrations.Catalog.Imports;

namespace Countersign.Server.Catalog;

/// <summary>Runs imports in the background, one after the other. When the process stops, those that are not done are FAILED and say so; when it dies, their silence tells.</summary>
internal sealed class ImportRunner(CatalogImporter importer, ICatalogImports imports, TimeProvider clock, ILogger<ImportRunner> logger) : IHostedService, IAsyncDisposable
{
    /// <summary>The longest file that is taken, in bytes.</summary>
    public const int LongestUpload = 64 * 1024 * 1024;
    private const int MostWaiting = 10;

    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _lock = new();
    private readonly HashSet<Task> _running = [];

    /// <summary>Starts an import; null when too many wait already.</summary>
    /// <param name="source">What it reads, for people.</param>
    /// <param name="open">Opens it.</param>
    /// <param name="release">Is called when it is over.</param>
    /// <param name="cancellationToken">Gives up before it has begun.</param>
    public async Task<CatalogImport?> StartAsync(string source, Func<CancellationToken, Task<DocumentSource>> open, Action? release, CancellationToken cancellationToken)
    {
        lock (_lock)
            if (_running.Count >= MostWaiting) return null;
        var import = await importer.BeginAsync(source, cancellationToken);
        Keep(Task.Run(() => RunAsync(import, open, release), CancellationToken.None));
        return import;
    }

    /// <summary>Removes in the background what no API shows any longer.</summary>
    public void Sweep() => Keep(Task.Run(SweepAsync));

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _stopping.CancelAsync();
        }
        catch (ObjectDisposedException)
        {
            return;   // the host was disposed of while it stopped
        }
        await WhenDoneAsync().WaitAsync(cancellationToken);
    }

    /// <summary>When all that was started so far is over.</summary>
    public Task WhenDoneAsync()
    {
        lock (_lock) return Task.WhenAll(_running);
    }

    public ValueTask DisposeAsync()
    {
        _stopping.Dispose();
        return ValueTask.CompletedTask;
    }

    private void Keep(Task task)
    {
        lock (_lock) _running.Add(task);
        _ = task.ContinueWith(done =>
        {
            lock (_lock) _running.Remove(done);
        }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    private async Task RunAsync(CatalogImport import, Func<CancellationToken, Task<DocumentSource>> open, Action? release)
    {
        try
        {
            await importer.RunAsync(import, open, null, _stopping.Token);
        }
        catch (OperationCanceledException)
        {
            await EndAsync(import, "The server stopped. Start it again: what it brought is passed over.");
        }
        catch (Exception exception)
        {
            Log.Failed(logger, exception, import.Id);
            await EndAsync(import, "Something went wrong in the server; its log says what.");
        }
        finally
        {
            release?.Invoke();
        }
    }

    private async Task EndAsync(CatalogImport import, string reason)
    {
        try
        {
            var last = await imports.FindAsync(import.Id, CancellationToken.None) ?? import;
            await imports.SaveAsync(last with { Status = ImportStatus.Failed, EndedAt = clock.GetUtcNow(), Reason = reason }, CancellationToken.None);
        }
        catch (Exception exception)
        {
            Log.Failed(logger, exception, import.Id);   // the store is gone too: its silence will tell
        }
    }

    private async Task SweepAsync()
    {
        try
        {
            await importer.SweepAsync(_stopping.Token);
        }
        catch (OperationCanceledException)
        {
            // The next sweep goes on.
        }
        catch (Exception exception)
        {
            Log.Failed(logger, exception, "sweep");
        }
    }

    private static partial class Log
    {
        public static void Failed(ILogger logger, Exception exception, string import) => logger.LogError(EventIds.ImportFailed, exception, "Import {Import} into the catalog failed", import);
    }
}
