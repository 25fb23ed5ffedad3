using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Countersign.Integrations.Expressions;

/// <summary>Secrets in what is about to be carried out (workflow contract 5.3).</summary>
public static class SecretExpressions
{
    /// <summary>The secrets that the expressions of a template name. What a template does not name is never put in, so that data which contains <c>${workflow.secrets.X}</c> gets no secret.</summary>
    public static IReadOnlySet<string> NamesIn(JsonElement template)
        => Expressions.In(template).Where(use => use.Expression is { IsSecret: true }).Select(use => use.Expression!.NameBelowMember).OfType<string>().ToHashSet(StringComparer.Ordinal);

    /// <summary>Puts secrets in; everything else stays as it is.</summary>
    /// <param name="input">An input whose secrets are still literal.</param>
    /// <param name="names">The secrets that may be put in: those of <see cref="NamesIn"/> of the task's template.</param>
    /// <param name="valueOf">The value of a secret; null: there is none.</param>
    /// <param name="largest">Bytes of UTF-8 that the value may have.</param>
    public static FilledSecrets Fill(JsonElement input, IReadOnlySet<string> names, Func<string, string?> valueOf, int largest = Template.LargestValue)
    {
        if (names.Count == 0 || !Template.MayHaveExpressions(input)) return new FilledSecrets(input, [], null);
        var filling = new Filling(names, valueOf, largest);
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = JsonBuilder.WriterOver(buffer)) filling.Write(input, writer);
        return filling.IsTooLarge
            ? new FilledSecrets(JsonBuilder.Null, [], $"With its secrets put in the value has more than {largest} bytes.")
            : new FilledSecrets(JsonBuilder.Read(buffer.WrittenSpan), filling.Missing, null);
    }

    private sealed class Filling(IReadOnlySet<string> names, Func<string, string?> valueOf, int largest)
    {
        private const string Start = "${workflow.secrets";

        public SortedSet<string> Missing { get; } = new(StringComparer.Ordinal);
        public bool IsTooLarge { get; private set; }

        public void Write(JsonElement value, Utf8JsonWriter writer)
        {
            switch (value.ValueKind)
            {
                case JsonValueKind.Object:
                    writer.WriteStartObject();
                    foreach (var member in value.EnumerateObject())
                    {
                        writer.WritePropertyName(member.Name);
                        Write(member.Value, writer);
                    }
                    writer.WriteEndObject();
                    break;
                case JsonValueKind.Array:
                    writer.WriteStartArray();
                    foreach (var element in value.EnumerateArray()) Write(element, writer);
                    writer.WriteEndArray();
                    break;
                case JsonValueKind.String when value.GetString() is { } text && text.Contains(Start, StringComparison.Ordinal):
                    WriteText(text, writer);
                    break;
                default:
                    value.WriteTo(writer);
                    break;
            }
            if (writer.BytesCommitted + writer.BytesPending > largest) IsTooLarge = true;
        }

        private void WriteText(string text, Utf8JsonWriter writer)
        {
            var whole = new StringBuilder();
            int from = 0, at = 0;
            while (!IsTooLarge && (at = text.IndexOf(Start, at, StringComparison.Ordinal)) >= 0)
            {
                var end = TextTemplate.EndOf(text, at + 2);
                if (end < 0) break;
                if (Find(text[(at + 2)..end]) is { } value)
                {
                    if (at == 0 && end == text.Length - 1)
                    {
                        value.WriteTo(writer);
                        return;
                    }
                    whole.Append(text, from, at - from).Append(Template.TextOf(value));
                    from = end + 1;
                }
                at = end + 1;
                if (whole.Length > largest) IsTooLarge = true;
            }
            writer.WriteStringValue(IsTooLarge ? "" : whole.Append(text, from, text.Length - from).ToString());
        }

        private JsonElement? Find(string text)
        {
            if (!Expression.TryRead(text, out var expression, out _) || !expression.IsSecret || expression.NameBelowMember is not { } name || !names.Contains(name)) return null;
            if (valueOf(name) is not { } value)
            {
                Missing.Add(name);
                return null;
            }
            if (expression.EndsAtName) return JsonBuilder.Text(value);
            try
            {
                return expression.TryFindBelowName(JsonBuilder.Read(value), out var found) ? found : JsonBuilder.Null;
            }
            catch (JsonException)
            {
                return JsonBuilder.Null;
            }
        }
    }
}

/// <summary>An input with its secrets put in: to be kept in memory alone, and to be forgotten at once.</summary>
/// <param name="Value">The input.</param>
/// <param name="Missing">Names of secrets that there are none of.</param>
/// <param name="Error">Why there is no value: it would be too large. Null when it succeeded.</param>
public sealed record FilledSecrets(JsonElement Value, IReadOnlyCollection<string> Missing, string? Error);
