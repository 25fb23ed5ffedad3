using System.Text.Json.Nodes;

namespace Countersign.Testing.Signals;

/// <summary>Reads server-sent events as they come (WHATWG HTML §9.2.6), as far as the API writes them.</summary>
public sealed class EventReader : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    private readonly HttpResponseMessage _response;
    private readonly StreamReader _lines;

    private EventReader(HttpResponseMessage response, StreamReader lines) => (_response, _lines) = (response, lines);

    /// <summary>The answer's head.</summary>
    public HttpResponseMessage Response => _response;

    /// <summary>Sends the request, which is answered by a stream.</summary>
    public static async Task<EventReader> OpenAsync(HttpClient client, HttpRequestMessage request)
    {
        request.Headers.Accept.ParseAdd("text/event-stream");
        var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead).WaitAsync(Limit);
        return new EventReader(response, new StreamReader(await response.Content.ReadAsStreamAsync()));
    }

    /// <summary>The next event, or a comment: then its name is <c>:</c>. Null at the end.</summary>
    public async Task<(string Name, JsonNode? Data)?> NextAsync()
    {
        var (name, data) = ("", (JsonNode?)null);
        while (await _lines.ReadLineAsync().WaitAsync(Limit) is { } line)
        {
            if (line.Length == 0) return (name, data);
            if (line.StartsWith(':')) name = ":";
            else if (line.StartsWith("event: ", StringComparison.Ordinal)) name = line[7..];
            else if (line.StartsWith("data: ", StringComparison.Ordinal)) data = JsonNode.Parse(line[6..]);
            else throw new FormatException($"'{line}' is no line of an event");
        }
        return null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _lines.Dispose();
        _response.Dispose();
    }
}
