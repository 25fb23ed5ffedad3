using System.Collections.Immutable;
using System.Text.Json;

namespace Countersign.Integrations.Expressions;

/// <summary>One step of a path.</summary>
internal abstract class PathStep
{
    /// <summary>Whether it leads to one value at most.</summary>
    public virtual bool IsDefinite => false;

    /// <summary>Follows a definite step.</summary>
    public virtual bool TryFollow(JsonElement from, out JsonElement to)
    {
        to = default;
        return false;
    }

    /// <summary>Adds everything that it leads to.</summary>
    public virtual void Collect(JsonElement from, List<JsonElement> into, Looks looks)
    {
        if (looks.Take() && TryFollow(from, out var to)) into.Add(to);
    }

    /// <summary>The members of an object, the elements of a list.</summary>
    protected static void CollectChildren(JsonElement from, List<JsonElement> into, Looks looks)
    {
        if (from.ValueKind is JsonValueKind.Object)
        {
            foreach (var member in from.EnumerateObject())
            {
                if (!looks.Take()) return;
                into.Add(member.Value);
            }
        }
        else if (from.ValueKind is JsonValueKind.Array)
        {
            foreach (var element in from.EnumerateArray())
            {
                if (!looks.Take()) return;
                into.Add(element);
            }
        }
    }
}

/// <summary><c>.name</c></summary>
internal sealed class NameStep(string name) : PathStep
{
    public string Name => name;
    public override bool IsDefinite => true;

    public override bool TryFollow(JsonElement from, out JsonElement to)
    {
        to = default;
        return from.ValueKind is JsonValueKind.Object && from.TryGetProperty(name, out to);
    }
}

/// <summary><c>[n]</c>; counted from the end when negative.</summary>
internal sealed class IndexStep(int index) : PathStep
{
    public int Index => index;
    public override bool IsDefinite => true;

    public override bool TryFollow(JsonElement from, out JsonElement to)
    {
        to = default;
        if (from.ValueKind is not JsonValueKind.Array) return false;
        var length = from.GetArrayLength();
        var at = index < 0 ? length + index : index;
        if (at < 0 || at >= length) return false;
        to = from[at];
        return true;
    }
}

/// <summary><c>[1,3]</c> and <c>['a','b']</c></summary>
internal sealed class UnionStep(ImmutableArray<PathStep> members) : PathStep
{
    public override void Collect(JsonElement from, List<JsonElement> into, Looks looks)
    {
        foreach (var member in members) member.Collect(from, into, looks);
    }
}

/// <summary><c>[*]</c> and <c>.*</c></summary>
internal sealed class WildcardStep : PathStep
{
    public override void Collect(JsonElement from, List<JsonElement> into, Looks looks) => CollectChildren(from, into, looks);
}

/// <summary><c>[from:to:step]</c>, as in Python.</summary>
internal sealed class SliceStep(int? start, int? end, int? step) : PathStep
{
    public override void Collect(JsonElement from, List<JsonElement> into, Looks looks)
    {
        if (from.ValueKind is not JsonValueKind.Array) return;
        long length = from.GetArrayLength(), by = step ?? 1;
        // Each access by index counts through the list from its beginning.
        var elements = from.EnumerateArray().ToArray();
        if (by > 0)
        {
            for (var at = Clamp(start ?? 0, length, 0, length); at < Clamp(end ?? length, length, 0, length) && looks.Take(); at += by) into.Add(elements[at]);
        }
        else if (by < 0)
        {
            var last = end is { } stop ? Clamp(stop, length, -1, length - 1) : -1;
            for (var at = Clamp(start ?? length - 1, length, -1, length - 1); at > last && looks.Take(); at += by) into.Add(elements[at]);
        }
    }

    private static long Clamp(long at, long length, long least, long most) => Math.Clamp(at < 0 ? at + length : at, least, Math.Max(least, most));
}

/// <summary><c>..</c>: the value itself and everything below it, for the next step.</summary>
internal sealed class DescendStep : PathStep
{
    public override void Collect(JsonElement from, List<JsonElement> into, Looks looks)
    {
        if (!looks.Take()) return;
        into.Add(from);
        var children = new List<JsonElement>();
        CollectChildren(from, children, looks);
        foreach (var child in children)
        {
            if (child.ValueKind is JsonValueKind.Object or JsonValueKind.Array) Collect(child, into, looks);
        }
    }
}

/// <summary><c>[?(…)]</c></summary>
internal sealed class FilterStep(PathFilter filter) : PathStep
{
    public override void Collect(JsonElement from, List<JsonElement> into, Looks looks)
    {
        var children = new List<JsonElement>();
        // An object is tested itself, as the Java library does; a list element by element.
        if (from.ValueKind is JsonValueKind.Array) CollectChildren(from, children, looks);
        else if (from.ValueKind is JsonValueKind.Object) children.Add(from);
        foreach (var child in children)
        {
            if (looks.AreUsedUp) return;
            if (filter.IsMet(child, looks)) into.Add(child);
        }
    }
}
