using Countersign.Console.Api;
using Countersign.Console.Editing;

namespace Countersign.Console.Workflows;

/// <summary>What the server found wrong with a definition, at the tasks and in the text.</summary>
internal sealed class DefinitionFaults
{
    private readonly ILookup<string, string> _ofTasks;

    private DefinitionFaults(IReadOnlyList<string> others, ILookup<string, string> ofTasks, IReadOnlyList<CodeMarker> markers, int count)
        => (Others, _ofTasks, Markers, Count, Places) = (others, ofTasks, markers, count, ofTasks.Select(group => group.Key).ToHashSet());

    /// <summary>Nothing is wrong, as far as anybody knows.</summary>
    public static DefinitionFaults None { get; } = new([], Array.Empty<string>().ToLookup(_ => ""), [], 0);

    /// <summary>How many there are.</summary>
    public int Count { get; }

    /// <summary>Those of no task.</summary>
    public IReadOnlyList<string> Others { get; }

    /// <summary>The places of the tasks that have some.</summary>
    public IReadOnlySet<string> Places { get; }

    /// <summary>All of them, where they stand in the text.</summary>
    public IReadOnlyList<CodeMarker> Markers { get; }

    /// <summary>Those of one task.</summary>
    public IReadOnlyList<string> Of(string place) => [.. _ofTasks[place]];

    /// <summary>Finds the places of what the server reported.</summary>
    public static DefinitionFaults Read(ApiError error, WorkflowDocument document)
    {
        ApiValidationError[] all = error.ValidationErrors.Count > 0
            ? [.. error.ValidationErrors.Select(fault => fault with { Path = JsonPlace.Written(document.Root, fault.Path) })]
            : [new ApiValidationError { Message = error.ErrorSummary }];
        var placed = all.Select(fault => (Fault: fault, TaskTree.Around(document.Root, fault.Path)?.Place)).ToList();
        return new DefinitionFaults(
            [.. placed.Where(item => item.Place is null).Select(item => item.Fault.ToString())],
            placed.Where(item => item.Place is not null).ToLookup(item => item.Place!, item => Words(item.Fault, item.Place!)),
            [.. all.Select(fault => Marker(document.Text, fault))],
            all.Length);
    }

    // At its task, a fault needs only the field's name.
    private static string Words(ApiValidationError fault, string place)
        => fault.Path.Length > place.Length ? $"{fault.Path[place.Length..].TrimStart('.')}: {fault.Message}" : fault.Message;

    private static CodeMarker Marker(string text, ApiValidationError fault)
    {
        var span = JsonText.Find(text, fault.Path) ?? new TextSpan(0, 1);
        var (line, column) = JsonText.Position(text, span.Offset);
        var (endLine, endColumn) = JsonText.Position(text, span.End);
        // A whole task underlined would hide more than it shows: its first line is enough.
        return endLine == line
            ? new CodeMarker(line, column, endLine, endColumn, fault.Message)
            : new CodeMarker(line, column, line, column + 1, fault.Message);
    }
}
