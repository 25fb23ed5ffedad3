using System.Text;

namespace Countersign.Server.EventStreams;

/// <summary>An answer that goes on: server-sent events (WHATWG HTML §9.2). Each event is on its way when the call returns.</summary>
internal sealed class EventStream
{
    /// <summary>The media type.</summary>
    public const string MediaType = "text/event-stream";
    /// <summary>After so much silence a comment says that the stream is alive.</summary>
    public static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(15);

    private readonly HttpResponse _response;

    private EventStream(HttpResponse response) => _response = response;

    /// <summary>Begins the answer.</summary>
    public static EventStream Begin(HttpContext http)
    {
        var response = http.Response;
        response.ContentType = MediaType;
        response.Headers.CacheControl = "no-store";
        // nginx would keep events back until it has a bufferful.
        response.Headers["X-Accel-Buffering"] = "no";
        return new EventStream(response);
    }

    /// <summary>Sends an event.</summary>
    /// <param name="name">What it is.</param>
    /// <param name="data">Its data: one line.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task SendAsync(string name, string data, CancellationToken cancellationToken) => WriteAsync($"event: {name}\ndata: {data}\n\n", cancellationToken);

    /// <summary>Says that the stream is alive.</summary>
    public Task SendCommentAsync(CancellationToken cancellationToken) => WriteAsync(":\n\n", cancellationToken);

    private async Task WriteAsync(string text, CancellationToken cancellationToken)
    {
        await _response.BodyWriter.WriteAsync(Encoding.UTF8.GetBytes(text), cancellationToken);
        await _response.BodyWriter.FlushAsync(cancellationToken);
    }
}
