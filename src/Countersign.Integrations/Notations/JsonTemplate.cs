using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Countersign.Integrations.Notations;

/// <summary>JSON in whose strings expressions stand, as a value and as text. Property names are never expressions (workflow contract 5).</summary>
internal static class JsonTemplate
{
    // Characters that no text has any business with: they hold the places of expressions while the text around them is read or written as JSON.
    private const char Open = '\uFDD0', Close = '\uFDD1';
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly JsonDocumentOptions Reading = new() { AllowDuplicateProperties = false };

    /// <summary>Reads text as an object or a list; null when it is neither. An expression that stands where a value may becomes a string of itself alone.</summary>
    public static JsonNode? TryParse(Template text)
    {
        if (text.Pieces.Any(piece => piece.Text.AsSpan().IndexOfAny(Open, Close) >= 0)) return null;
        var (marked, isInString) = (new StringBuilder(), false);
        for (var i = 0; i < text.Pieces.Length; i++)
        {
            var piece = text.Pieces[i];
            if (!piece.IsExpression)
            {
                isInString = EndsInString(piece.Text, isInString);
                marked.Append(piece.Text);
            }
            else if (isInString) marked.Append(Open).Append(i).Append(Close);
            else marked.Append('"').Append(Open).Append(i).Append(Close).Append('"');
        }
        try
        {
            using var document = JsonDocument.Parse(marked.ToString(), Reading);
            return document.RootElement.ValueKind is JsonValueKind.Object or JsonValueKind.Array ? Restore(document.RootElement, text) : null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return null;   // no JSON, or a string in it that is no text (an unpaired surrogate)
        }
    }

    /// <summary>The value as text in one line.</summary>
    public static Template Write(JsonNode value)
    {
        var expressions = new List<string>();
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Options)) Write(writer, value, expressions);
        var text = Encoding.UTF8.GetString(buffer.WrittenSpan);
        return expressions.Count == 0 ? Template.Literal(text) : Restore(text, i => expressions[i]);
    }

    private static void Write(Utf8JsonWriter writer, JsonNode? value, List<string> expressions)
    {
        switch (value)
        {
            case JsonObject map:
                writer.WriteStartObject();
                foreach (var (name, member) in map)
                {
                    writer.WritePropertyName(name);
                    Write(writer, member, expressions);
                }
                writer.WriteEndObject();
                break;
            case JsonArray list:
                writer.WriteStartArray();
                foreach (var item in list) Write(writer, item, expressions);
                writer.WriteEndArray();
                break;
            case JsonValue text when text.GetValueKind() == JsonValueKind.String:
                writer.WriteRawValue($"\"{Mark(Template.Parse(text.GetValue<string>()), expressions)}\"", skipInputValidation: true);
                break;
            case null:
                writer.WriteNullValue();
                break;
            default:
                writer.WriteRawValue(value.ToJsonString());
                break;
        }
    }

    private static string Mark(Template template, List<string> expressions)
    {
        var marked = new StringBuilder();
        foreach (var piece in template.Pieces)
        {
            if (!piece.IsExpression)
            {
                marked.Append(JsonEncodedText.Encode(piece.Text, Options.Encoder));
                continue;
            }
            marked.Append(Open).Append(expressions.Count).Append(Close);
            expressions.Add(piece.Text);
        }
        return marked.ToString();
    }

    private static JsonNode? Restore(JsonElement value, Template text)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                var map = new JsonObject();
                foreach (var member in value.EnumerateObject())
                    map[string.Concat(Restore(member.Name, i => text.Pieces[i].Text).Pieces.Select(piece => piece.Text))] = Restore(member.Value, text);
                return map;
            case JsonValueKind.Array:
                return new JsonArray([.. value.EnumerateArray().Select(item => Restore(item, text))]);
            case JsonValueKind.String:
                return JsonValue.Create(Restore(value.GetString()!, i => text.Pieces[i].Text).ToString());
            case JsonValueKind.Null:
                return null;
            default:
                return JsonValue.Create(value.Clone());
        }
    }

    private static Template Restore(string marked, Func<int, string> expression)
    {
        var builder = new Template.Builder();
        for (var i = 0; i < marked.Length; i++)
        {
            if (marked[i] != Open)
            {
                builder.Literal(marked[i]);
                continue;
            }
            var end = marked.IndexOf(Close, i);
            builder.Expression(expression(int.Parse(marked.AsSpan(i + 1, end - i - 1), CultureInfo.InvariantCulture)));
            i = end;
        }
        return builder.ToTemplate();
    }

    private static bool EndsInString(string text, bool isInString)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '"') isInString = !isInString;
            else if (isInString && text[i] == '\\') i++;
        }
        return isInString;
    }
}
