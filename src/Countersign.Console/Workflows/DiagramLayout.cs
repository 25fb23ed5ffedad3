using System.Text.Json.Nodes;

namespace Countersign.Console.Workflows;

/// <summary>
/// Lays a definition out: tasks below each other, branches beside each other, a loop as a frame around what it repeats. Every
/// part is measured first and has an axis, at which lines enter and leave it; then it is placed on that axis.
/// </summary>
internal static class DiagramLayout
{
    /// <summary>Space between a task and the next, in pixels.</summary>
    public const double Gap = 40;

    private const double Aside = 28, Padding = 20, Margin = 24, End = 10, CaseRoom = 24;

    /// <summary>The diagram of a definition, whatever state it is in.</summary>
    public static Diagram Of(JsonObject definition)
    {
        var diagram = new Diagram();
        var tasks = Sequence(definition["tasks"] as JsonArray, TaskTree.Root);
        var axis = Margin + Math.Max(tasks.Left, DiagramNode.Width / 2);
        var top = Margin + End;
        diagram.Ends.Add((axis, top));
        tasks.Place(diagram, axis, top + End);
        var bottom = top + End + tasks.Height;
        if (!tasks.Ends)
            diagram.Ends.Add((axis, bottom + End));
        diagram.Width = axis + Math.Max(tasks.Right, DiagramNode.Width / 2) + Margin;
        diagram.Height = bottom + 2 * End + Margin;
        return diagram;
    }

    private static Part Sequence(JsonArray? tasks, string place)
    {
        var parts = tasks is null ? [] : tasks.Select((task, index) => Task(task as JsonObject, JsonPlace.Element(place, index))).ToList();
        var ends = parts is [.., { Ends: true }];
        return new Part(
            parts.Select(part => part.Left).DefaultIfEmpty(Aside / 2).Max(),
            parts.Select(part => part.Right).DefaultIfEmpty(Aside / 2).Max(),
            parts.Sum(part => part.Height + Gap) + (ends ? 0 : Gap),
            ends,
            (diagram, axis, y) =>
            {
                var comes = true;   // whether anything leads to what follows
                for (var index = 0; index < parts.Count; index++)
                {
                    if (comes)
                        diagram.Lines.Add(new DiagramLine(axis, y, axis, y + Gap, TurnsLate: false, IsEntry: true));
                    diagram.Gaps.Add(new DiagramGap(place, index, axis, y + Gap / 2));
                    parts[index].Place(diagram, axis, y + Gap);
                    y += parts[index].Height + Gap;
                    comes = !parts[index].Ends;
                }
                if (ends)
                    return;
                if (comes)
                    diagram.Lines.Add(new DiagramLine(axis, y, axis, y + Gap, TurnsLate: false, IsEntry: false));
                diagram.Gaps.Add(new DiagramGap(place, parts.Count, axis, y + Gap / 2));
            });
    }

    private static Part Task(JsonObject? task, string place)
    {
        var branches = task is null ? [] : TaskTree.Branches(task, place).ToList();
        return branches.Count == 0 ? Single(task, place)
            : task!["loopOver"] is JsonArray || task.Text("type") == "DO_WHILE" ? Loop(task, place, branches)
            : Fork(task, place, branches);
    }

    private static Part Single(JsonObject? task, string place) => new(
        DiagramNode.Width / 2, DiagramNode.Width / 2, DiagramNode.Height, task.Text("type") == "TERMINATE",
        (diagram, axis, y) => diagram.Nodes.Add(new DiagramNode(place, task, axis - DiagramNode.Width / 2, y)));

    private static Part Loop(JsonObject task, string place, List<TaskBranch> branches)
    {
        var body = Sequence(branches[^1].Tasks, branches[^1].Place);
        var (left, right) = (Math.Max(body.Left, DiagramNode.Width / 2) + Padding, Math.Max(body.Right, DiagramNode.Width / 2) + Padding);
        var height = Padding + DiagramNode.Height + body.Height + Padding;
        return new Part(left, right, height, Ends: false, (diagram, axis, y) =>
        {
            diagram.Frames.Add(new DiagramFrame(place, axis - left, y, left + right, height));
            diagram.Lines.Add(new DiagramLine(axis, y, axis, y + Padding, TurnsLate: false, IsEntry: true));
            diagram.Nodes.Add(new DiagramNode(place, task, axis - DiagramNode.Width / 2, y + Padding));
            body.Place(diagram, axis, y + Padding + DiagramNode.Height);
            if (!body.Ends)
                diagram.Lines.Add(new DiagramLine(axis, y + height - Padding, axis, y + height, TurnsLate: false, IsEntry: false));
        });
    }

    private static Part Fork(JsonObject task, string place, List<TaskBranch> branches)
    {
        var parts = branches.Select(branch => (Branch: branch, Part: Sequence(branch.Tasks, branch.Place))).ToList();
        var room = branches.Any(branch => branch.Label.Length > 0) ? CaseRoom : 0;
        // A label is at least as wide as its words.
        var widths = parts.Select(part => (Left: Math.Max(part.Part.Left, LabelWidth(part.Branch.Label) / 2), Right: Math.Max(part.Part.Right, LabelWidth(part.Branch.Label) / 2))).ToList();
        var total = widths.Sum(width => width.Left + width.Right) + Aside * (parts.Count - 1);
        // The axis lies between the first and the last branch's, so that lines go to both sides alike.
        var first = widths[0].Left;
        var last = total - widths[^1].Right;
        var middle = (first + last) / 2;
        var (left, right) = (Math.Max(middle, DiagramNode.Width / 2), Math.Max(total - middle, DiagramNode.Width / 2));
        var tallest = parts.Max(part => part.Part.Height);
        var ends = parts.All(part => part.Part.Ends);
        var height = DiagramNode.Height + Gap / 2 + room + tallest + (ends ? 0 : Gap / 2);
        return new Part(left, right, height, ends, (diagram, axis, y) =>
        {
            diagram.Nodes.Add(new DiagramNode(place, task, axis - DiagramNode.Width / 2, y));
            var (from, into, bottom) = (y + DiagramNode.Height, y + DiagramNode.Height + Gap / 2 + room, y + height);
            var x = axis - middle;
            foreach (var (index, (branch, part)) in parts.Index())
            {
                x += widths[index].Left;
                diagram.Lines.Add(new DiagramLine(axis, from, x, into, TurnsLate: false, IsEntry: false));
                if (branch.Label.Length > 0)
                    diagram.Labels.Add(new DiagramLabel(branch.Label, x, into - room / 2 + 4));
                part.Place(diagram, x, into);
                if (!part.Ends)
                    diagram.Lines.Add(new DiagramLine(x, into + part.Height, axis, bottom, TurnsLate: true, IsEntry: false));
                x += widths[index].Right + Aside;
            }
        });
    }

    private static double LabelWidth(string label) => label.Length == 0 ? 0 : Math.Min(label.Length, 24) * 7.5 + 24;

    // Left and right of the axis; Ends: nothing comes after it.
    private sealed record Part(double Left, double Right, double Height, bool Ends, Action<Diagram, double, double> Place);
}
