using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.Json;

namespace Countersign.Integrations.Workflows.Rules;

/// <summary>Gathers what is wrong with a document, up to a bound.</summary>
internal sealed class Faults
{
    /// <summary>More are not listed.</summary>
    public const int Most = 100;

    private const int LongestValue = 200;

    private readonly ImmutableArray<ValidationFault>.Builder _faults = ImmutableArray.CreateBuilder<ValidationFault>();
    private readonly ImmutableArray<ValidationFault>.Builder _warnings = ImmutableArray.CreateBuilder<ValidationFault>();

    public bool IsEmpty => _faults.Count == 0;

    public ImmutableArray<ValidationFault> All => _faults.ToImmutable();

    public ImmutableArray<ValidationFault> Warnings => _warnings.ToImmutable();

    public void Add(string path, string message, string? value = null)
    {
        if (_faults.Count < Most) _faults.Add(new ValidationFault(path, message, Cut(value)));
    }

    public void Warn(string path, string message, string? value = null)
    {
        if (_warnings.Count < Most) _warnings.Add(new ValidationFault(path, message, Cut(value)));
    }

    /// <summary>Adds a fault for every known property that is of another kind.</summary>
    public void CheckKinds(JsonElement document, string path, FrozenDictionary<string, PropertyKind> kinds)
    {
        foreach (var member in document.EnumerateObject())
        {
            if (member.Value.ValueKind is JsonValueKind.Null || !kinds.TryGetValue(member.Name, out var kind) || kind.IsMet(member.Value)) continue;
            Add(Below(path, member.Name), $"{member.Name} must be {kind.Wanted}.", Shown(member.Value));
        }
    }

    /// <summary>Adds a fault when a name is missing or has other characters than names have.</summary>
    public void CheckName(JsonElement document, string path, string property)
    {
        if (document.Member(property) is not { } member) Add(Below(path, property), $"{property} is missing.");
        else if (member.ValueKind is JsonValueKind.String && member.GetString() is { } name && !Naming.IsName(name))
        {
            Add(Below(path, property), $"{property} must be 1 to {Naming.Longest} letters, digits, underscores, hyphens, blanks, #, <, >, {{ and }}.", name);
        }
    }

    public static string Below(string path, string property) => path.Length == 0 ? property : $"{path}.{property}";

    private static string Shown(JsonElement value) => value.ValueKind is JsonValueKind.String ? value.GetString()! : value.GetRawText();

    private static string? Cut(string? value) => value is { Length: > LongestValue } ? value[..LongestValue] + "…" : value;
}
