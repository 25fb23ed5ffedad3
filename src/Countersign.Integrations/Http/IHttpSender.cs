namespace Countersign.Integrations.Http;

/// <summary>Sends the request of an HTTP task (workflow contract 8) through the outbound guard: the one way by which tasks, test requests and imports call out. Thread-safe.</summary>
public interface IHttpSender
{
    /// <summary>Sends a request, following redirects, and reads the answer. Never throws for what the other side does, nor when the caller gives up: both are in the exchange.</summary>
    Task<HttpExchange> SendAsync(HttpRequestSettings settings, CallLimits limits, CancellationToken cancellationToken);

    /// <summary>Fetches a document, for imports into the catalog: GET, redirects followed as the guard allows, at most <paramref name="longest"/> bytes.</summary>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    Task<FetchedDocument> FetchAsync(Uri uri, long longest, CancellationToken cancellationToken);
}

/// <summary>What fetching came to: the bytes, or one sentence that says why there are none.</summary>
public sealed record FetchedDocument(byte[]? Bytes, string? ContentType, string? Error);
