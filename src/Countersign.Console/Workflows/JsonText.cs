using System.Text;
using System.Text.Json;

namespace Countersign.Console.Workflows;

/// <summary>A stretch of a text, in characters.</summary>
internal readonly record struct TextSpan(int Offset, int Length)
{
    /// <summary>Where it ends.</summary>
    public int End => Offset + Length;
}

/// <summary>Finds places of a JSON document in its text, and the other way round.</summary>
internal static class JsonText
{
    /// <summary>Where the value at a place stands; where it is missing, the innermost value around it. Null for a text that is no JSON.</summary>
    public static TextSpan? Find(string text, string place)
    {
        var steps = JsonPlace.Steps(place);
        TextSpan? found = null;
        Walk(text, (path, span) =>
        {
            if (path.Count <= steps.Count && path.SequenceEqual(steps.Take(path.Count)) && (found is null || span.Length <= found.Value.Length))
                found = span;
        });
        return found;
    }

    /// <summary>The place of the innermost value around a position; empty for the whole document.</summary>
    public static string PlaceAt(string text, int offset)
    {
        var (best, length) = ("", int.MaxValue);
        Walk(text, (path, span) =>
        {
            if (offset < span.Offset || offset > span.End || span.Length >= length)
                return;
            length = span.Length;
            best = path.Aggregate("", (place, step) => step is int index ? JsonPlace.Element(place, index) : JsonPlace.Member(place, (string)step));
        });
        return best;
    }

    /// <summary>The line and column of a position, both from 1.</summary>
    public static (int Line, int Column) Position(string text, int offset)
    {
        var before = text.AsSpan(0, Math.Clamp(offset, 0, text.Length));
        return (before.Count('\n') + 1, before.Length - before.LastIndexOf('\n'));
    }

    // Tells every value with its path, inner ones before outer ones. A text that breaks off is told as far as it goes.
    private static void Walk(string text, Action<IReadOnlyList<object>, TextSpan> visit)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var reader = new Utf8JsonReader(bytes, new JsonReaderOptions { MaxDepth = 256 });
        var path = new List<object>();
        var open = new Stack<(int Start, int Index)>();   // the index counts elements; -1 in an object
        var (bytesSeen, charsSeen) = (0, 0);
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType == JsonTokenType.PropertyName)
                {
                    path.Add(reader.GetString()!);
                    continue;
                }
                if (reader.TokenType is JsonTokenType.EndObject or JsonTokenType.EndArray)
                {
                    var (start, _) = open.Pop();
                    visit(path, new TextSpan(start, Chars(reader.BytesConsumed) - start));
                    Leave();
                    continue;
                }
                if (open.TryPeek(out var outer) && outer.Index >= 0)
                    path.Add(outer.Index);
                var offset = Chars(reader.TokenStartIndex);
                if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
                {
                    open.Push((offset, reader.TokenType == JsonTokenType.StartArray ? 0 : -1));
                    continue;
                }
                visit(path, new TextSpan(offset, Chars(reader.BytesConsumed) - offset));
                Leave();
            }
        }
        catch (JsonException)
        {
        }

        int Chars(long position)
        {
            charsSeen += Encoding.UTF8.GetCharCount(bytes, bytesSeen, (int)position - bytesSeen);
            bytesSeen = (int)position;
            return charsSeen;
        }

        void Leave()
        {
            if (path.Count > 0)
                path.RemoveAt(path.Count - 1);
            if (open.TryPop(out var outer))
                open.Push(outer.Index >= 0 ? (outer.Start, outer.Index + 1) : outer);
        }
    }
}
