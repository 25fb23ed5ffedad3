using System.Net;
using System.Text.Json.Nodes;
using Countersign.Testing;

namespace Countersign.Server.Tests.Users;

public sealed class UserCredentialsTests
{
    private const string NewPassword = "Ferry2Barreiro";

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task Who_knows_the_password_changes_it(Engine engine)
    {
        await using var app = new CountersignApp(engine);
        var id = await AddAsync(app);

        var wrong = await ChangePasswordAsync(app, id, "Wrong1Password", NewPassword);
        var weak = await ChangePasswordAsync(app, id, UserRequests.Password, "weak");
        var changed = await ChangePasswordAsync(app, id, UserRequests.Password, NewPassword);
        var old = await ChangePasswordAsync(app, id, UserRequests.Password, NewPassword);

        Assert.Equal((HttpStatusCode.Forbidden, "E0000014", "Old Password is not correct"), (wrong.Status, wrong.ErrorCode, wrong.Cause));
        Assert.Equal((HttpStatusCode.Forbidden, "E0000080"), (weak.Status, weak.ErrorCode));
        Assert.Equal("""{"password":{},"recovery_question":{"question":"Where did the tram end?"},"provider":{"type":"OKTA","name":"OKTA"}}""", changed.Text);
        Assert.Equal("E0000014", old.ErrorCode);
    }

