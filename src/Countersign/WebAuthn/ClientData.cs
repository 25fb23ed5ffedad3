using System.Text.Json;

namespace Countersign.WebAuthn;

/// <summary>What the client says of the ceremony (<c>CollectedClientData</c>, WebAuthn L3 §5.8.1; U2F's <c>ClientData</c> has the same shape and other names).</summary>
/// <param name="Type"><c>type</c>, or U2F's <c>typ</c>.</param>
/// <param name="Challenge">The challenge in base64url.</param>
/// <param name="Origin">The page's origin.</param>
/// <param name="CrossOrigin">Whether a page of another origin framed it.</param>
/// <param name="TopOrigin">The origin of the outermost page; null when it is the same.</param>
public readonly record struct ClientData(string Type, string Challenge, string Origin, bool CrossOrigin, string? TopOrigin)
{
    /// <summary>The longest client data that is read, in bytes.</summary>
    public const int MaxLength = 16 * 1024;

    private const int LongestText = 2_048, Depth = 16;

    /// <summary>Reads client data. False when it is not what the specification says, or says something twice.</summary>
    public static bool TryParse(ReadOnlySpan<byte> json, out ClientData clientData)
    {
        clientData = default;
        if (json.Length > MaxLength) return false;
        if (json.StartsWith("\uFEFF"u8)) json = json[3..];   // "UTF-8 decode" drops the mark (§7.1 step 5)
        try
        {
            return TryRead(json, out clientData);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return false;   // not JSON, or a text that is not UTF-16
        }
    }

    private static bool TryRead(ReadOnlySpan<byte> json, out ClientData clientData)
    {
        clientData = default;
        string? type = null, challenge = null, origin = null, topOrigin = null;
        bool? crossOrigin = null;
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = Depth });
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isRead = reader.ValueTextEquals("type"u8) || reader.ValueTextEquals("typ"u8) ? TryText(ref reader, ref type)
                : reader.ValueTextEquals("challenge"u8) ? TryText(ref reader, ref challenge)
                : reader.ValueTextEquals("origin"u8) ? TryText(ref reader, ref origin)
                : reader.ValueTextEquals("topOrigin"u8) ? TryText(ref reader, ref topOrigin)
                : reader.ValueTextEquals("crossOrigin"u8) ? TryFlag(ref reader, ref crossOrigin)
                : reader.Read() && reader.TrySkip();
            if (!isRead) return false;
        }
        if (reader.TokenType != JsonTokenType.EndObject || reader.Read() || type is null || challenge is null || origin is null) return false;
        clientData = new ClientData(type, challenge, origin, crossOrigin ?? false, topOrigin);
        return true;
    }

    private static bool TryText(ref Utf8JsonReader reader, ref string? text)
    {
        if (text is not null || !reader.Read() || reader.TokenType != JsonTokenType.String || reader.ValueSpan.Length > LongestText) return false;
        text = reader.GetString();
        return true;
    }

    private static bool TryFlag(ref Utf8JsonReader reader, ref bool? flag)
    {
        if (flag is not null || !reader.Read() || reader.TokenType is not (JsonTokenType.True or JsonTokenType.False)) return false;
        flag = reader.GetBoolean();
        return true;
    }
}
