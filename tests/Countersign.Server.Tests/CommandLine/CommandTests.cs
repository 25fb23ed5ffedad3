using System.Diagnostics;
using System.Globalization;
using Countersign.Testing;
using Countersign.Testing.Delivery;

namespace Countersign.Server.Tests.CommandLine;

/// <summary>The program with a command, as a person runs it.</summary>
public sealed class CommandTests
{
    private const string Boats = """{"openapi":"3.0.3","info":{"title":"Boats","version":"1"},"paths":{"/bookings":{"post":{"summary":"Book a boat","responses":{"200":{"description":"ok"}}}}}}""";

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task A_token_made_on_the_command_line_works_at_once_and_until_it_is_revoked(Engine engine)
    {
        await using var app = new CountersignApp(engine);
        Assert.Equal(System.Net.HttpStatusCode.OK, (await app.GetAsync("/api/v1/users/me")).Status);

        var made = await CountersignCommand.RunAsync(app.Store, "token", "create", "--name", "Shop", "--scopes", "okta.users.read", "okta.logs.read", "--expires-in", "3650");
        using var client = app.CreateAuthorizedClient(made.Output.Trim());
        var id = made.Errors.Split(' ')[0];
        var list = await CountersignCommand.RunAsync(app.Store, "token", "list");
        app.Clock.SetUtcNow(TimeProvider.System.GetUtcNow());
        using var allowed = await client.GetAsync("/api/v1/users/me");
        using var forbidden = await client.GetAsync("/countersign/v1/tokens");
        var revoked = await CountersignCommand.RunAsync(app.Store, "token", "revoke", id);
        app.Clock.Advance(TimeSpan.FromSeconds(1));
        using var after = await client.GetAsync("/api/v1/users/me");

        Assert.Equal((0, 0, 0), (made.ExitCode, list.ExitCode, revoked.ExitCode));
        Assert.Contains($"{id}\tACTIVE\tadministrator@countersign.invalid\t", list.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(made.Output.Trim(), list.Output, StringComparison.Ordinal);
        Assert.Equal([200, 403, 401], new[] { allowed, forbidden, after }.Select(answer => (int)answer.StatusCode));
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task The_log_is_verified_and_a_change_of_it_is_told(Engine engine)
    {
        await using var app = new CountersignApp(engine);
        await app.AddUserAsync("ana@example.com");

        var whole = await CountersignCommand.RunAsync(app.Store, "log", "verify");
        var head = whole.Output.Split('\n')[1]["head ".Length..].Trim();
        var expected = await CountersignCommand.RunAsync(app.Store, "log", "verify", "--expect", head);
        await app.Store.SqlAsync("UPDATE log SET at = at - 1 WHERE seq = 3");
        var changed = await CountersignCommand.RunAsync(app.Store, "log", "verify");

        Assert.Equal((0, 0, 1), (whole.ExitCode, expected.ExitCode, changed.ExitCode));
        Assert.StartsWith("The log holds: events 1 to 4.", whole.Output, StringComparison.Ordinal);
        Assert.Contains("at event 3", changed.Errors, StringComparison.Ordinal);
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task A_folder_of_documents_is_imported_once_and_what_is_none_is_told(Engine engine)
    {
        await using var app = new CountersignApp(engine);
        var folder = Directory.CreateDirectory(Path.Combine(app.Store.Directory, "apis")).FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "boats.json"), Boats);
        await File.WriteAllTextAsync(Path.Combine(folder, "broken.json"), """{"openapi":"3.0.3","paths":[""");

        var first = await CountersignCommand.RunAsync(app.Store, "catalog", "import", folder);
        var second = await CountersignCommand.RunAsync(app.Store, "catalog", "import", folder);
        var found = await app.GetAsync("/countersign/v1/catalog/search?q=book+boat");

        Assert.Equal((1, 1), (first.ExitCode, second.ExitCode));
        Assert.Contains("2 documents: 1 APIs with 1 operations added or changed, 0 known, 1 refused", first.Output, StringComparison.Ordinal);
        Assert.Contains("refused: broken.json", first.Errors, StringComparison.Ordinal);
        Assert.Contains("0 APIs with 0 operations added or changed, 1 known, 1 refused", second.Output, StringComparison.Ordinal);
        Assert.Contains("Book a boat", found.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_document_is_imported_from_an_address_past_the_guard()
    {
        using var store = new TestStore(Engine.Sqlite);
        await using var server = new LoopbackServer(_ => Reply.Json(200, Boats));
        var address = new Uri(server.Address, "boats.json").AbsoluteUri;

        var refused = await CountersignCommand.RunAsync(store, "catalog", "import", address);
        var taken = await CountersignCommand.RunAsync(store, "catalog", "import", address, "--Countersign:Outbound:AllowedNetworks:0", "127.0.0.0/8");

        Assert.Equal((2, 0), (refused.ExitCode, taken.ExitCode));
        Assert.Contains("127.0.0.1", refused.Errors, StringComparison.Ordinal);
        Assert.Contains("1 APIs with 1 operations added or changed", taken.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_worker_signs_in_polls_its_queue_and_ends_when_it_is_told_to()
    {
        using var store = new TestStore(Engine.Sqlite);
        await using var conductor = new LoopbackServer(request => Reply.Json(200, request.Target.StartsWith("/api/token", StringComparison.Ordinal) ? """{"token":"signed-in"}""" : "[]"));
        var start = CountersignCommand.StartInfo(store, ["worker", "--conductor", conductor.Address.ToString(), "--key-id", "key", "--server", "http://127.0.0.1:1"]);
        (start.Environment["COUNTERSIGN_TOKEN"], start.Environment["COUNTERSIGN_CONDUCTOR_KEY_SECRET"]) = ("a-token", "the-secret");
        using var worker = Process.Start(start)!;

        var signIn = await conductor.ReceiveAsync();
        var poll = await conductor.ReceiveAsync();
        using (var kill = Process.Start("kill", ["-TERM", worker.Id.ToString(CultureInfo.InvariantCulture)])) await kill.WaitForExitAsync();
        var output = await worker.StandardOutput.ReadToEndAsync();
        await worker.WaitForExitAsync();

        Assert.Equal(("/api/token", "the-secret"), (signIn.Target, (string?)signIn.Json["keySecret"]));
        Assert.StartsWith("/api/tasks/poll/batch/COUNTERSIGN_VERIFY?", poll.Target, StringComparison.Ordinal);
        Assert.Equal("signed-in", poll.Headers["X-Authorization"]);
        Assert.Equal(0, worker.ExitCode);
        Assert.EndsWith("Stopped.", output.Trim(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, "token", "create")]
    [InlineData(1, "token", "create", "--name", "")]
    [InlineData(1, "token", "create", "--name", "Shop", "--scopes", "everything")]
    [InlineData(1, "token", "create", "--name", "Shop", "--user", "nobody@example.com")]
    [InlineData(1, "token", "create", "--name", "Shop", "--expires-in", "soon")]
    [InlineData(1, "token", "revoke", "00Tunknown0000000000")]
    [InlineData(1, "token", "forge")]
    [InlineData(1, "log", "verify", "--expect", "5:abc")]
    [InlineData(2, "catalog", "import", "absent.yaml")]
    [InlineData(2, "catalog", "import", "http://169.254.169.254/openapi.json")]
    [InlineData(1, "worker")]
    [InlineData(1, "worker", "--conductor", "conductor.example", "--token", "x")]
    [InlineData(1, "worker", "--conductor", "http://127.0.0.1:1", "--server", "ftp://mfa.example", "--token", "x")]
    [InlineData(1, "worker", "--conductor", "http://127.0.0.1:1", "--key-id", "k", "--token", "x")]
    [InlineData(1, "worker", "--conductor", "http://127.0.0.1:1")]
    [InlineData(78, "log", "verify", "--Countersign:Storage:Provider", "oracle")]
    public async Task What_cannot_be_done_is_told_and_changes_nothing(int exitCode, params string[] words)
    {
        using var store = new TestStore(Engine.Sqlite);

        var run = await CountersignCommand.RunAsync(store, words);

        Assert.Equal(exitCode, run.ExitCode);
        Assert.NotEmpty(run.Errors);
        Assert.DoesNotContain("   at ", run.Errors + run.Output, StringComparison.Ordinal);
    }
}
