using System.Net;
using System.Text.Json.Nodes;
using Countersign.Testing;

namespace Countersign.Server.Tests.Users;

public sealed class UserLifecycleTests
{
    private static string Lifecycle(string id, string operation) => $"/api/v1/users/{id}/lifecycle/{operation}";

    [Theory]
    [InlineData("?activate=false", UserRequests.Password, "activate", "ACTIVE")]
    [InlineData("?activate=false", null, "activate", "PROVISIONED")]
    [InlineData("", null, "reactivate", "PROVISIONED")]
    [InlineData("", null, "deactivate", "DEPROVISIONED")]
    [InlineData("", UserRequests.Password, "deactivate", "DEPROVISIONED")]
    [InlineData("", UserRequests.Password, "suspend", "SUSPENDED")]
    [InlineData("", UserRequests.Password, "reset_password", "RECOVERY")]
    [InlineData("", null, "reset_password", "RECOVERY")]
    [InlineData("", UserRequests.Password, "reset_factors", "ACTIVE")]
    public async Task An_operation_answers_nothing_and_moves_the_status(string query, string? password, string operation, string status)
    {
        await using var app = new CountersignApp();
        var id = await app.AddUserAsync("ana@example.com", password, query);
        app.Clock.Advance(TimeSpan.FromMinutes(1));

        var answer = await app.PostAsync(Lifecycle(id, operation));

        Assert.Equal((HttpStatusCode.OK, "{}"), (answer.Status, answer.Text));
        var user = await app.GetAsync($"/api/v1/users/{id}");
        Assert.Equal(status, (string?)user.Json["status"]);
        if (operation is not ("reactivate" or "reset_factors"))
            Assert.Equal(("2026-03-05T09:42:07.000Z", "2026-03-05T09:42:07.000Z"), ((string?)user.Json["statusChanged"], (string?)user.Json["lastUpdated"]));
    }

    [Theory]
    [InlineData("", UserRequests.Password, "activate", HttpStatusCode.Forbidden, "E0000016")]
    [InlineData("", UserRequests.Password, "reactivate", HttpStatusCode.Forbidden, "E0000038")]
    [InlineData("", UserRequests.Password, "unsuspend", HttpStatusCode.BadRequest, "E0000001")]
    [InlineData("", null, "suspend", HttpStatusCode.BadRequest, "E0000001")]
    [InlineData("", UserRequests.Password, "unlock", HttpStatusCode.Forbidden, "E0000032")]
    [InlineData("?activate=false", null, "expire_password", HttpStatusCode.Forbidden, "E0000038")]
    [InlineData("?activate=false", null, "expire_password_with_temp_password", HttpStatusCode.Forbidden, "E0000038")]
    [InlineData("?activate=false", null, "reset_password", HttpStatusCode.Forbidden, "E0000038")]
    [InlineData("", UserRequests.Password, "activate?sendEmail=perhaps", HttpStatusCode.BadRequest, "E0000037")]
    [InlineData("", UserRequests.Password, "reset_password?revokeSessions=perhaps", HttpStatusCode.BadRequest, "E0000037")]
    public async Task An_operation_that_the_status_forbids_changes_nothing(string query, string? password, string operation, HttpStatusCode status, string code)
    {
        await using var app = new CountersignApp();
        var id = await app.AddUserAsync("ana@example.com", password, query);
        var before = await app.GetAsync($"/api/v1/users/{id}");

        var answer = await app.PostAsync(Lifecycle(id, operation));

        Assert.Equal((status, code), (answer.Status, answer.ErrorCode));
        Assert.Equal(before.Text, (await app.GetAsync($"/api/v1/users/{id}")).Text);
    }

    [Fact]
    public async Task Without_email_the_links_are_answered()
    {
        await using var app = new CountersignApp();
        var id = await app.AddUserAsync("ana@example.com", query: "?activate=false");

        var activated = await app.PostAsync(Lifecycle(id, "activate?sendEmail=false"));
        var reset = await app.PostAsync(Lifecycle(id, "reset_password?sendEmail=false&revokeSessions=true"));
        var reactivated = await app.PostAsync(Lifecycle(id, "reactivate?sendEmail=false"));

        Assert.Equal($"http://localhost/welcome/{(string?)activated.Json["activationToken"]}", (string?)activated.Json["activationUrl"]);
        Assert.Matches("^http://localhost/reset_password/[A-Za-z0-9]{32}$", (string?)reset.Json["resetPasswordUrl"]);
        Assert.NotEqual((string?)activated.Json["activationToken"], (string?)reactivated.Json["activationToken"]);
    }

    [Theory]
    [InlineData("expire_password?tempPassword=true")]
    [InlineData("expire_password_with_temp_password")]
    public async Task Expiring_a_password_shows_the_user_or_a_temporary_password_that_works(string operation)
    {
        await using var app = new CountersignApp();
        var id = await app.AddUserAsync("ana@example.com");

        var expired = await app.PostAsync(Lifecycle(id, "expire_password"));
        var temporary = (string?)(await app.PostAsync(Lifecycle(id, operation))).Json["tempPassword"];
        var changed = await app.PostAsync($"/api/v1/users/{id}/credentials/change_password", new JsonObject
        {
            ["oldPassword"] = new JsonObject { ["value"] = temporary },
            ["newPassword"] = new JsonObject { ["value"] = "Another1Secret" },
        });

        Assert.Equal("PASSWORD_EXPIRED", (string?)expired.Json["status"]);
        Assert.Equal(HttpStatusCode.OK, changed.Status);
        Assert.Equal("ACTIVE", await app.StatusOfAsync(id));
    }