    [Fact]
    public async Task Who_knows_the_password_changes_the_question_and_who_knows_the_answer_sets_the_password()
    {
        await using var app = new CountersignApp();
        var id = await AddAsync(app);

        var asked = await PostAsync(app, id, "change_recovery_question", UserRequests.Password, "Which colour?", "Ultra Marine");
        var wrong = await PostAsync(app, id, "forgot_password_recovery_question", NewPassword, null, "Alges");
        var weak = await PostAsync(app, id, "forgot_password_recovery_question", "weak", null, "ultra marine");
        var recovered = await PostAsync(app, id, "forgot_password", NewPassword, null, " ULTRA marine ");
        var proof = await ChangePasswordAsync(app, id, NewPassword, UserRequests.Password);

        Assert.Equal("Which colour?", (string?)asked.Json["recovery_question"]!["question"]);
        Assert.Equal((HttpStatusCode.Forbidden, "E0000087"), (wrong.Status, wrong.ErrorCode));
        Assert.Equal("E0000080", weak.ErrorCode);
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (recovered.Status, proof.Status));
    }

    [Fact]
    public async Task What_is_missing_is_said()
    {
        await using var app = new CountersignApp();
        var id = await AddAsync(app);

        var password = await app.PostAsync($"/api/v1/users/{id}/credentials/change_password");
        var question = await PostAsync(app, id, "change_recovery_question", UserRequests.Password, null, "x");
        var answer = await PostAsync(app, id, "forgot_password_recovery_question", NewPassword, null, null);

        Assert.Equal(("E0000001", "oldPassword: The field cannot be left blank"), (password.ErrorCode, password.Cause));
        Assert.Equal("E0000001", question.ErrorCode);
        Assert.Equal("E0000001", answer.ErrorCode);
    }

    [Fact]
    public async Task A_forgotten_password_gets_a_link_and_the_status_stays()
    {
        await using var app = new CountersignApp();
        var id = await AddAsync(app);

        var sent = await app.PostAsync($"/api/v1/users/{id}/credentials/forgot_password");
        var link = await app.PostAsync($"/api/v1/users/{id}/credentials/forgot_password?sendEmail=false");

        Assert.Equal("{}", sent.Text);
        Assert.Matches("^http://localhost/signin/reset-password/[A-Za-z0-9]{32}$", (string?)link.Json["resetPasswordUrl"]);
        Assert.Equal("ACTIVE", await app.StatusOfAsync(id));
    }

    [Theory]
    [InlineData("change_password", "E0000035")]
    [InlineData("change_recovery_question", "E0000036")]
    [InlineData("forgot_password", "E0000034")]
    [InlineData("forgot_password_recovery_question", "E0000034")]
    public async Task A_suspended_user_changes_no_credentials(string operation, string code)
    {
        await using var app = new CountersignApp();
        var id = await AddAsync(app);
        await app.PostAsync($"/api/v1/users/{id}/lifecycle/suspend");

        var answer = operation == "change_password"
            ? await ChangePasswordAsync(app, id, UserRequests.Password, NewPassword)
            : await PostAsync(app, id, operation, UserRequests.Password, "Where?", "Alges");

        Assert.Equal((HttpStatusCode.Forbidden, code), (answer.Status, answer.ErrorCode));
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task Wrong_passwords_at_once_lock_after_as_many_as_are_allowed_and_not_one_more(Engine engine)
    {
        await using var app = new CountersignApp(engine, [new("Countersign:Attempts:PasswordLockoutThreshold", "4"), new("Countersign:Hashing:MemoryKibibytes", "8192")]);
        var id = await AddAsync(app);

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => ChangePasswordAsync(app, id, $"Wrong{i}Password", NewPassword)));
        var right = await ChangePasswordAsync(app, id, UserRequests.Password, NewPassword);
        var answered = await PostAsync(app, id, "forgot_password_recovery_question", NewPassword, null, "Alges");

        Assert.Equal(4, answers.Count(answer => answer.ErrorCode == "E0000014"));
        Assert.Equal(16, answers.Count(answer => answer.ErrorCode == "E0000069"));
        Assert.Equal(("E0000069", "E0000119"), (right.ErrorCode, answered.ErrorCode));
        Assert.Equal("LOCKED_OUT", await app.StatusOfAsync(id));
    }

    [Fact]
    public async Task Wrong_passwords_and_wrong_codes_are_counted_apart()
    {
        await using var app = new CountersignApp();
        var id = await AddAsync(app);
        var (factor, secret) = await app.AddTotpAsync(id);

        for (var i = 0; i < 4; i++) await app.PostAsync($"/api/v1/users/{id}/factors/{factor}/verify", new JsonObject { ["passCode"] = "000000" });
        for (var i = 0; i < 9; i++) await ChangePasswordAsync(app, id, "Wrong1Password", NewPassword);
        app.Clock.Advance(TimeSpan.FromSeconds(30));
        var verified = await app.PostAsync($"/api/v1/users/{id}/factors/{factor}/verify", new JsonObject { ["passCode"] = app.Totp(secret) });
        var tenth = await ChangePasswordAsync(app, id, "Wrong1Password", NewPassword);

        Assert.Equal("SUCCESS", verified.FactorResult);
        Assert.Equal("E0000014", tenth.ErrorCode);
        Assert.Equal("LOCKED_OUT", await app.StatusOfAsync(id));
    }

    [Fact]
    public async Task Of_changes_of_one_password_at_once_one_is_made()
    {
        await using var app = new CountersignApp(Engine.Sqlite, new KeyValuePair<string, string>("Countersign:Hashing:MemoryKibibytes", "8192"));
        var id = await AddAsync(app);

        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => ChangePasswordAsync(app, id, UserRequests.Password, $"Ferry{i}Barreiro")));

        Assert.Single(answers, answer => answer.Status == HttpStatusCode.OK);
        Assert.All(answers.Where(answer => answer.Status != HttpStatusCode.OK), answer => Assert.Equal("E0000014", answer.ErrorCode));
    }

    [Fact]
    public async Task An_administrator_sets_the_password_of_who_must_recover_it()
    {
        await using var app = new CountersignApp();
        var id = await AddAsync(app);
        await app.PostAsync($"/api/v1/users/{id}/lifecycle/reset_password");

        await app.PostAsync($"/api/v1/users/{id}", new JsonObject { ["credentials"] = new JsonObject { ["password"] = new JsonObject { ["value"] = NewPassword } } });

        Assert.Equal("ACTIVE", await app.StatusOfAsync(id));
        Assert.Equal(HttpStatusCode.OK, (await ChangePasswordAsync(app, id, NewPassword, UserRequests.Password)).Status);
    }

    private static async Task<string> AddAsync(CountersignApp app)
    {
        var body = UserRequests.Body("ines@example.com", password: UserRequests.Password);
        body["credentials"]!["recovery_question"] = new JsonObject { ["question"] = "Where did the tram end?", ["answer"] = "Alges" };
        return (await app.PostAsync("/api/v1/users", body)).Id;
    }

    private static Task<Answer> ChangePasswordAsync(CountersignApp app, string id, string from, string to)
        => app.PostAsync($"/api/v1/users/{id}/credentials/change_password", new JsonObject
        {
            ["oldPassword"] = new JsonObject { ["value"] = from },
            ["newPassword"] = new JsonObject { ["value"] = to },
        });

    private static Task<Answer> PostAsync(CountersignApp app, string id, string operation, string password, string? question, string? answer)
        => app.PostAsync($"/api/v1/users/{id}/credentials/{operation}", new JsonObject
        {
            ["password"] = new JsonObject { ["value"] = password },
            ["recovery_question"] = new JsonObject { ["question"] = question, ["answer"] = answer },
        });
}
