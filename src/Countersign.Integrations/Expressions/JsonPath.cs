using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Countersign.Integrations.Expressions;

/// <summary>A path into a JSON value, in the dialect of the Java library that Conductor servers use (workflow contract 5.2).</summary>
/// <remarks>A path of names and single indexes is definite and gives the value; every other gives the list of what it finds, also when that is one or none.</remarks>
public sealed class JsonPath
{
    /// <summary>Values that one evaluation looks at; a path that needs more finds nothing.</summary>
    public const int MostLooks = 1_000_000;

    private readonly ImmutableArray<PathStep> _steps;
    private readonly PathFunction? _function;

    internal JsonPath(ImmutableArray<PathStep> steps, PathFunction? function)
    {
        _steps = steps;
        _function = function;
        IsDefinite = steps.All(step => step.IsDefinite);
    }

    /// <summary>The path to the value itself.</summary>
    public static JsonPath Self { get; } = new([], null);

    /// <summary>Whether it leads to one value at most.</summary>
    public bool IsDefinite { get; }

    /// <summary>The plain name that it starts with; null when it starts with something else.</summary>
    public string? FirstName => _steps is [NameStep first, ..] ? first.Name : null;

    /// <summary>The plain names and indexes that it starts with, before the first wildcard, slice, filter or function.</summary>
    public IEnumerable<object> Plain => _steps.TakeWhile(step => step.IsDefinite).Select(step => step switch
    {
        NameStep name => name.Name,
        IndexStep index => (object)index.Index,
        _ => throw new InvalidOperationException("A definite step is a name or an index."),
    });

    /// <summary>Whether it is a single step without a function.</summary>
    internal bool IsOneStep => _steps.Length == 1 && _function is null;

    /// <summary>The path without its first step.</summary>
    internal JsonPath WithoutFirst() => IsOneStep ? Self : new JsonPath(_steps[1..], _function);

    /// <summary>Reads a path that follows a root: empty, or starting with a dot or a bracket.</summary>
    /// <param name="text">The path, for example <c>.output.rows[0]['a b']</c>.</param>
    /// <param name="path">The path; null when there is a fault.</param>
    /// <param name="fault">What is wrong, as one sentence; null when nothing is.</param>
    public static bool TryRead(ReadOnlySpan<char> text, [NotNullWhen(true)] out JsonPath? path, [NotNullWhen(false)] out string? fault)
    {
        if (text.IsEmpty)
        {
            (path, fault) = (Self, null);
            return true;
        }
        var reader = new JsonPathReader(text);
        path = reader.Read(out fault);
        return path is not null;
    }

    /// <summary>What it finds; false when it is definite and leads nowhere, or looks at too much.</summary>
    public bool TryFind(JsonElement value, out JsonElement found) => TryFind(value, new Looks(MostLooks), out found);

    /// <summary>What it finds, as part of an evaluation that has so many looks left.</summary>
    internal bool TryFind(JsonElement value, Looks looks, out JsonElement found)
    {
        if (!IsDefinite) return TryFindList(value, looks, out found);
        found = value;
        foreach (var step in _steps)
        {
            if (!step.TryFollow(found, out found)) return false;
        }
        return _function is null || _function.TryApply(found, out found);
    }

    /// <summary>Every value that it finds, in the order of the document; null when it looks at too much.</summary>
    internal List<JsonElement>? FindAll(JsonElement value, Looks looks)
    {
        List<JsonElement> found = [value];
        foreach (var step in _steps)
        {
            var next = new List<JsonElement>();
            foreach (var each in found) step.Collect(each, next, looks);
            if (looks.AreUsedUp) return null;
            found = next;
        }
        return found;
    }

    private bool TryFindList(JsonElement value, Looks looks, out JsonElement found)
    {
        found = default;
        if (FindAll(value, looks) is not { } all) return false;
        found = JsonBuilder.Build(writer =>
        {
            writer.WriteStartArray();
            foreach (var each in all) each.WriteTo(writer);
            writer.WriteEndArray();
        });
        return _function is null || _function.TryApply(found, out found);
    }
}

/// <summary>Counts the values that an evaluation looks at.</summary>
internal sealed class Looks(int left)
{
    private int _left = left;

    public bool AreUsedUp => _left <= 0;

    /// <summary>Counts one; false when none is left.</summary>
    public bool Take() => _left-- > 0;
}
