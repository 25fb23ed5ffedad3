using System.Text.Json.Nodes;

namespace Countersign.Console.Workflows;

/// <summary>A task as it is drawn. Lengths are pixels at full size.</summary>
/// <param name="Place">Where it stands in the definition.</param>
/// <param name="Task">Its part of the document; null for an entry that is no task.</param>
/// <param name="X">Left edge.</param>
/// <param name="Y">Upper edge.</param>
internal sealed record DiagramNode(string Place, JsonObject? Task, double X, double Y)
{
    /// <summary>How wide every task is.</summary>
    public const double Width = 200;

    /// <summary>How high every task is.</summary>
    public const double Height = 56;

    /// <summary>What expressions call it.</summary>
    public string Reference => Task.Text("taskReferenceName");

    /// <summary>Its type; a task without one is <c>SIMPLE</c>.</summary>
    public string Type => Task is null ? "not a task" : Task.Text("type") is { Length: > 0 } type ? type : "SIMPLE";
}

/// <summary>A line from one thing to the next.</summary>
/// <param name="X1">Where it begins.</param>
/// <param name="Y1">Where it begins.</param>
/// <param name="X2">Where it ends.</param>
/// <param name="Y2">Where it ends.</param>
/// <param name="TurnsLate">Whether it goes down first and aside at its end, as lines do that come together.</param>
/// <param name="IsEntry">Whether an arrow head shows that a task begins there.</param>
internal sealed record DiagramLine(double X1, double Y1, double X2, double Y2, bool TurnsLate, bool IsEntry)
{
    /// <summary>The line as a path of SVG, with round corners.</summary>
    public string Path
    {
        get
        {
            if (X1 == X2)
                return FormattableString.Invariant($"M{X1} {Y1}V{Y2}");
            var turn = TurnsLate ? Y2 - DiagramLayout.Gap / 4 : Y1 + DiagramLayout.Gap / 4;
            var radius = Math.Min(8, Math.Abs(X2 - X1) / 2);
            var side = X2 > X1 ? radius : -radius;
            return FormattableString.Invariant($"M{X1} {Y1}V{turn - radius}Q{X1} {turn} {X1 + side} {turn}H{X2 - side}Q{X2} {turn} {X2} {turn + radius}V{Y2}");
        }
    }
}

/// <summary>Words at a line: the value of a case.</summary>
internal sealed record DiagramLabel(string Text, double X, double Y);

/// <summary>A frame around what a loop repeats.</summary>
internal sealed record DiagramFrame(string Place, double X, double Y, double Width, double Height);

/// <summary>A place between tasks, where another one can be put.</summary>
/// <param name="List">The place of the list.</param>
/// <param name="Index">Before which of its tasks.</param>
/// <param name="X">Its middle.</param>
/// <param name="Y">Its middle.</param>
public sealed record DiagramGap(string List, int Index, double X, double Y);

/// <summary>A whole definition as it is drawn.</summary>
internal sealed class Diagram
{
    /// <summary>The tasks, in the order of the document.</summary>
    public List<DiagramNode> Nodes { get; } = [];

    /// <summary>What connects them.</summary>
    public List<DiagramLine> Lines { get; } = [];

    /// <summary>The values of cases.</summary>
    public List<DiagramLabel> Labels { get; } = [];

    /// <summary>The loops, outer ones first.</summary>
    public List<DiagramFrame> Frames { get; } = [];

    /// <summary>Where tasks can be put.</summary>
    public List<DiagramGap> Gaps { get; } = [];

    /// <summary>Where it begins and where it ends.</summary>
    public List<(double X, double Y)> Ends { get; } = [];

    /// <summary>How wide it is.</summary>
    public double Width { get; set; }

    /// <summary>How high it is.</summary>
    public double Height { get; set; }

    /// <summary>
    /// The task next to another one in a direction: the nearest whose middle lies there, where a step aside counts more than
    /// one ahead. Null when there is none.
    /// </summary>
    public DiagramNode? Beside(DiagramNode node, int right, int down)
        => Nodes.Where(other => right * (other.X - node.X) + down * (other.Y - node.Y) > 1)
            .MinBy(other => Math.Abs(other.X - node.X) * (down == 0 ? 1 : 3) + Math.Abs(other.Y - node.Y) * (right == 0 ? 1 : 3));
}
