using System.Text.Json;
using Countersign.Integrations.Expressions;

namespace Countersign.Integrations.Workflows;

/// <summary>Reads members of documents; what is absent, null or of another kind gives the default.</summary>
public static class Members
{
    extension(JsonElement element)
    {
        /// <summary>A member that is there and not null.</summary>
        public JsonElement? Member(string name)
            => element.ValueKind is JsonValueKind.Object && element.TryGetProperty(name, out var member) && member.ValueKind is not JsonValueKind.Null ? member : null;

        /// <summary>A text.</summary>
        public string? TextOf(string name) => element.Member(name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

        /// <summary>A whole number.</summary>
        public long? NumberOf(string name) => element.Member(name) is { ValueKind: JsonValueKind.Number } number && number.TryGetInt64(out var read) ? read : null;

        /// <summary>A flag.</summary>
        public bool FlagOf(string name) => element.Member(name) is { ValueKind: JsonValueKind.True };

        /// <summary>An object; empty when there is none.</summary>
        public JsonElement ObjectOf(string name) => element.Member(name) is { ValueKind: JsonValueKind.Object } member ? member : WorkflowExecution.EmptyObject;

        /// <summary>The elements of a list; none when there is no list.</summary>
        public IEnumerable<JsonElement> ListOf(string name)
            => element.Member(name) is { ValueKind: JsonValueKind.Array } member ? member.EnumerateArray() : Enumerable.Empty<JsonElement>();

        /// <summary>The texts of a list.</summary>
        public IEnumerable<string> TextsOf(string name) => element.ListOf(name).Where(each => each.ValueKind is JsonValueKind.String).Select(each => each.GetString()!);

        /// <summary>Whether it is an object or list without anything in it, or null.</summary>
        public bool IsEmpty => element.ValueKind switch
        {
            JsonValueKind.Object => element.GetPropertyCount() == 0,
            JsonValueKind.Array => element.GetArrayLength() == 0,
            JsonValueKind.Null or JsonValueKind.Undefined => true,
            _ => false,
        };

        /// <summary>Bytes of its text as it is stored.</summary>
        public int Size => element.ValueKind is JsonValueKind.Undefined ? 0 : System.Runtime.InteropServices.JsonMarshal.GetRawUtf8Value(element).Length;

        /// <summary>This object with the members of another on top: one of the same name is replaced in its place.</summary>
        public JsonElement With(JsonElement other)
        {
            if (other.IsEmpty) return element;
            if (element.IsEmpty) return other;
            return JsonBuilder.BuildObject(writer =>
            {
                foreach (var member in element.EnumerateObject())
                {
                    writer.WritePropertyName(member.Name);
                    (other.TryGetProperty(member.Name, out var newer) ? newer : member.Value).WriteTo(writer);
                }
                foreach (var member in other.EnumerateObject())
                {
                    if (!element.TryGetProperty(member.Name, out _)) member.WriteTo(writer);
                }
            });
        }

        /// <summary>This object with one member on top.</summary>
        public JsonElement With(string name, JsonElement value) => element.With(JsonBuilder.BuildObject(writer =>
        {
            writer.WritePropertyName(name);
            value.WriteTo(writer);
        }));
    }
}
