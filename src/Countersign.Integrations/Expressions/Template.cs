using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Countersign.Integrations.Expressions;

/// <summary>What a template came to.</summary>
/// <param name="Value">The value.</param>
/// <param name="Error">Why there is none, as one sentence: it would be too large or nested too deeply. Null when it succeeded.</param>
public readonly record struct Evaluated(JsonElement Value, string? Error);

/// <summary>A JSON value with expressions in its texts (workflow contract 5).</summary>
public static class Template
{
    /// <summary>The largest value, in bytes of UTF-8, unless told otherwise.</summary>
    public const int LargestValue = 3 * 1024 * 1024;

    /// <summary>Whether a value may have expressions: false is certain.</summary>
    public static bool MayHaveExpressions(JsonElement template)
    {
        if (template.ValueKind is JsonValueKind.Undefined) return false;
        var raw = JsonMarshal.GetRawUtf8Value(template);
        // A $ or a { may also be written as \u0024 or \u007b.
        return raw.IndexOf("${"u8) >= 0 || raw.IndexOf("\\u00"u8) >= 0;
    }

    /// <summary>Puts values in for expressions. Never throws for what a template or a value says.</summary>
    /// <param name="template">The template. Only texts are evaluated, at any depth; names of members never are.</param>
    /// <param name="scope">What expressions stand for.</param>
    /// <param name="largest">Bytes of UTF-8 that the value may have.</param>
    public static Evaluated Evaluate(JsonElement template, IExpressionScope scope, int largest = LargestValue)
    {
        if (!MayHaveExpressions(template)) return new Evaluated(template, null);
        if (template.ValueKind is JsonValueKind.String && TryEvaluateOne(template.GetString()!, scope, out var one)) return new Evaluated(one, null);
        var evaluation = new Evaluation(scope, largest);
        try
        {
            evaluation.Write(template);
            return evaluation.IsTooLarge
                ? new Evaluated(JsonBuilder.Null, $"The value has more than {largest} bytes.")
                : new Evaluated(evaluation.Finish(), null);
        }
        catch (Exception tooDeep) when (tooDeep is JsonException or InvalidOperationException)
        {
            return new Evaluated(JsonBuilder.Null, $"The value is nested more than {JsonBuilder.DeepestNesting} levels deep.");
        }
    }

    /// <summary>A template that comes to exactly this value: data that is made part of a template is not evaluated (workflow contract 5.1, rule 6).</summary>
    public static JsonElement Escape(JsonElement value) => MayHaveExpressions(value) ? JsonBuilder.Build(writer => WriteEscaped(writer, value)) : value;

    /// <summary>Puts texts in for the expressions of a text.</summary>
    public static string EvaluateText(string template, IExpressionScope scope)
    {
        var value = Evaluate(JsonBuilder.Text(template), scope);
        return value.Error is null ? TextOf(value.Value) : "";
    }

    /// <summary>A value as text within a text: numbers without a needless fraction, objects and lists as compact JSON (workflow contract 5.1).</summary>
    public static string TextOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Number => TextOfNumber(value.GetRawText()),
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        JsonValueKind.Object or JsonValueKind.Array => CompactJson(value),
        _ => "null",
    };

    private static void WriteEscaped(Utf8JsonWriter writer, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var member in value.EnumerateObject())
                {
                    writer.WritePropertyName(member.Name);
                    WriteEscaped(writer, member.Value);
                }
                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var element in value.EnumerateArray()) WriteEscaped(writer, element);
                writer.WriteEndArray();
                break;
            case JsonValueKind.String:
                writer.WriteStringValue(value.GetString()!.Replace("${", "$${", StringComparison.Ordinal));
                break;
            default:
                value.WriteTo(writer);
                break;
        }
    }

    private static string TextOfNumber(string raw)
    {
        var dot = raw.IndexOf('.');
        return dot > 0 && raw.AsSpan(dot + 1).TrimEnd('0').IsEmpty ? raw[..dot] : raw;
    }

    private static string CompactJson(JsonElement value)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = JsonBuilder.WriterOver(buffer)) value.WriteTo(writer);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>A text that is one expression and nothing else: the value with its type.</summary>
    private static bool TryEvaluateOne(string text, IExpressionScope scope, out JsonElement value)
    {
        value = default;
        if (TextTemplate.Read(text).Parts is not [{ IsExpression: true } only]) return false;
        value = ValueOf(only, scope);
        return true;
    }

    private static JsonElement ValueOf(TemplatePart part, IExpressionScope scope)
    {
        var text = part.HasInner ? string.Concat(part.Nested!.Parts.Select(inner => inner.IsExpression ? TextOf(ValueOf(inner, scope)) : inner.Text)) : part.Text;
        if (!Expression.TryRead(text, out var expression, out _)) return JsonBuilder.Null;
        var resolution = scope.Resolve(expression);
        return resolution.IsLiteral ? JsonBuilder.Text(expression.ToString()) : resolution.IsFound ? resolution.Value : JsonBuilder.Null;
    }

    private sealed class Evaluation(IExpressionScope scope, int largest)
    {
        private readonly ArrayBufferWriter<byte> _buffer = new(256);
        private Utf8JsonWriter? _writer;

        public bool IsTooLarge { get; private set; }

        public void Write(JsonElement template)
        {
            _writer ??= JsonBuilder.WriterOver(_buffer);
            if (IsTooLarge) return;
            switch (template.ValueKind)
            {
                case JsonValueKind.Object:
                    _writer.WriteStartObject();
                    foreach (var member in template.EnumerateObject())
                    {
                        _writer.WritePropertyName(member.Name);
                        Write(member.Value);
                        if (IsTooLarge) return;
                    }
                    _writer.WriteEndObject();
                    break;
                case JsonValueKind.Array:
                    _writer.WriteStartArray();
                    foreach (var element in template.EnumerateArray())
                    {
                        Write(element);
                        if (IsTooLarge) return;
                    }
                    _writer.WriteEndArray();
                    break;
                case JsonValueKind.String:
                    WriteText(template.GetString()!);
                    break;
                default:
                    template.WriteTo(_writer);
                    break;
            }
            if (_writer.BytesCommitted + _writer.BytesPending > largest) IsTooLarge = true;
        }

        public JsonElement Finish()
        {
            _writer!.Dispose();
            return JsonBuilder.Read(_buffer.WrittenSpan);
        }

        private void WriteText(string text)
        {
            if (!text.Contains("${", StringComparison.Ordinal))
            {
                _writer!.WriteStringValue(text);
                return;
            }
            var parts = TextTemplate.Read(text).Parts;
            if (parts is [{ IsExpression: true } only])
            {
                ValueOf(only, scope).WriteTo(_writer!);
                return;
            }
            var whole = new StringBuilder();
            foreach (var part in parts)
            {
                whole.Append(part.IsExpression ? TextOf(ValueOf(part, scope)) : part.Text);
                if (whole.Length <= largest) continue;
                IsTooLarge = true;
                return;
            }
            _writer!.WriteStringValue(whole.ToString());
        }
    }
}
