using System.Text.Json;
using Countersign.Integrations.Catalog.Documents;

namespace Countersign.Integrations.Catalog.Reference;

/// <summary>
/// The pieces of a document that a page has at hand. What it looks for and is not at hand is noted as missing, so that it can be fetched and the page made once more: a page of a
/// document of any size reads what it shows.
/// </summary>
public sealed class Pieces
{
    private const int LongestChain = 30;

    private readonly Dictionary<string, JsonElement?> _pieces = new(StringComparer.Ordinal);
    private readonly HashSet<string> _missing = new(StringComparer.Ordinal);

    /// <summary>What was looked for and is not at hand, taken away with this.</summary>
    public IReadOnlyCollection<string> TakeMissing()
    {
        string[] missing = [.. _missing];
        _missing.Clear();
        return missing;
    }

    /// <summary>How many pieces are at hand.</summary>
    public int Count => _pieces.Count;

    /// <summary>Adds a piece; null says that the document has none there.</summary>
    public void Add(string pointer, byte[]? body)
    {
        JsonElement? piece = null;
        if (body is not null)
        {
            using var document = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = 1_000 });
            piece = document.RootElement.Clone();
        }
        _pieces[pointer] = piece;
    }

    /// <summary>What stands at a pointer; null when nothing does, or it is not at hand yet.</summary>
    public JsonElement? At(string pointer)
    {
        if (Pointers.Parts(pointer) is not { } parts) return null;
        if (parts.Length == 0) return Piece(ApiDocument.Head);
        if (parts.Length < 3) return null;
        if (Piece(Pointers.Of(parts.Take(3))) is not { } found) return null;
        var rest = parts.AsSpan(3);
        if (parts[0] == "paths" && found.ValueKind == JsonValueKind.Object)
        {
            // The piece of an operation holds what its path says too.
            if (rest is ["item", ..]) rest = rest[1..];
            else if (found.TryGetProperty("operation", out var operation)) found = operation;
        }
        foreach (var part in rest)
        {
            if (found.ValueKind == JsonValueKind.Object && found.TryGetProperty("$ref", out _) && Resolve(found, "").Element is { ValueKind: JsonValueKind.Object } target) found = target;
            if (found.ValueKind == JsonValueKind.Object && found.TryGetProperty(part, out var member)) found = member;
            else if (found.ValueKind == JsonValueKind.Array && int.TryParse(part, out var index) && index >= 0 && index < found.GetArrayLength()) found = found[index];
            else return null;
        }
        return found;
    }

    /// <summary>Follows <c>$ref</c>s to what they mean, and where that stands. Null when it is not there, or not at hand.</summary>
    public (JsonElement? Element, string Pointer) Resolve(JsonElement element, string pointer)
    {
        for (var i = 0; i < LongestChain; i++)
        {
            if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty("$ref", out var reference) || reference.ValueKind != JsonValueKind.String) return (element, pointer);
            pointer = reference.GetString()!;
            if (At(pointer) is not { } target) return (null, pointer);
            element = target;
        }
        return (null, pointer);
    }

    private JsonElement? Piece(string pointer)
    {
        if (_pieces.TryGetValue(pointer, out var piece)) return piece;
        _missing.Add(pointer);
        return null;
    }
}
