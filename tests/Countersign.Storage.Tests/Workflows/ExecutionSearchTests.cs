using System.Text.Json;
using Countersign.Integrations.Runs;
using Countersign.Integrations.Workflows;
using Countersign.Testing;

namespace Countersign.Storage.Tests.Workflows;

/// <summary>What searches find.</summary>
public sealed class ExecutionSearchTests
{
    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task Conditions_find_what_they_say(Engine engine)
    {
        await using var store = new Store(engine);
        var first = await Samples.AddAsync(store, Samples.Execution(store) with { CorrelationId = "o'7" });
        store.Clock.Advance(TimeSpan.FromMinutes(1));
        var second = await Samples.AddAsync(store, Samples.Execution(store, Samples.Definition("refund", 2)));
        store.Clock.Advance(TimeSpan.FromMinutes(1));
        var third = await Samples.AddAsync(store, Samples.Execution(store) with { Status = WorkflowStatus.Failed, EndedAt = store.Clock.GetUtcNow(), FailedReferenceTaskNames = ["ship_ref", "call_ref"] });

        Assert.Equal([third.Id, second.Id, first.Id], await FindAsync(store, ""));
        Assert.Equal([second.Id], await FindAsync(store, "workflowType = refund AND version = 2"));
        Assert.Equal([third.Id, first.Id], await FindAsync(store, "workflowType IN (order, 'nothing')"));
        Assert.Equal([first.Id], await FindAsync(store, "correlationId = \"o'7\""));
        Assert.Equal([third.Id], await FindAsync(store, "status = FAILED"));
        Assert.Equal([third.Id, second.Id], await FindAsync(store, "correlationId != \"o'7\""));
        Assert.Equal([third.Id], await FindAsync(store, "failedReferenceTaskNames = call_ref"));
        Assert.Empty(await FindAsync(store, "failedReferenceTaskNames = call"));
        Assert.Equal([third.Id, first.Id], await FindAsync(store, "status = FAILED OR (workflowType = order AND version < 2)"));
        Assert.Equal([second.Id], await FindAsync(store, $"startTime BETWEEN {second.StartedAt.ToUnixTimeMilliseconds()} AND {second.StartedAt.ToUnixTimeMilliseconds() + 1}"));
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task Words_are_looked_for_in_values_and_not_in_the_names_of_the_store(Engine engine)
    {
        await using var store = new Store(engine);
        var ann = await Samples.AddAsync(store, Samples.Execution(store));
        var bob = await Samples.AddAsync(store, Samples.Execution(store) with { Input = JsonElement.Parse("""{"who":"Bob"}"""), Output = JsonElement.Parse("""{"code":"X-17"}""") });

        Assert.Equal([ann.Id], await FindAsync(store, "", "müller"));
        Assert.Equal([bob.Id], await FindAsync(store, "", "bob", "x-17"));
        Assert.Empty(await FindAsync(store, "", "bob", "müller"));
        Assert.Empty(await FindAsync(store, "", "RUNNING"));
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task Pages_follow_each_other_without_gaps_and_every_hit_is_counted(Engine engine)
    {
        await using var store = new Store(engine);
        for (var i = 0; i < 7; i++) await Samples.AddAsync(store, Samples.Execution(store));
        var search = new ExecutionSearch { Size = 3, SortField = "startTime", Descending = false };

        var pages = new List<FoundExecutions>();
        for (var start = 0; start < 9; start += 3) pages.Add(await store.Get<IWorkflowStore>().SearchAsync(search with { Start = start }, CancellationToken.None));

        Assert.All(pages, page => Assert.Equal(7, page.Total));
        Assert.Equal([3, 3, 1], pages.Select(page => page.Executions.Count));
        Assert.Equal(7, pages.SelectMany(page => page.Executions).Select(execution => execution.Id).Distinct().Count());
    }

    private static async Task<IEnumerable<string>> FindAsync(Store store, string query, params string[] words)
    {
        Assert.True(SearchQuery.TryRead(query, SearchQuery.ExecutionFields, out var condition, out var fault), fault);
        var found = await store.Get<IWorkflowStore>().SearchAsync(new ExecutionSearch { Query = condition, Words = [.. words] }, CancellationToken.None);
        Assert.Equal(found.Executions.Count, found.Total);
        return found.Executions.Select(execution => execution.Id);
    }
}
