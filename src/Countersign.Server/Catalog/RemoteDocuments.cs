using Countersign.Integrations.Catalog.Documents;
using Countersign.Integrations.Http;

namespace Countersign.Server.Catalog;

/// <summary>API documents at an address, fetched as tasks call: past the guard.</summary>
internal static class RemoteDocuments
{
    /// <summary>Fetches a document or an archive.</summary>
    /// <exception cref="InvalidDataException">The address gave none; the message says why.</exception>
    public static async Task<DocumentSource> OpenAsync(IHttpSender sender, Uri address, CancellationToken cancellationToken)
    {
        var fetched = await sender.FetchAsync(address, ImportRunner.LongestUpload, cancellationToken);
        if (fetched.Bytes is not { } bytes) throw new InvalidDataException(fetched.Error ?? "The address gave nothing.");
        return DocumentSource.IsArchive(bytes) ? DocumentSource.OfArchive(bytes) : DocumentSource.Of(address.AbsoluteUri, bytes);
    }
}
