using System.Text.Json.Nodes;
using Countersign.Console.Workflows;

namespace Countersign.Console.Tests.Workflows;

public sealed class WorkflowDocumentTests
{
    public static TheoryData<string> Samples => [.. SampleDefinitions.All];

    [Theory, MemberData(nameof(Samples))]
    public void Opening_a_definition_loses_nothing_but_what_is_the_servers(string json)
    {
        var given = JsonNode.Parse(json)!.AsObject();
        (given["updateTime"], given["createdBy"]) = (5, "me");

        var opened = JsonNode.Parse(WorkflowDocument.Of(given).Text)!;

        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(json), opened));
    }

    [Fact]
    public void Numbers_and_letters_stay_as_they_were_written()
    {
        var document = Open(SampleDefinitions.Transfer);

        document.Edit(root => root["description"] = root.Text("description") + "!");

        Assert.All(["20.50", "1e3", "2.00", "12345678901234567890", "Grüße an « alle » <b>!", "$.x < 1 && $.y > 2"], part => Assert.Contains(part, document.Text, StringComparison.Ordinal));
    }

    [Theory, MemberData(nameof(Samples))]
    public void Every_task_is_found_at_its_place_in_the_tree_and_in_the_text(string json)
    {
        var document = Open(json);
        var entries = TaskTree.Walk(document.Root).ToList();

        Assert.NotEmpty(entries);
        Assert.All(entries, entry =>
        {
            Assert.Same(entry.Task, JsonPlace.In(document.Root, entry.Place));
            Assert.Equal(entry.Place, TaskTree.Around(document.Root, entry.Place + ".inputParameters")?.Place);
            var span = JsonText.Find(document.Text, entry.Place)!.Value;
            Assert.True(JsonNode.DeepEquals(entry.Task, JsonNode.Parse(document.Text.Substring(span.Offset, span.Length))));
            Assert.Equal(entry.Place, JsonText.PlaceAt(document.Text, span.Offset));
        });
    }

    [Fact]
    public void The_tasks_are_walked_through_all_nesting()
        => Assert.Equal(
            ["load_ref", "amount_ref", "verify_ref", "stop_ref", "note_ref", "both_ref", "a_ref", "b_ref", "c_ref", "join_ref", "loop_ref", "inner_ref", "child_ref"],
            TaskTree.Walk(Open(SampleDefinitions.Transfer).Root).Select(entry => entry.Reference));

    [Theory, MemberData(nameof(Samples))]
    public void Whatever_is_done_to_one_task_leaves_all_others_as_they_are(string json)
    {
        foreach (var place in TaskTree.Walk(Open(json).Root).Select(entry => entry.Place))
        {
            var (before, document) = (Open(json), Open(json));
            document.Edit(root => TaskEditing.Set(At(root, place).Task, ["taskDefinition", "retryCount"], 9));
            // The change alone: with it taken back by hand, the documents are the same.
            var task = At(document.Root, place).Task;
            var original = At(before.Root, place).Task;
            Assert.Equal(9, (int?)TaskEditing.Get(task, ["taskDefinition", "retryCount"]));
            TaskEditing.Set(task, ["taskDefinition", "retryCount"], TaskEditing.Get(original, ["taskDefinition", "retryCount"])?.DeepClone());
            Assert.True(JsonNode.DeepEquals(before.Root, document.Root), place);
        }
    }

    [Theory, MemberData(nameof(Samples))]
    public void Inserting_then_deleting_a_task_anywhere_gives_the_same_document_again(string json)
    {
        foreach (var place in TaskTree.Walk(Open(json).Root).Select(entry => entry.Place))
        {
            var document = Open(json);
            var entry = At(document.Root, place);
            var inserted = "";
            document.Edit(root => inserted = TaskEditing.Insert(root, entry.List, entry.Index, TaskType.Of("NOOP").Begin(TaskEditing.References(root))));
            Assert.Equal("NOOP", At(document.Root, inserted).Task.Text("type"));

            document.Edit(root => TaskEditing.Delete(root, At(root, inserted)));

            Assert.True(JsonNode.DeepEquals(Open(json).Root, document.Root), place);
        }
    }

    [Theory, MemberData(nameof(Samples))]
    public void Moving_there_and_back_changes_nothing(string json)
    {
        foreach (var place in TaskTree.Walk(Open(json).Root).Select(entry => entry.Place))
        {
            var document = Open(json);
            var length = ((JsonArray)JsonPlace.In(document.Root, At(document.Root, place).List)!).Count;
            if (At(document.Root, place).Index == length - 1)
                continue;
            var moved = "";
            document.Edit(root => moved = TaskEditing.Move(root, At(root, place), 1));
            document.Edit(root => Assert.Equal(place, TaskEditing.Move(root, At(root, moved), -1)));

            Assert.True(JsonNode.DeepEquals(Open(json).Root, document.Root), place);
        }
    }

    [Fact]
    public void A_copy_has_names_that_are_not_taken()
    {
        var document = Open(SampleDefinitions.Transfer);

        document.Edit(root => TaskEditing.Copy(root, At(root, "tasks[4]")));

        var references = TaskTree.Walk(document.Root).Select(entry => entry.Reference).ToList();
        Assert.Equal(references.Count, references.Distinct().Count());
        Assert.Equal(["loop_ref_2", "inner_ref_2", "child_ref_2"], references.TakeLast(3));
        Assert.Equal("{\"*\":\"x\"}", JsonPlace.In(document.Root, "tasks[5].loopOver[0].loopOver[0].subWorkflowParam.taskToDomain")?.ToJsonString());
    }

    [Fact]
    public void A_list_that_is_not_there_yet_is_made_by_the_first_task()
    {
        var document = Open("""{"name":"n","tasks":[{"taskReferenceName":"s","type":"SWITCH","decisionCases":{"a":null}}]}""");

        document.Edit(root => TaskEditing.Insert(root, "tasks[0].defaultCase", 0, new JsonObject { ["taskReferenceName"] = "d" }));
        document.Edit(root => TaskEditing.Insert(root, "tasks[0].decisionCases.a", 0, new JsonObject { ["taskReferenceName"] = "c" }));

        Assert.Equal(["s", "c", "d"], TaskTree.Walk(document.Root).Select(entry => entry.Reference));
    }

    [Fact]
    public void A_case_keeps_its_place_and_tasks_under_another_value()
    {
        var document = Open(SampleDefinitions.Transfer);

        document.Edit(root => TaskEditing.RenameCase(root["tasks"]![1]!.AsObject(), "large", "huge"));
        document.Edit(root => TaskEditing.RenameCase(root["tasks"]![1]!.AsObject(), "huge", "too large"));   // taken

        Assert.Equal(["huge", "too large"], document.Root["tasks"]![1]!["decisionCases"]!.AsObject().Select(member => member.Key));
        Assert.Equal("verify_ref", (string?)document.Root["tasks"]![1]!["decisionCases"]!["huge"]![0]!["taskReferenceName"]);
    }

    [Fact]
    public void Taking_the_last_member_away_takes_the_empty_object_away_too()
    {
        var task = JsonNode.Parse("""{"inputParameters":{"startWorkflow":{"name":"x"}},"other":{}}""")!.AsObject();

        TaskEditing.Set(task, ["inputParameters", "startWorkflow", "name"], null);

        Assert.Equal("""{"other":{}}""", task.ToJsonString());
    }

    [Fact]
    public void A_text_that_cannot_be_read_leaves_the_tree_and_refuses_forms()
    {
        var document = Open(SampleDefinitions.Legacy);
        var tree = document.Root.ToJsonString();

        document.Type("{\"name\": \"old one\",\n \"tasks\": [");
        document.Edit(root => root["name"] = "other");

        Assert.Equal("Line 2 cannot be read as JSON.", document.Fault);
        Assert.Equal(tree, document.Root.ToJsonString());
        Assert.EndsWith("[", document.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("""{"name":"a","name":"b"}""")]
    public void What_is_no_definition_is_a_fault(string text)
    {
        var document = Open(SampleDefinitions.Legacy);

        document.Type(text);

        Assert.NotNull(document.Fault);
        Assert.Equal("old one", document.Name);
    }

    [Fact]
    public void Changes_can_be_taken_back_and_made_again()
    {
        var document = Open(SampleDefinitions.Transfer);
        var first = document.Text;
        document.Edit(root => root["version"] = 4);
        document.Type("{");
        var last = document.Text;

        document.Undo();
        Assert.Equal(4, document.Version);
        Assert.Null(document.Fault);
        document.Undo();
        Assert.Equal(first, document.Text);
        document.Redo();
        document.Redo();

        Assert.Equal(last, document.Text);
        Assert.False(document.CanRedo);
    }

    private static WorkflowDocument Open(string json) => WorkflowDocument.Of(JsonNode.Parse(json)!.AsObject());

    private static TaskEntry At(JsonObject root, string place) => TaskTree.Walk(root).Single(entry => entry.Place == place);
}
