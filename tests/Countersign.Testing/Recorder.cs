using System.Text.Json.Nodes;

namespace Countersign.Testing;

/// <summary>
/// Keeps every exchange of the tests, so that all of them can be checked against the published description of the API: one JSON object a line, in a file
/// of this process in the folder that <c>COUNTERSIGN_RECORD</c> names. Without that variable nothing is kept.
/// </summary>
internal sealed class Recorder : DelegatingHandler
{
    private const int LongestBody = 256 * 1024;
    private static readonly Lock Writing = new();
    private static readonly StreamWriter? Exchanges = Open();

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (Exchanges is null) return await base.SendAsync(request, cancellationToken);
        var sent = await BodyAsync(request.Content, cancellationToken);
        var response = await base.SendAsync(request, cancellationToken);
        // A stream is read as it comes, by the test.
        if (response.Content.Headers.ContentType?.MediaType == "text/event-stream") return response;
        var exchange = new JsonObject
        {
            ["method"] = request.Method.Method,
            ["path"] = request.RequestUri!.PathAndQuery,
            ["request"] = sent,
            ["status"] = (int)response.StatusCode,
            ["contentType"] = response.Content.Headers.ContentType?.MediaType,
            ["response"] = await BodyAsync(response.Content, cancellationToken),
        };
        lock (Writing) Exchanges.WriteLine(exchange.ToJsonString());
        return response;
    }

    /// <summary>The body as text; null when there is none, or one that no test of the contract needs.</summary>
    private static async Task<string?> BodyAsync(HttpContent? content, CancellationToken cancellationToken)
    {
        if (content is null) return null;
        await content.LoadIntoBufferAsync(cancellationToken);
        var bytes = await content.ReadAsByteArrayAsync(cancellationToken);
        return bytes.Length is 0 or > LongestBody ? null : System.Text.Encoding.UTF8.GetString(bytes);
    }

    private static StreamWriter? Open()
        => Environment.GetEnvironmentVariable("COUNTERSIGN_RECORD") is { Length: > 0 } folder
            ? new StreamWriter(Path.Combine(Directory.CreateDirectory(folder).FullName, $"{Guid.NewGuid():n}.jsonl")) { AutoFlush = true }
            : null;
}
