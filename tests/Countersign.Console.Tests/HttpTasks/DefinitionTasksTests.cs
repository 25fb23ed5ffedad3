using System.Text.Json.Nodes;
using Countersign.Console.HttpTasks;

namespace Countersign.Console.Tests.HttpTasks;

public sealed class DefinitionTasksTests
{
    private const string Definition = """
        {"name":"pay","version":3,"unknown":{"kept":1},"inputParameters":["a"],"tasks":[
          {"name":"s","taskReferenceName":"s_ref","type":"SWITCH","decisionCases":{"yes":[{"name":"x","taskReferenceName":"x_ref","type":"HTTP"}]},"defaultCase":[{"name":"y","taskReferenceName":"y_ref","type":"HTTP"}]},
          {"name":"f","taskReferenceName":"f_ref","type":"FORK_JOIN","forkTasks":[[{"name":"z","taskReferenceName":"z_ref","type":"HTTP"}],[]]}]}
        """;

    [Fact]
    public void All_tasks_are_found_through_branches_and_forks()
        => Assert.Equal(["s_ref", "y_ref", "x_ref", "f_ref", "z_ref"], Parsed().AllTasks.Select(task => DefinitionTasks.Text(task, "taskReferenceName")));

    [Fact]
    public void A_new_task_goes_to_the_end_and_nothing_else_changes()
    {
        var saved = Parsed().With(Task("new_ref"), ["a", "b"], new Dictionary<string, string> { ["code"] = "${new_ref.output.response.statusCode}" }, 4);

        Assert.Equal("""{"name":"new","taskReferenceName":"new_ref","type":"HTTP"}""", saved["tasks"]!.AsArray().Last()!.ToJsonString());
        Assert.Equal((4, "[\"a\",\"b\"]", "{\"kept\":1}"), (saved.DefinitionVersion, saved["inputParameters"]!.ToJsonString(), saved["unknown"]!.ToJsonString()));
        Assert.Equal("""{"code":"${new_ref.output.response.statusCode}"}""", saved["outputParameters"]!.ToJsonString());
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(Definition), Parsed()));
    }

    [Fact]
    public void A_task_of_the_same_reference_is_replaced_where_it_stands()
    {
        var saved = Parsed().With(Task("z_ref"), [], new Dictionary<string, string>(), 3);

        Assert.Equal("""[[{"name":"new","taskReferenceName":"z_ref","type":"HTTP"}],[]]""", saved["tasks"]![1]!["forkTasks"]!.ToJsonString());
        Assert.Equal(2, saved["tasks"]!.AsArray().Count);
    }

    private static JsonObject Parsed() => JsonNode.Parse(Definition)!.AsObject();

    private static JsonObject Task(string reference) => new() { ["name"] = "new", ["taskReferenceName"] = reference, ["type"] = "HTTP" };
}
