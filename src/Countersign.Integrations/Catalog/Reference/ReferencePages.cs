using Countersign.Integrations.Catalog.Documents;

namespace Countersign.Integrations.Catalog.Reference;

/// <summary>Reference pages out of the catalog. A page is made of the pieces of the document that it shows, fetched level by level.</summary>
public sealed class ReferencePages(ICatalogStore catalog)
{
    private const int MostPieces = 1_500, MostRounds = 40;

    /// <summary>The page of an operation; null when there is none.</summary>
    /// <param name="key">The operation.</param>
    /// <param name="publicUrl">This server's address: its own API is asked there.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<OperationPage?> FindAsync(OperationKey key, string publicUrl, CancellationToken cancellationToken)
    {
        if (await catalog.FindAsync(key, cancellationToken) is not { } operation) return null;
        var api = await catalog.FindAsync(key.Api, cancellationToken);
        var baseUrl = operation.IsOwn ? publicUrl : api?.Source.StartsWith("http", StringComparison.Ordinal) == true ? api.Source : null;
        return await ReadAsync(key.Api, pieces => new PageReader(operation, pieces, baseUrl).Read(), cancellationToken);
    }

    /// <summary>What a field's <c>more</c> points to; null when there is no such operation or place.</summary>
    public async Task<IReadOnlyList<Field>?> FieldsAsync(OperationKey key, string pointer, CancellationToken cancellationToken)
    {
        if (await catalog.FindAsync(key, cancellationToken) is null || Pointers.Parts(pointer) is not { Length: >= 3 and <= 200 }) return null;
        return await ReadAsync(key.Api, pieces => pieces.At(pointer) is null ? null : new FieldReader(pieces, 1_500).FieldsAt(pointer), cancellationToken);
    }

    private async Task<T?> ReadAsync<T>(string api, Func<Pieces, T?> read, CancellationToken cancellationToken) where T : class
    {
        var pieces = new Pieces();
        for (var round = 0; ; round++)
        {
            var page = read(pieces);
            var missing = pieces.TakeMissing();
            if (missing.Count == 0 || round == MostRounds || pieces.Count > MostPieces) return page;
            var found = await catalog.FragmentsAsync(api, missing, cancellationToken);
            foreach (var pointer in missing) pieces.Add(pointer, found.GetValueOrDefault(pointer));
        }
    }
}
