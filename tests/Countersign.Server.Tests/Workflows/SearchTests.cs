using System.Net;
using System.Text.Json.Nodes;
using Countersign.Testing;
using static Countersign.Server.Tests.Workflows.WorkflowApi;

namespace Countersign.Server.Tests.Workflows;

public sealed class SearchTests
{
    private const string Path = "/api/workflow/search";

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task A_query_finds_what_it_says(Engine engine)
    {
        await using var app = new CountersignApp(engine);
        var (running, failed, done) = await ThreeAsync(app);
        var all = new[] { running, failed, done };

        foreach (var (query, expected) in ((string, string[])[])[
            ("", all), ("*", all), ("status = RUNNING", [running]), ("status=RUNNING", [running]), ("status != RUNNING", [failed, done]), ("status IN (FAILED,'COMPLETED')", [failed, done]),
            ("status in (FAILED)", [failed]), ("workflowType = 'my flow'", [running, failed]), ("workflowType = \"my flow\" and status = FAILED", [failed]), ("version > 1", [done]), ("version >= 1 AND version < 2", [running, failed]),
            ("version BETWEEN 1 AND 2 AND status = FAILED", [failed]), ("status = FAILED OR status = RUNNING", [running, failed]), ("(status = FAILED OR status = RUNNING) AND correlationId = 'c''1'".Replace("''", "\\'", StringComparison.Ordinal), [failed]),
            ("status = FAILED OR status = RUNNING AND correlationId = none", [failed]), ("startTime > 1772703668000", [done]), ("startTime BETWEEN 1772703667000 AND 1772703668000", [running, failed]),
            ("endTime > 0", [failed, done]), ("failedReferenceTaskNames = a_ref", [failed]), ("failedReferenceTaskNames = A_REF", []), ("failedReferenceTaskNames = a%", []), ("failedReferenceTaskNames = axref", []), ("failedReferenceTaskNames IN (x, a_ref)", [failed]),
            ("failedReferenceTaskNames != a_ref", [running, done]), ("correlationId != none", all), ($"workflowId = {done}", [done]), ($"workflowId IN ({done}, {running})", [running, done]), ("status = running", []),
            ("correlationId = 'a\0b'", []), ("correlationId = ''", []), ("correlationId = \"' OR 1=1 --\"", [])])
        {
            var found = await app.GetAsync($"{Path}?query={Uri.EscapeDataString(query)}");
            Assert.True(found.Status == HttpStatusCode.OK, $"{query}: {found.Text}");
            Assert.True(expected.ToHashSet(StringComparer.Ordinal).SetEquals(Ids(found)) && expected.Length == (int)found.Json["totalHits"]!, $"{query}: {found.Text}");
        }
    }

