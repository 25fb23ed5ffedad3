using System.Text.Json;
using Countersign.Integrations.Runs;
using Countersign.Integrations.Workflows;
using Countersign.Testing;

namespace Countersign.Storage.Tests.Workflows;

/// <summary>Definitions, version by version, and task definitions.</summary>
public sealed class DefinitionStoreTests
{
    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task Who_names_no_version_gets_the_highest(Engine engine)
    {
        await using var store = new Store(engine);
        var definitions = store.Get<IDefinitionStore>();
        foreach (var version in (int[])[2, 11, 1]) Assert.True(await definitions.PutAsync(Samples.Definition(version: version), replaces: false, Samples.By("ann"), CancellationToken.None));
        await definitions.PutAsync(Samples.Definition("alpha"), replaces: false, Samples.By("ann"), CancellationToken.None);

        Assert.Equal(11, (await definitions.FindAsync("order", null, CancellationToken.None))!.Version);
        Assert.Equal(2, (await definitions.FindAsync("order", 2, CancellationToken.None))!.Version);
        Assert.Null(await definitions.FindAsync("order", 3, CancellationToken.None));
        Assert.Equal([("alpha", 1), ("order", 11)], Keys(await definitions.ListAsync(null, 10, latestOnly: true, CancellationToken.None)));
        Assert.Equal([("order", 2), ("order", 11)], Keys(await definitions.ListAsync(("order", 1), 10, latestOnly: false, CancellationToken.None)));
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task Nothing_of_a_definition_is_lost_and_its_times_are_the_servers(Engine engine)
    {
        await using var store = new Store(engine);
        var definitions = store.Get<IDefinitionStore>();
        var created = store.Clock.GetUtcNow().ToUnixTimeMilliseconds();
        await definitions.PutAsync(new WorkflowDefinition(JsonElement.Parse("""{"name":"order","createTime":1,"createdBy":"mallory","x":{"y":[null]},"tasks":[]}""")), replaces: false, Samples.By("ann"), CancellationToken.None);
        store.Clock.Advance(TimeSpan.FromMinutes(1));
        await definitions.PutAsync(new WorkflowDefinition(JsonElement.Parse("""{"name":"order","x":{"y":[null]},"tasks":[]}""")), replaces: true, Samples.By("bob"), CancellationToken.None);

        var document = (await definitions.FindAsync("order", 1, CancellationToken.None))!.Document;

        Assert.Equal("""{"y":[null]}""", document.GetProperty("x").GetRawText());
        Assert.Equal((created, created + 60_000), (document.GetProperty("createTime").GetInt64(), document.GetProperty("updateTime").GetInt64()));
        Assert.Equal(("ann", "bob"), (document.GetProperty("createdBy").GetString(), document.GetProperty("updatedBy").GetString()));
        Assert.False(await definitions.PutAsync(Samples.Definition(), replaces: false, Samples.By(), CancellationToken.None));
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task Who_names_a_secret_is_known_as_long_as_it_does(Engine engine)
    {
        await using var store = new Store(engine);
        var definitions = store.Get<IDefinitionStore>();
        async Task<string> UsesAsync(string secret, int most = 20)
        {
            var uses = await definitions.FindSecretUsesAsync([secret, "OTHER"], most, CancellationToken.None);
            return string.Join(' ', uses.GetValueOrDefault(secret, []).Select(use => $"{use.Name}/{use.Version}"));
        }
        foreach (var version in (int[])[2, 1]) await definitions.PutAsync(Naming("order", version, "KEY"), replaces: false, Samples.By(), CancellationToken.None);
        await definitions.PutTaskDefinitionsAsync([new TaskDefinition(JsonElement.Parse("""{"name":"ship","inputTemplate":{"a":"${workflow.secrets.KEY}"}}"""))], mustExist: false, 10, Samples.By(), CancellationToken.None);

        Assert.Equal("order/1 order/2 ship/", await UsesAsync("KEY"));
        Assert.Equal("order/1", await UsesAsync("KEY", most: 1));
        await definitions.PutAsync(Naming("order", 1, "SECOND"), replaces: true, Samples.By(), CancellationToken.None);
        Assert.Equal(("order/2 ship/", "order/1"), (await UsesAsync("KEY"), await UsesAsync("SECOND")));
        await definitions.RemoveAsync("order", 2, Samples.By(), CancellationToken.None);
        await definitions.RemoveTaskDefinitionAsync("ship", Samples.By(), CancellationToken.None);
        Assert.Equal("", await UsesAsync("KEY"));

        static WorkflowDefinition Naming(string name, int version, string secret) => new(JsonElement.Parse(
            $$$"""{"name":"{{{name}}}","version":{{{version}}},"tasks":[{"name":"a","taskReferenceName":"a","type":"SET_VARIABLE","inputParameters":{"x":["Bearer ${workflow.secrets.{{{secret}}}} ${workflow.secrets.{{{secret}}}.part}"]}}]}"""));
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task Another_node_sees_a_task_definition_within_a_second(Engine engine)
    {
        await using var store = new Store(engine);
        await using var other = new Store(store.Place);
        Assert.Empty(await other.Get<IDefinitionStore>().TaskDefinitionsAsync(CancellationToken.None));

        await PutAsync(store, mustExist: false, most: 10, "ship");

        Assert.Contains("ship", (await store.Get<IDefinitionStore>().TaskDefinitionsAsync(CancellationToken.None)).Keys);
        Assert.Empty(await other.Get<IDefinitionStore>().TaskDefinitionsAsync(CancellationToken.None));
        other.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Contains("ship", (await other.Get<IDefinitionStore>().TaskDefinitionsAsync(CancellationToken.None)).Keys);
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task Of_task_definitions_all_are_stored_or_none(Engine engine)
    {
        await using var store = new Store(engine);

        Assert.Equal(TaskDefinitionsPut.TooMany, await PutAsync(store, mustExist: false, most: 1, "ship", "pack"));
        Assert.Equal(TaskDefinitionsPut.Missing, await PutAsync(store, mustExist: true, most: 10, "ship"));
        Assert.Empty(await store.Get<IDefinitionStore>().TaskDefinitionsAsync(CancellationToken.None));
        Assert.Equal(TaskDefinitionsPut.Stored, await PutAsync(store, mustExist: false, most: 2, "ship", "pack"));
        Assert.True(await store.Get<IDefinitionStore>().RemoveTaskDefinitionAsync("ship", Samples.By(), CancellationToken.None));
        Assert.False(await store.Get<IDefinitionStore>().RemoveTaskDefinitionAsync("ship", Samples.By(), CancellationToken.None));
    }

    private static Task<TaskDefinitionsPut> PutAsync(Store store, bool mustExist, int most, params string[] names) => store.Get<IDefinitionStore>().PutTaskDefinitionsAsync(
        [.. names.Select(name => new TaskDefinition(JsonElement.Parse($$"""{"name":"{{name}}"}""")))], mustExist, most, Samples.By(), CancellationToken.None);

    private static IEnumerable<(string, int)> Keys(IEnumerable<WorkflowDefinition> definitions) => definitions.Select(definition => (definition.Name, definition.Version));
}
