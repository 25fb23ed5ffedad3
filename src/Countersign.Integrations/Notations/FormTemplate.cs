using System.Text;
using System.Text.Json.Nodes;

namespace Countersign.Integrations.Notations;

/// <summary>A form (<c>application/x-www-form-urlencoded</c>): pairs in their order.</summary>
internal static class FormTemplate
{
    /// <summary>The media type.</summary>
    public const string MediaType = "application/x-www-form-urlencoded";

    /// <summary>The pairs of a body; a list repeats its name.</summary>
    public static IEnumerable<(string Name, Template Value)> Pairs(JsonObject body)
    {
        foreach (var (name, value) in body)
            foreach (var item in value is JsonArray list ? [.. list] : new[] { value })
                if (item is not null) yield return (name, ValueTemplate.Of(item));
    }

    /// <summary>The body of these pairs; null when a body would change their order.</summary>
    public static JsonObject? Body(IReadOnlyList<(string Name, Template Value)> pairs)
    {
        var body = new JsonObject();
        string? last = null;
        foreach (var (name, value) in pairs)
        {
            if (body.TryGetPropertyValue(name, out var before))
            {
                if (last != name) return null;
                if (before is JsonArray list) list.Add((JsonNode)value.ToString());
                else body[name] = new JsonArray(before!.DeepClone(), value.ToString());
            }
            else body[name] = value.ToString();
            last = name;
        }
        return body;
    }

    /// <summary>Reads encoded text without expressions; null when it is no form.</summary>
    public static List<(string Name, Template Value)>? Parse(string text)
    {
        var pairs = new List<(string, Template)>();
        foreach (var pair in text.Split('&'))
        {
            if (pair.IndexOf('=') is not (> 0 and var sign)) return null;
            if (TryDecode(pair[..sign]) is not { } name || TryDecode(pair[(sign + 1)..]) is not { } value) return null;
            pairs.Add((name, Template.Literal(value)));
        }
        return pairs;
    }

    /// <summary>Text as it stands in a form: what is not a letter, a digit or one of <c>-._~</c> is percent-encoded UTF-8.</summary>
    public static string Encode(string text)
    {
        var encoded = new StringBuilder(text.Length);
        foreach (var octet in Encoding.UTF8.GetBytes(text))
            if (char.IsAsciiLetterOrDigit((char)octet) || octet is (byte)'-' or (byte)'.' or (byte)'_' or (byte)'~') encoded.Append((char)octet);
            else encoded.Append('%').Append(octet.ToString("X2"));
        return encoded.ToString();
    }

    /// <summary>The text behind encoded text; null when it is not encoded UTF-8.</summary>
    public static string? TryDecode(string text, bool plusIsBlank = true)
    {
        var bytes = new List<byte>(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '%')
            {
                if (i + 2 >= text.Length || !char.IsAsciiHexDigit(text[i + 1]) || !char.IsAsciiHexDigit(text[i + 2])) return null;
                bytes.Add(Convert.ToByte(text.Substring(i + 1, 2), 16));
                i += 2;
            }
            else if (text[i] > 0x7E || text[i] < 0x20) return null;
            else bytes.Add(plusIsBlank && text[i] == '+' ? (byte)' ' : (byte)text[i]);
        }
        try
        {
            return Strict.GetString([.. bytes]);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
}
