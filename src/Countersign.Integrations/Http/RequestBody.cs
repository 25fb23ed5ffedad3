using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Countersign.Integrations.Expressions;

namespace Countersign.Integrations.Http;

/// <summary>Makes the bytes of a body (workflow contract 8.3). Pure.</summary>
internal static class RequestBody
{
    /// <summary>The bytes; null and a fault (what follows the field's name) when the body cannot be sent so.</summary>
    public static byte[]? TryWrite(JsonElement body, string contentType, out string? fault)
    {
        fault = null;
        if (Base64Of(body) is { } packed)
        {
            if (packed.TryGetBytesFromBase64(out var bytes)) return bytes;
            fault = "has a base64 that is none";
            return null;
        }
        if (!MediaTypeHeaderValue.TryParse(contentType, out var type))
        {
            fault = $"cannot be sent as '{contentType}', which is no content type";
            return null;
        }
        var isText = body.ValueKind == JsonValueKind.String;
        if (IsJson(type.MediaType)) return isText ? Encoding.UTF8.GetBytes(body.GetString()!) : Json(body);
        if (type.MediaType!.Equals("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase) && body.ValueKind == JsonValueKind.Object) return Encoding.ASCII.GetBytes(Form(body));
        if (body.ValueKind is JsonValueKind.Object or JsonValueKind.Array) return Json(body);
        return Encode(Template.TextOf(body), type.CharSet, out fault);
    }

    /// <summary>Whether a media type is JSON.</summary>
    public static bool IsJson(string? mediaType)
        => mediaType is not null && (mediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase) || mediaType.Equals("text/json", StringComparison.OrdinalIgnoreCase) || mediaType.EndsWith("+json", StringComparison.OrdinalIgnoreCase));

    private static JsonElement? Base64Of(JsonElement body)
        => body.ValueKind == JsonValueKind.Object && body.GetPropertyCount() == 1 && body.TryGetProperty("base64", out var packed) && packed.ValueKind == JsonValueKind.String ? packed : null;

    private static byte[] Json(JsonElement body)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = JsonBuilder.WriterOver(buffer)) body.WriteTo(writer);
        return buffer.WrittenSpan.ToArray();
    }

    private static string Form(JsonElement body)
    {
        var pairs = new List<string>();
        foreach (var member in body.EnumerateObject())
            foreach (var value in member.Value.ValueKind == JsonValueKind.Array ? member.Value.EnumerateArray().AsEnumerable() : [member.Value])
                if (value.ValueKind != JsonValueKind.Null) pairs.Add($"{WebUtility.UrlEncode(member.Name)}={WebUtility.UrlEncode(Template.TextOf(value))}");
        return string.Join('&', pairs);
    }

    private static byte[]? Encode(string text, string? charset, out string? fault)
    {
        fault = null;
        try
        {
            if (charset is null) return Encoding.UTF8.GetBytes(text);
            var encoding = (Encoding)(Charsets.Find(charset) ?? throw new ArgumentException(charset)).Clone();
            encoding.EncoderFallback = EncoderFallback.ExceptionFallback;
            return encoding.GetBytes(text);
        }
        catch (ArgumentException)
        {
            fault = $"cannot be written in the character set '{charset}'";
            return null;
        }
    }
}