    [Fact]
    public async Task A_suspension_ends_and_a_deactivated_user_comes_back()
    {
        await using var app = new CountersignApp();
        var id = await app.AddUserAsync("ana@example.com");

        await app.PostAsync(Lifecycle(id, "suspend"));
        var unsuspended = await app.PostAsync(Lifecycle(id, "unsuspend"));
        await app.PostAsync(Lifecycle(id, "deactivate"));
        var again = await app.PostAsync(Lifecycle(id, "deactivate"));
        var updated = await app.PostAsync($"/api/v1/users/{id}", new JsonObject { ["profile"] = new JsonObject { ["title"] = "Dr" } });
        var activated = await app.PostAsync(Lifecycle(id, "activate"));

        Assert.Equal("{}", unsuspended.Text);
        Assert.Equal(("E0000038", "E0000038"), (again.ErrorCode, updated.ErrorCode));
        Assert.Equal("{}", activated.Text);
        Assert.Equal("ACTIVE", await app.StatusOfAsync(id));
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task Resetting_factors_removes_them_all(Engine engine)
    {
        await using var app = new CountersignApp(engine);
        var id = await app.AddUserAsync("ana@example.com");
        await app.AddTotpAsync(id);
        Assert.NotNull((await app.GetAsync($"/api/v1/users/{id}")).Json["_links"]!["resetFactors"]);

        await app.PostAsync(Lifecycle(id, "reset_factors"));

        Assert.Equal("[]", (await app.GetAsync($"/api/v1/users/{id}/factors")).Text);
        Assert.Null((await app.GetAsync($"/api/v1/users/{id}")).Json["_links"]!["resetFactors"]);
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task Unlocking_gives_the_tries_back(Engine engine)
    {
        await using var app = new CountersignApp(engine);
        var id = await app.AddUserAsync("ana@example.com");
        var (factor, secret) = await app.AddTotpAsync(id);
        for (var i = 0; i < 5; i++) await app.PostAsync($"/api/v1/users/{id}/factors/{factor}/verify", new JsonObject { ["passCode"] = "000000" });
        var locked = await app.GetAsync($"/api/v1/users/{id}");

        var unlocked = await app.PostAsync(Lifecycle(id, "unlock"));
        app.Clock.Advance(TimeSpan.FromSeconds(30));
        var verified = await app.PostAsync($"/api/v1/users/{id}/factors/{factor}/verify", new JsonObject { ["passCode"] = app.Totp(secret) });

        Assert.Equal("LOCKED_OUT", (string?)locked.Json["status"]);
        Assert.NotNull(locked.Json["_links"]!["unlock"]);
        Assert.Equal((HttpStatusCode.OK, "SUCCESS"), (unlocked.Status, verified.FactorResult));
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task Wrong_codes_and_unlocks_at_once_leave_a_state_that_one_order_explains(Engine engine)
    {
        await using var app = new CountersignApp(engine, new KeyValuePair<string, string>("Countersign:Attempts:WrongPerWindow", "1000"));
        var id = await app.AddUserAsync("ana@example.com");
        var (factor, secret) = await app.AddTotpAsync(id);

        var answers = await Task.WhenAll(Enumerable.Range(0, 60).Select(i => i % 10 == 9
            ? app.PostAsync(Lifecycle(id, "unlock"))
            : app.PostAsync($"/api/v1/users/{id}/factors/{factor}/verify", new JsonObject { ["passCode"] = "000000" })));

        var unlocks = answers.Count(answer => answer.Status == HttpStatusCode.OK);
        Assert.Subset(new HashSet<string?> { null, "E0000068", "E0000069", "E0000032" }, answers.Select(answer => answer.ErrorCode).ToHashSet());
        Assert.True(answers.Count(answer => answer.ErrorCode == "E0000068") <= 5 * (unlocks + 1), "more wrong codes were heard than the locks let through");
        await app.PostAsync(Lifecycle(id, "unlock"));
        app.Clock.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal("SUCCESS", (await app.PostAsync($"/api/v1/users/{id}/factors/{factor}/verify", new JsonObject { ["passCode"] = app.Totp(secret) })).FactorResult);
    }

    [Fact]
    public async Task Resetting_the_password_of_a_locked_user_does_not_unlock()
    {
        await using var app = new CountersignApp();
        var id = await app.AddUserAsync("ana@example.com");
        var (factor, _) = await app.AddTotpAsync(id);
        for (var i = 0; i < 5; i++) await app.PostAsync($"/api/v1/users/{id}/factors/{factor}/verify", new JsonObject { ["passCode"] = "000000" });

        await app.PostAsync(Lifecycle(id, "reset_password"));
        var whileLocked = await app.StatusOfAsync(id);
        await app.PostAsync(Lifecycle(id, "unlock"));

        Assert.Equal(("LOCKED_OUT", "RECOVERY"), (whileLocked, await app.StatusOfAsync(id)));
    }
}
