using System.Buffers;
using System.IO.Pipelines;
using System.Text;

namespace Countersign.Server.Waiting;

/// <summary>Writes server-sent events (HTML, §9.2); each is sent at once.</summary>
internal readonly struct EventStream
{
    private readonly PipeWriter _writer;
    private readonly CancellationToken _gone;

    private EventStream(PipeWriter writer, CancellationToken gone) => (_writer, _gone) = (writer, gone);

    /// <summary>Begins the answer.</summary>
    public static EventStream Begin(HttpContext http)
    {
        http.Response.StatusCode = StatusCodes.Status200OK;
        http.Response.ContentType = TransactionEvents.MediaType;
        // Proxies that gather answers let this one pass as it comes.
        http.Response.Headers["X-Accel-Buffering"] = "no";
        return new EventStream(http.Response.BodyWriter, http.RequestAborted);
    }

    /// <summary>Writes an event.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="data">Its data: JSON in one line.</param>
    public async ValueTask WriteAsync(string name, ReadOnlyMemory<byte> data)
    {
        Encoding.UTF8.GetBytes($"event: {name}\ndata: ", _writer);
        _writer.Write(data.Span);
        _writer.Write("\n\n"u8);
        await _writer.FlushAsync(_gone);
    }

    /// <summary>Writes a comment: a sign of life.</summary>
    public async ValueTask WriteCommentAsync()
    {
        _writer.Write(":\n\n"u8);
        await _writer.FlushAsync(_gone);
    }
}
