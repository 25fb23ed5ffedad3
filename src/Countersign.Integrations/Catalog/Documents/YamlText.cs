using System.Globalization;
using System.Text.Json.Nodes;
using SharpYaml;
using SharpYaml.Events;

namespace Countersign.Integrations.Catalog.Documents;

/// <summary>
/// Reads YAML into the tree that JSON is read into. The events of the parser are taken one by one, so that neither depth nor aliases cost more than they may: an alias counts as many
/// nodes as what it stands for.
/// </summary>
public static class YamlText
{
    /// <summary>More nodes are refused, those that aliases stand for included.</summary>
    public const int MostNodes = 8_000_000;

    /// <summary>The first document of a text.</summary>
    /// <exception cref="DocumentException">The text is not YAML, or beyond a limit.</exception>
    public static JsonNode Parse(string text, Action<string, string> report)
    {
        try
        {
            using var reader = new StringReader(text);
            return new Builder(Parser.CreateParser(reader), report).Build();
        }
        catch (YamlException exception)
        {
            throw new DocumentException($"line {exception.Start.Line + 1}, column {exception.Start.Column + 1}", $"The document is not YAML: {exception.Message}");
        }
        catch (Exception exception) when (exception is InvalidOperationException or ArgumentException or FormatException or IndexOutOfRangeException)
        {
            throw new DocumentException("", $"The document is not YAML: {exception.Message}");
        }
    }

    private sealed class Builder(IParser parser, Action<string, string> report)
    {
        private readonly Dictionary<string, (JsonNode? Node, int Nodes)> _anchors = new(StringComparer.Ordinal);
        private int _nodes;

        public JsonNode Build()
        {
            while (parser.MoveNext())
            {
                if (parser.Current is not (NodeEvent or AnchorAlias)) continue;
                return Node(0) ?? throw new DocumentException("", "The document is empty.");
            }
            throw new DocumentException("", "The document is empty.");
        }

        private JsonNode? Node(int depth)
        {
            if (depth > DocumentText.Deepest) throw Refused($"It is nested deeper than {DocumentText.Deepest} levels.");
            Count(1);
            var before = _nodes;
            var current = parser.Current!;
            var node = current switch
            {
                AnchorAlias alias => Alias(alias),
                Scalar scalar => Value(scalar),
                SequenceStart => Sequence(depth),
                MappingStart => Mapping(depth),
                _ => null,
            };
            if (current is NodeEvent { Anchor: { Length: > 0 } anchor }) _anchors[anchor] = (node, _nodes - before + 1);
            return node;
        }

        private JsonNode? Alias(AnchorAlias alias)
        {
            if (!_anchors.TryGetValue(alias.Value, out var anchored)) throw Refused($"The alias '{alias.Value}' has no anchor before it.");
            Count(anchored.Nodes);
            return anchored.Node?.DeepClone();
        }

        private JsonArray Sequence(int depth)
        {
            var items = new JsonArray();
            while (Next() is not SequenceEnd) items.Add(Node(depth + 1));
            return items;
        }

        private JsonObject Mapping(int depth)
        {
            var members = new JsonObject();
            while (Next() is not MappingEnd)
            {
                if (parser.Current is not Scalar key) throw Refused("A name must be a text.");
                Count(1);
                var (name, mark) = (key.Value, key.Start);
                Next();
                var value = Node(depth + 1);
                if (name == "<<" && key.Style == ScalarStyle.Plain) Merge(members, value);
                else
                {
                    if (members.ContainsKey(name)) report($"line {mark.Line + 1}, column {mark.Column + 1}", $"The member '{name}' is there twice; the last one counts.");
                    members[name] = value;
                }
            }
            return members;
        }

        private static void Merge(JsonObject members, JsonNode? from)
        {
            foreach (var source in from is JsonArray several ? several.OfType<JsonObject>() : from is JsonObject one ? [one] : [])
                foreach (var (name, value) in source) members.TryAdd(name, value?.DeepClone());
        }

        private ParsingEvent Next() => parser.MoveNext() ? parser.Current! : throw Refused("It ends too early.");

        private void Count(int nodes)
        {
            _nodes += nodes;
            if (_nodes > MostNodes) throw Refused($"It has more than {MostNodes} nodes, those that aliases stand for included.");
        }

        private DocumentException Refused(string reason)
        {
            var start = parser.Current?.Start ?? default;
            return new DocumentException($"line {start.Line + 1}, column {start.Column + 1}", reason);
        }
    }

    private static readonly System.Buffers.SearchValues<char> Numerals = System.Buffers.SearchValues.Create("0123456789+-.eE");

    /// <summary>What a plain text means in YAML 1.2's core schema; quoted ones are texts.</summary>
    private static JsonNode? Value(Scalar scalar)
    {
        var text = scalar.Value;
        if (scalar.Style is not (ScalarStyle.Plain or ScalarStyle.Any) || scalar.Tag == "tag:yaml.org,2002:str") return JsonValue.Create(text);
        switch (text)
        {
            case "" or "~" or "null" or "Null" or "NULL": return null;
            case "true" or "True" or "TRUE": return JsonValue.Create(true);
            case "false" or "False" or "FALSE": return JsonValue.Create(false);
        }
        var first = text[0];
        if (!(char.IsAsciiDigit(first) || first is '-' or '+' or '.')) return JsonValue.Create(text);
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole)) return JsonValue.Create(whole);
        if (text.StartsWith("0x", StringComparison.Ordinal) && long.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var hexadecimal)) return JsonValue.Create(hexadecimal);
        return text.AsSpan().ContainsAnyExcept(Numerals) || !double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _) ? JsonValue.Create(text) : DocumentText.Number(text);
    }
}
