using System.Collections.Immutable;
using System.Text.Json;

namespace Countersign.Storage.Workflows;

/// <summary>The words of an execution or a task that a search looks at: those of its input, output, correlation id and reason (workflow contract 12.1).</summary>
internal static class WorkflowSearchText
{
    private static readonly string[] Searched = ["input", "output", "correlation", "reason"];

    /// <summary>Whether each word is in one of them, in any letter case.</summary>
    public static bool Matches(byte[] stored, ImmutableArray<string> words)
    {
        using var document = JsonDocument.Parse(stored, new JsonDocumentOptions { MaxDepth = 256 });
        var texts = Searched.Select(name => document.RootElement.TryGetProperty(name, out var member) ? member.ValueKind == JsonValueKind.String ? member.GetString()! : member.GetRawText() : "").ToList();
        return words.All(word => texts.Any(text => text.Contains(word, StringComparison.OrdinalIgnoreCase)));
    }
}
