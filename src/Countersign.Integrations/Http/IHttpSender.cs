namespace Countersign.Integrations.Http;

/// <summary>Sends the request of an HTTP task (workflow contract 8) through the outbound guard: the one way by which tasks, test requests and imports call out.</summary>
public interface IHttpSender
{
    /// <summary>Fetches a document, for imports into the catalog: GET, redirects followed as the guard allows, at most <paramref name="longest"/> bytes.</summary>
    Task<FetchedDocument> FetchAsync(Uri uri, long longest, CancellationToken cancellationToken);
}

/// <summary>What fetching came to: the bytes, or one sentence that says why there are none.</summary>
public sealed record FetchedDocument(byte[]? Bytes, string? ContentType, string? Error);
