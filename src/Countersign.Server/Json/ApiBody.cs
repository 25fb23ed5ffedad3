using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Countersign.Server.Json;

/// <summary>Reads request bodies with the contract's leniency (1.1): no body, an empty one, <c>{}</c> and <c>null</c> are alike, whatever the content type says.</summary>
internal static class ApiBody
{
    /// <summary>The body, or null when it is not JSON of this shape.</summary>
    public static async ValueTask<T?> ReadAsync<T>(this HttpContext http, JsonTypeInfo<T> type) where T : class, new()
    {
        var pipe = http.Request.BodyReader;
        while (true)
        {
            var read = await pipe.ReadAsync(http.RequestAborted);
            if (!read.IsCompleted && read.Buffer.Length < (http.Request.ContentLength ?? long.MaxValue))
            {
                pipe.AdvanceTo(read.Buffer.Start, read.Buffer.End);
                continue;
            }
            var value = Parse(read.Buffer, type);
            pipe.AdvanceTo(read.Buffer.End);
            return value;
        }
    }

    /// <summary>The body as it was sent, where its bytes were signed; null when it is longer than this.</summary>
    public static async ValueTask<byte[]?> ReadBytesAsync(this HttpContext http, int longest)
    {
        if (http.Request.ContentLength > longest) return null;
        var pipe = http.Request.BodyReader;
        while (true)
        {
            var read = await pipe.ReadAsync(http.RequestAborted);
            if (read.Buffer.Length > longest) return null;
            if (!read.IsCompleted)
            {
                pipe.AdvanceTo(read.Buffer.Start, read.Buffer.End);
                continue;
            }
            var body = read.Buffer.ToArray();
            pipe.AdvanceTo(read.Buffer.End);
            return body;
        }
    }

    /// <summary>The body that was read; null when it is not JSON of this shape.</summary>
    public static T? Parse<T>(byte[] body, JsonTypeInfo<T> type) where T : class, new() => Parse(new ReadOnlySequence<byte>(body), type);

    private static T? Parse<T>(in ReadOnlySequence<byte> body, JsonTypeInfo<T> type) where T : class, new()
    {
        if (body.IsEmpty) return new T();
        try
        {
            var reader = new Utf8JsonReader(body);
            var value = JsonSerializer.Deserialize(ref reader, type) ?? new T();
            return reader.Read() ? null : value;
        }
        catch (JsonException)
        {
            return null;
        }
        catch (InvalidOperationException)
        {
            return null;   // a string that is not UTF-16 (an unpaired surrogate)
        }
    }
}
