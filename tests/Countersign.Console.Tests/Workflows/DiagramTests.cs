using System.Text.Json.Nodes;
using Countersign.Console.Workflows;

namespace Countersign.Console.Tests.Workflows;

public sealed class DiagramTests
{
    public static TheoryData<string> Samples => [.. SampleDefinitions.All];

    [Theory, MemberData(nameof(Samples))]
    public void Every_task_is_drawn_once_within_the_diagram_and_none_over_another(string json)
    {
        var definition = JsonNode.Parse(json)!.AsObject();
        var diagram = DiagramLayout.Of(definition);

        Assert.Equal(TaskTree.Walk(definition).Select(entry => entry.Place), diagram.Nodes.Where(node => node.Task is not null).Select(node => node.Place));
        Assert.All(diagram.Nodes, node =>
        {
            Assert.InRange(node.X, 0, diagram.Width - DiagramNode.Width);
            Assert.InRange(node.Y, 0, diagram.Height - DiagramNode.Height);
            Assert.DoesNotContain(diagram.Nodes, other => other != node && Math.Abs(other.X - node.X) < DiagramNode.Width && Math.Abs(other.Y - node.Y) < DiagramNode.Height);
        });
        Assert.All(diagram.Lines, line => Assert.True(line.Y2 >= line.Y1));
    }

    [Fact]
    public void Branches_stand_beside_each_other_with_the_values_of_their_cases()
    {
        var diagram = DiagramLayout.Of(JsonNode.Parse(SampleDefinitions.Transfer)!.AsObject());

        Assert.Equal(["large", "too large", "default"], diagram.Labels.Select(label => label.Text));
        Assert.Equal(Node(diagram, "a_ref").Y, Node(diagram, "b_ref").Y);
        Assert.True(Node(diagram, "a_ref").X + DiagramNode.Width < Node(diagram, "b_ref").X);
        Assert.True(Node(diagram, "join_ref").Y > Node(diagram, "c_ref").Y);
    }

    [Fact]
    public void A_loop_is_a_frame_around_what_it_repeats()
    {
        var diagram = DiagramLayout.Of(JsonNode.Parse(SampleDefinitions.Transfer)!.AsObject());

        Assert.Equal(["tasks[4]", "tasks[4].loopOver[0]"], diagram.Frames.Select(frame => frame.Place));
        var child = Node(diagram, "child_ref");
        Assert.All(diagram.Frames, frame =>
        {
            Assert.InRange(child.X, frame.X, frame.X + frame.Width - DiagramNode.Width);
            Assert.InRange(child.Y, frame.Y, frame.Y + frame.Height - DiagramNode.Height);
        });
    }

    [Fact]
    public void Nothing_leads_out_of_a_terminate()
    {
        var diagram = DiagramLayout.Of(JsonNode.Parse("""{"tasks":[{"taskReferenceName":"t","type":"TERMINATE"}]}""")!.AsObject());

        Assert.Single(diagram.Lines);
        Assert.Single(diagram.Ends);
    }

    [Fact]
    public void Types_that_nobody_knows_are_shown_as_they_are()
        => Assert.Equal("MY_COMPANYS_TYPE", Node(DiagramLayout.Of(JsonNode.Parse(SampleDefinitions.Transfer)!.AsObject()), "note_ref").Type);

    [Fact]
    public void Arrows_lead_to_the_neighbor()
    {
        var diagram = DiagramLayout.Of(JsonNode.Parse(SampleDefinitions.Transfer)!.AsObject());

        Assert.Equal("amount_ref", diagram.Beside(Node(diagram, "load_ref"), 0, 1)?.Reference);
        Assert.Equal("b_ref", diagram.Beside(Node(diagram, "a_ref"), 1, 0)?.Reference);
        Assert.Equal("a_ref", diagram.Beside(Node(diagram, "b_ref"), -1, 0)?.Reference);
        Assert.Null(diagram.Beside(Node(diagram, "load_ref"), 0, -1));
    }

    private static DiagramNode Node(Diagram diagram, string reference) => diagram.Nodes.Single(node => node.Reference == reference);
}