    [Theory]
    [InlineData("query=nothing = 1", "character 1")]
    [InlineData("query=status", "character 7")]
    [InlineData("query=status =", "character 9")]
    [InlineData("query=status = A AND", "character 15")]
    [InlineData("query=status = A B", "character 12")]
    [InlineData("query=status ~ A", "character 8")]
    [InlineData("query=status IN A", "character 11")]
    [InlineData("query=status IN ()", "character 12")]
    [InlineData("query=status IN (A", "character 13")]
    [InlineData("query=(status = A", "character 12")]
    [InlineData("query=status = 'A", "character 10")]
    [InlineData("query=version = one", "character 11")]
    [InlineData("query=version = 1.5", "character 11")]
    [InlineData("query=version BETWEEN 1", "character 18")]
    [InlineData("query=startTime > 99999999999999999999", "character 13")]
    [InlineData("size=-1", "size")]
    [InlineData("size=1001", "size")]
    [InlineData("size=x", "size")]
    [InlineData("start=-1", "start")]
    [InlineData("start=10001", "start")]
    [InlineData("start=0x1", "start")]
    [InlineData("sort=nothing:ASC", "sort")]
    [InlineData("sort=startTime:SIDEWAYS", "sort")]
    [InlineData("sort=startTime:ASC:x", "sort")]
    [InlineData("sort=:", "sort")]
    [InlineData("sort=startTime;DROP TABLE workflow_execution:ASC", "sort")]
    [InlineData("freeText=1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21", "freeText")]
    public async Task A_search_that_cannot_be_read_is_refused_with_the_place(string search, string told)
    {
        await using var app = new CountersignApp();
        var (name, value) = search.Split('=', 2) switch { var parts => (parts[0], Uri.EscapeDataString(parts[1])) };

        foreach (var path in (string[])[Path, "/api/workflow/search-v2"])
        {
            var refused = await app.GetAsync($"{path}?{name}={value}");

            IsError(HttpStatusCode.BadRequest, refused);
            Assert.Contains(told, (string)refused.Json["message"]!, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_query_may_be_so_long_so_deep_and_have_so_many_conditions()
    {
        await using var app = new CountersignApp();
        async Task<HttpStatusCode> Ask(string query) => (await app.GetAsync($"{Path}?query={Uri.EscapeDataString(query)}")).Status;
        static string Deep(int depth) => new string('(', depth) + "version = 1" + new string(')', depth);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.BadRequest), (await Ask(Deep(15)), await Ask(Deep(16))));
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.BadRequest), (await Ask(string.Join(" OR ", Enumerable.Repeat("version = 1", 100))), await Ask(string.Join(" OR ", Enumerable.Repeat("version = 1", 101)))));
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.BadRequest), (await Ask($"status = '{new string('x', 4_085)}'"), await Ask($"status = '{new string('x', 4_086)}'")));
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.BadRequest), (await Ask($"version IN ({string.Join(',', Enumerable.Repeat("1", 100))})"), await Ask($"version IN ({string.Join(',', Enumerable.Repeat("1", 200))})")));
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task A_search_is_sorted_and_paged(Engine engine)
    {
        await using var app = new CountersignApp(engine);
        var (running, failed, done) = await ThreeAsync(app);
        async Task<IEnumerable<string>> Ask(string query) => Ids(await app.GetAsync($"{Path}?{query}"));

        Assert.Equal([done, failed, running], await Ask(""));
        Assert.Equal([running, failed, done], await Ask("sort=startTime:ASC"));
        Assert.Equal([running, failed, done], await Ask("sort=startTime"));
        Assert.Equal([done, failed, running], await Ask("sort=startTime:desc"));
        Assert.Equal(done, (await Ask("sort=workflowType:DESC")).First());
        Assert.Equal([failed], await Ask("start=1&size=1"));
        Assert.Empty(await Ask("start=3"));
        Assert.Empty(await Ask("start=10000"));
        Assert.Empty(await Ask("size=0"));
        Assert.Equal(3, (int)(await app.GetAsync($"{Path}?start=10000&size=0")).Json["totalHits"]!);
        Assert.Equal(3, (await Ask("size=1000")).Count());
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task Words_are_looked_for_in_input_output_correlation_id_and_reason(Engine engine)
    {
        await using var app = new CountersignApp(engine);
        var (running, failed, done) = await ThreeAsync(app);
        var all = new[] { running, failed, done };

        foreach (var (words, expected) in ((string, string[])[])[
            ("*", all), ("", all), ("  ", all), ("MÜLLER", [running]), ("müller 4711", [running]), ("müller none", []), ("c'1", [failed]), ("out-of-luck", [failed]), ("the-output", [done]), ("%", []), ("_", [failed]), ("a\0b", [])])
        {
            var found = await app.GetAsync($"{Path}?freeText={Uri.EscapeDataString(words)}");
            Assert.True(expected.ToHashSet(StringComparer.Ordinal).SetEquals(Ids(found)), $"{words}: {found.Text}");
        }
        Assert.Equal([failed], Ids(await app.GetAsync($"{Path}?freeText={Uri.EscapeDataString("c'1")}&query={Uri.EscapeDataString("status = FAILED")}&start=0&size=1")));
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task Tasks_are_found_by_what_they_are_and_by_their_words(Engine engine)
    {
        await using var app = new CountersignApp(engine);
        var (running, failed, done) = await ThreeAsync(app);
        async Task<string> Ask(string query)
        {
            var found = await app.GetAsync($"/api/tasks/search?{query}");
            Assert.True(found.Status == HttpStatusCode.OK, found.Text);
            var tasks = found.Json["results"]!.AsArray();
            return $"{(int)found.Json["totalHits"]!}: {string.Join(' ', tasks.Select(task => $"{(string)task!["taskReferenceName"]!}/{((string)task["workflowId"]! == running ? "running" : (string)task["workflowId"]! == failed ? "failed" : "done")}"))}";
        }
        static string Query(string text) => $"query={Uri.EscapeDataString(text)}";

        Assert.Equal("3: s_ref/done a_ref/failed a_ref/running", await Ask(""));
        Assert.Equal("3: a_ref/running a_ref/failed s_ref/done", await Ask("sort=updateTime:ASC"));
        Assert.Equal("3: a_ref/failed", await Ask("start=1&size=1&freeText=*"));
        Assert.Equal("1: s_ref/done", await Ask(Query("taskType = SET_VARIABLE")));
        Assert.Equal("1: s_ref/done", await Ask(Query("taskDefName = s")));
        Assert.Equal("0: ", await Ask(Query("taskType = s")));
        Assert.Equal("2: a_ref/running a_ref/failed", await Ask($"{Query("taskType IN (a)")}&sort=updateTime"));
        Assert.Equal("1: a_ref/failed", await Ask(Query("status = FAILED")));
        Assert.Equal("1: s_ref/done", await Ask(Query($"workflowId = {done}")));
        Assert.Equal("1: a_ref/failed", await Ask("freeText=OUT-of-luck"));
        Assert.Equal("0: ", await Ask("freeText=SCHEDULED"));
        foreach (var sort in (string[])["startTime:ASC", "updateTime:UP", ":"]) IsError(HttpStatusCode.BadRequest, await app.GetAsync($"/api/tasks/search?sort={sort}"));
    }

    [Fact]
    public async Task A_summary_has_these_members_and_what_is_found_whole_has_no_tasks()
    {
        await using var app = new CountersignApp();
        var (running, failed, done) = await ThreeAsync(app);

        var summaries = (await app.GetAsync(Path)).Json["results"]!.AsArray();
        var whole = (await app.GetAsync("/api/workflow/search-v2?size=2")).Json;

        Assert.Equal(["workflowType", "version", "workflowId", "startTime", "updateTime", "status", "input", "output", "executionTime", "failedReferenceTaskNames", "priority", "createdBy"], summaries[2]!.AsObject().Select(member => member.Key));
        Assert.Equal(
            ["workflowType", "version", "workflowId", "correlationId", "startTime", "updateTime", "endTime", "status", "input", "output", "reasonForIncompletion", "executionTime", "failedReferenceTaskNames", "priority", "createdBy"],
            summaries[1]!.AsObject().Select(member => member.Key));
        Assert.Equal((failed, "a_ref", "2026-03-05T09:41:08.000Z", "2026-03-05T09:41:08.250Z", 250), ((string?)summaries[1]!["workflowId"], (string?)summaries[1]!["failedReferenceTaskNames"], (string?)summaries[1]!["startTime"], (string?)summaries[1]!["endTime"], (int)summaries[1]!["executionTime"]!));
        Assert.Equal("""{"who":"Müller","n":4711}""", JsonNode.Parse((string)summaries[2]!["input"]!)!.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }));
        Assert.Equal((3, done, "[]", running), ((int)whole["totalHits"]!, (string?)whole["results"]![0]!["workflowId"], whole["results"]![0]!["tasks"]!.ToJsonString(), (string?)summaries[2]!["workflowId"]));
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task An_execution_is_found_at_once_after_its_start_was_answered(Engine engine)
    {
        await using var app = new CountersignApp(engine);
        await app.RegisterAsync(Definition("d", Step("a")));

        var found = await app.AtOnceAsync(20, async _ =>
        {
            var id = await app.StartAsync("d");
            return Ids(await app.GetAsync($"{Path}?query={Uri.EscapeDataString($"workflowId = {id}")}")).SingleOrDefault() == id;
        });

        Assert.DoesNotContain(false, found);
        Assert.Equal(20, await app.CountAsync());
    }

    /// <summary>One that runs, one that failed a second later, and one of version 2 that completed a second later.</summary>
    private static async Task<(string Running, string Failed, string Done)> ThreeAsync(CountersignApp app)
    {
        var done = Definition("other", Step("s", "SET_VARIABLE"));
        done["version"] = 2;
        done["outputParameters"] = new JsonObject { ["x"] = "the-output" };
        await app.RegisterAsync(Definition("my flow", Step("a")), done);
        var running = IsText(await app.PostAsync("/api/workflow/my%20flow", new JsonObject { ["who"] = "Müller", ["n"] = 4711 }));
        app.Clock.Advance(TimeSpan.FromSeconds(1));
        var failed = IsText(await app.PostAsync("/api/workflow/my%20flow?correlationId=c'1", new JsonObject()));
        app.Clock.Advance(TimeSpan.FromMilliseconds(250));
        IsText(await app.PostAsync("/api/tasks", new JsonObject { ["taskId"] = await app.TaskIdAsync(failed, "a_ref"), ["status"] = "FAILED", ["reasonForIncompletion"] = "out-of-luck" }));
        app.Clock.Advance(TimeSpan.FromMilliseconds(750));
        return (running, failed, await app.StartAsync("other"));
    }

    private static IEnumerable<string> Ids(Answer found) => found.Json["results"]!.AsArray().Select(execution => (string)execution!["workflowId"]!);
}
