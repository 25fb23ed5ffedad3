using Countersign.Testing;

namespace Countersign.Server.Tests.CommandLine;

/// <summary>The program with a command, as a person runs it.</summary>
public sealed class CommandTests
{
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

    [Theory]
    [InlineData(1, "token", "create")]
    [InlineData(1, "token", "create", "--name", "")]
    [InlineData(1, "token", "create", "--name", "Shop", "--scopes", "everything")]
    [InlineData(1, "token", "create", "--name", "Shop", "--user", "nobody@example.com")]
    [InlineData(1, "token", "create", "--name", "Shop", "--expires-in", "soon")]
    [InlineData(1, "token", "revoke", "00Tunknown0000000000")]
    [InlineData(1, "token", "forge")]
    [InlineData(1, "log", "verify", "--expect", "5:abc")]
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
