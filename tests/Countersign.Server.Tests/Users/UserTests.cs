using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Countersign.Testing;

namespace Countersign.Server.Tests.Users;

public sealed class UserTests
{
    private const string Users = "/api/v1/users";

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task A_user_is_made_and_found_by_id_login_and_its_beginning(Engine engine)
    {
        await using var app = new CountersignApp(engine);

        var created = await app.PostAsync(Users, UserRequests.Body("Ines+1@example.com"));

        Assert.Equal(HttpStatusCode.OK, created.Status);
        Assert.Equal("PROVISIONED", (string?)created.Json["status"]);
        foreach (var name in new[] { created.Id, "ines%2B1%40example.com", "INES+1@EXAMPLE.COM", "ines+1" })
            Assert.Equal(created.Text, (await app.GetAsync($"{Users}/{name}")).Text);
        await app.AddUserAsync("ines+1@example.org");
        Assert.Equal(HttpStatusCode.NotFound, (await app.GetAsync($"{Users}/ines+1")).Status);
        Assert.Equal("administrator@countersign.invalid", (string?)(await app.GetAsync($"{Users}/me")).Json["profile"]!["login"]);
    }

    [Fact]
    public async Task A_user_is_shown_as_the_contract_shows_it()
    {
        await using var app = new CountersignApp();
        var body = UserRequests.Body("ines.kovar@example.com", password: UserRequests.Password);
        body["credentials"]!["recovery_question"] = new JsonObject { ["question"] = "Where did the tram end?", ["answer"] = "Alges" };

        var user = await app.PostAsync(Users, body);

        var id = user.Id;
        var self = $"http://localhost/api/v1/users/{id}";
        Assert.Equal(
            $$$$$"""
            {"id":"{{{{{id}}}}}","status":"ACTIVE","created":"2026-03-05T09:41:07.000Z","activated":"2026-03-05T09:41:07.000Z","statusChanged":"2026-03-05T09:41:07.000Z","lastLogin":null,"lastUpdated":"2026-03-05T09:41:07.000Z","passwordChanged":"2026-03-05T09:41:07.000Z","type":{"id":"otydefault0000000001"},"profile":{"firstName":"Ines","lastName":"Kovar","mobilePhone":null,"secondEmail":null,"login":"ines.kovar@example.com","email":"ines.kovar@example.com"},"credentials":{"password":{},"emails":[{"value":"ines.kovar@example.com","status":"VERIFIED","type":"PRIMARY"}],"recovery_question":{"question":"Where did the tram end?"},"provider":{"type":"OKTA","name":"OKTA"}},"_links":{"self":{"href":"{{{{{self}}}}}"},"schema":{"href":"http://localhost/api/v1/meta/schemas/user/oscdefault0000000001"},"type":{"href":"http://localhost/api/v1/meta/types/user/otydefault0000000001"},"suspend":{"href":"{{{{{self}}}}}/lifecycle/suspend","method":"POST"},"deactivate":{"href":"{{{{{self}}}}}/lifecycle/deactivate","method":"POST"},"resetPassword":{"href":"{{{{{self}}}}}/lifecycle/reset_password","method":"POST"},"expirePassword":{"href":"{{{{{self}}}}}/lifecycle/expire_password","method":"POST"},"forgotPassword":{"href":"{{{{{self}}}}}/credentials/forgot_password","method":"POST"},"changePassword":{"href":"{{{{{self}}}}}/credentials/change_password","method":"POST"},"changeRecoveryQuestion":{"href":"{{{{{self}}}}}/credentials/change_recovery_question","method":"POST"}}}
            """, user.Text);
    }

    [Theory]
    [InlineData("?activate=false", null, "STAGED", "activate")]
    [InlineData("", null, "PROVISIONED", "deactivate,reactivate,resetPassword,suspend")]
    [InlineData("?activate=false", UserRequests.Password, "STAGED", "activate")]
    [InlineData("?activate=true", UserRequests.Password, "ACTIVE", "suspend,deactivate,resetPassword,expirePassword,forgotPassword,changePassword,changeRecoveryQuestion")]
    [InlineData("?activate=true&nextLogin=changePassword", UserRequests.Password, "PASSWORD_EXPIRED",
        "suspend,deactivate,resetPassword,expirePassword,forgotPassword,changePassword,changeRecoveryQuestion")]
    public async Task Password_and_activation_decide_the_status_and_the_status_the_links(string query, string? password, string status, string links)
    {
        await using var app = new CountersignApp();

        var user = await app.PostAsync(Users + query, UserRequests.Body("ana@example.com", password: password));

        Assert.Equal(status, (string?)user.Json["status"]);
        Assert.Equal("self,schema,type," + links, string.Join(',', user.Json["_links"]!.AsObject().Select(link => link.Key)));
        Assert.Equal(status == "STAGED", user.Json["activated"] is null);
        Assert.Equal(password is null, user.Json["credentials"]!["password"] is null);
    }

    [Theory]
    [InlineData("""{}""", "E0000001", "login: The field cannot be left blank")]
    [InlineData("""{"profile":{"login":"bob@example.com","email":"bob@example.com","firstName":"Bob"}}""", "E0000001", "lastName: The field cannot be left blank")]
    [InlineData("""{"profile":{"login":"bob@example.com","email":"bob@example.com","firstName":"","lastName":"B"}}""", "E0000001", "firstName: The field cannot be left blank")]
    [InlineData("""{"profile":{"login":"bob@example.com","email":"not-an-address","firstName":"Bob","lastName":"B"}}""", "E0000001", "email: Does not match required pattern")]
    [InlineData("""{"profile":{"login":"bob","email":"bob@example.com","firstName":"Bob","lastName":"B"}}""", "E0000001", "login: The field is too short")]
    [InlineData("""{"profile":{"login":"00u00000000000000000","email":"bob@example.com","firstName":"Bob","lastName":"B"}}""", "E0000001", "login: Does not match required pattern")]
    [InlineData("""{"profile":{"login":"bob@example.com","email":"bob@example.com","firstName":"Bo\u0000b","lastName":"B"}}""", "E0000001", "firstName: Does not match required pattern")]
    [InlineData("""{"profile":{"login":"bob@example.com","email":"bob@example.com","firstName":"Bob","lastName":"B","countryCode":"PRT"}}""", "E0000001", "countryCode: The field is too long")]
    [InlineData("""{"profile":{"login":"bob@example.com","email":"bob@example.com","firstName":"Bob","lastName":"B","shoeSize":"43"}}""", "E0000001", "Property name 'shoeSize' is not defined in profile")]
    [InlineData("""{"profile":{"login":"TAKEN@example.com","email":"bob@example.com","firstName":"Bob","lastName":"B"}}""", "E0000001", "login: An object with this field already exists in the current organization")]
    [InlineData("""{"profile":{"login":"bob@example.com","email":"bob@example.com","firstName":"Bob","lastName":"B"},"type":{"id":"oty1"}}""", "E0000001", "The field has an invalid value")]
    [InlineData("""{"profile":{"login":"bob@example.com","email":"bob@example.com","firstName":"Bob","lastName":43}}""", "E0000003", null)]
    [InlineData("""{"profile":[]}""", "E0000003", null)]
    [InlineData("""{"profile":""", "E0000003", null)]
    [InlineData("""{"profile":{"login":"bob@example.com","email":"bob@example.com","firstName":"\ud800","lastName":"B"}}""", "E0000003", null)]
    public async Task A_body_that_is_wrong_is_refused_and_makes_nobody(string body, string code, string? cause)
    {
        await using var app = new CountersignApp();
        await app.AddUserAsync("taken@example.com");

        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        var answer = await Answer.ReadAsync(await app.Client.PostAsync(new Uri(Users, UriKind.Relative), content));

        Assert.Equal((HttpStatusCode.BadRequest, code, cause), (answer.Status, answer.ErrorCode, answer.Cause));
        Assert.Equal(2, (await app.GetAsync(Users)).Json.AsArray().Count);
    }

    [Theory]
    [InlineData("short1A")]
    [InlineData("nouppercase1")]
    [InlineData("NOLOWERCASE1")]
    [InlineData("NoDigitsHere")]
    [InlineData("xKovarIsMe12")]
    public async Task A_weak_password_is_refused(string password)
    {
        await using var app = new CountersignApp();

        var answer = await app.PostAsync(Users, UserRequests.Body("ines.kovar@example.com", password: password));

        Assert.Equal((HttpStatusCode.BadRequest, "E0000001", "Api validation failed: password"), (answer.Status, answer.ErrorCode, (string?)answer.Json["errorSummary"]));
        Assert.StartsWith("password: Password requirements were not met.", answer.Cause, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("?activate=maybe", "E0000037")]
    [InlineData("?nextLogin=changePassword", "E0000124")]
    [InlineData("?nextLogin=soon", "E0000037")]
    public async Task A_query_that_is_wrong_is_refused(string query, string code)
    {
        await using var app = new CountersignApp();

        Assert.Equal(code, (await app.PostAsync(Users + query, UserRequests.Body("ana@example.com"))).ErrorCode);
    }

    [Fact]
    public async Task A_password_expires_at_once_only_for_who_is_activated()
    {
        await using var app = new CountersignApp();

        Assert.Equal("E0000125", (await app.PostAsync($"{Users}?nextLogin=changePassword&activate=false", UserRequests.Body("ana@example.com", password: UserRequests.Password))).ErrorCode);
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task Post_merges_and_put_replaces(Engine engine)
    {
        await using var app = new CountersignApp(engine);
        var id = await app.AddUserAsync("ana@example.com");
        await app.PostAsync($"{Users}/{id}", new JsonObject { ["profile"] = new JsonObject { ["title"] = "Dr", ["city"] = "Porto" } });

        app.Clock.Advance(TimeSpan.FromMinutes(1));
        var merged = await app.PostAsync($"{Users}/{id}", new JsonObject { ["profile"] = new JsonObject { ["city"] = null, ["mobilePhone"] = "+351210000000" } });
        var replaced = await app.PutAsync($"{Users}/{id}", UserRequests.Body("ana.new@example.com", "Ana", "Reis"));

        Assert.Equal(("Dr", null, "+351210000000"), ((string?)merged.Json["profile"]!["title"], (string?)merged.Json["profile"]!["city"], (string?)merged.Json["profile"]!["mobilePhone"]));
        Assert.Equal("2026-03-05T09:42:07.000Z", (string?)merged.Json["lastUpdated"]);
        Assert.Equal("firstName,lastName,mobilePhone,secondEmail,login,email", string.Join(',', replaced.Json["profile"]!.AsObject().Select(property => property.Key)));
        Assert.Null(replaced.Json["profile"]!["mobilePhone"]);
        Assert.Equal(HttpStatusCode.NotFound, (await app.GetAsync($"{Users}/ana@example.com")).Status);
        Assert.Equal(id, (await app.GetAsync($"{Users}/ana.new@example.com")).Id);
        Assert.Equal("[]", (await app.GetAsync($"{Users}?search=profile.city%20eq%20%22porto%22")).Text);
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task A_login_stays_unique(Engine engine)
    {
        await using var app = new CountersignApp(engine);
        await app.AddUserAsync("ana@example.com");
        var bruno = await app.AddUserAsync("bruno@example.com");

        var made = await app.PostAsync(Users, UserRequests.Body("ANA@example.com"));
        var changed = await app.PostAsync($"{Users}/{bruno}", new JsonObject { ["profile"] = new JsonObject { ["login"] = "Ana@Example.com" } });
        var racing = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => app.PostAsync(Users, UserRequests.Body("carla@example.com"))));

        Assert.Equal(("E0000001", "Api validation failed: login"), (made.ErrorCode, (string?)made.Json["errorSummary"]));
        Assert.Equal("E0000001", changed.ErrorCode);
        Assert.Single(racing, answer => answer.Status == HttpStatusCode.OK);
        Assert.All(racing.Where(answer => answer.Status != HttpStatusCode.OK), answer => Assert.Equal("E0000001", answer.ErrorCode));
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task Of_users_who_take_the_same_login_at_once_one_gets_it(Engine engine)
    {
        await using var app = new CountersignApp(engine);
        var ids = await Task.WhenAll(Enumerable.Range(0, 6).Select(number => app.AddUserAsync($"user{number}@example.com", password: null)));

        var answers = await Task.WhenAll(ids.Select(id => app.PostAsync($"{Users}/{id}", new JsonObject { ["profile"] = new JsonObject { ["login"] = "one@example.com" } })));

        Assert.Single(answers, answer => answer.Status == HttpStatusCode.OK);
        Assert.All(answers.Where(answer => answer.Status != HttpStatusCode.OK), answer => Assert.Equal("E0000001", answer.ErrorCode));
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task Of_updates_at_once_none_is_lost(Engine engine)
    {
        await using var app = new CountersignApp(engine);
        var id = await app.AddUserAsync("ana@example.com");
        var names = new[] { "title", "city", "state", "division", "department", "nickName", "locale", "organization" };

        await Task.WhenAll(names.Select(name => app.PostAsync($"{Users}/{id}", new JsonObject { ["profile"] = new JsonObject { [name] = $"the {name}" } })));

        var profile = (await app.GetAsync($"{Users}/{id}")).Json["profile"]!;
        Assert.All(names, name => Assert.Equal($"the {name}", (string?)profile[name]));
    }

    [Fact]
    public async Task A_user_sent_back_as_it_was_shown_changes_nothing()
    {
        await using var app = new CountersignApp();
        var body = UserRequests.Body("ana@example.com", password: UserRequests.Password);
        body["credentials"]!["recovery_question"] = new JsonObject { ["question"] = "Where?", ["answer"] = "There" };
        var before = await app.PostAsync(Users, body);
        app.Clock.Advance(TimeSpan.FromMinutes(1));

        var after = await app.PutAsync($"{Users}/{before.Id}", before.Json.DeepClone());

        Assert.Equal(before.Text, after.Text);
    }

    [Fact]
    public async Task A_removed_user_is_gone_after_the_second_delete()
    {
        await using var app = new CountersignApp();
        var id = await app.AddUserAsync("ana@example.com");

        var first = await app.DeleteAsync($"{Users}/{id}?sendEmail=false");
        var between = await app.GetAsync($"{Users}/{id}");
        var second = await app.DeleteAsync($"{Users}/{id}");
        var third = await app.DeleteAsync($"{Users}/{id}");

        Assert.Equal((HttpStatusCode.NoContent, HttpStatusCode.NoContent, HttpStatusCode.NotFound), (first.Status, second.Status, third.Status));
        Assert.Equal("DEPROVISIONED", (string?)between.Json["status"]);
        Assert.Equal("self,schema,type,activate,delete", string.Join(',', between.Json["_links"]!.AsObject().Select(link => link.Key)));
        Assert.Equal("[]", (await app.GetAsync($"{Users}?filter=profile.login%20eq%20%22ana@example.com%22")).Text);
        Assert.NotEqual(id, await app.AddUserAsync("ana@example.com"));
    }

    [Fact]
    public async Task Every_operation_on_an_unknown_user_is_not_found()
    {
        await using var app = new CountersignApp();
        const string Unknown = "00uUnknown0000000001";
        string[] posts =
        [
            "", "/lifecycle/activate", "/lifecycle/reactivate", "/lifecycle/deactivate", "/lifecycle/suspend", "/lifecycle/unsuspend", "/lifecycle/unlock",
            "/lifecycle/expire_password", "/lifecycle/expire_password?tempPassword=true", "/lifecycle/expire_password_with_temp_password", "/lifecycle/reset_password",
            "/lifecycle/reset_factors", "/credentials/change_password", "/credentials/change_recovery_question", "/credentials/forgot_password",
            "/credentials/forgot_password_recovery_question",
        ];

        foreach (var user in new[] { Unknown, "nobody@example.com", "nobody", new string('x', 300) })
        {
            var answers = new List<Answer>();
            foreach (var post in posts) answers.Add(await app.PostAsync($"{Users}/{user}{post}"));
            foreach (var get in new[] { "", "/groups", "/appLinks", "/roles", "/blocks", "/clients", "/devices" }) answers.Add(await app.GetAsync($"{Users}/{user}{get}"));
            answers.Add(await app.PutAsync($"{Users}/{user}"));
            answers.Add(await app.DeleteAsync($"{Users}/{user}"));
            answers.Add(await app.DeleteAsync($"{Users}/{user}/sessions"));

            Assert.All(answers, answer => Assert.Equal(
                (HttpStatusCode.NotFound, "E0000007", $"Not found: Resource not found: {user} (User)"), (answer.Status, answer.ErrorCode, (string?)answer.Json["errorSummary"])));
        }
    }

    [Fact]
    public async Task What_users_have_elsewhere_is_empty()
    {
        await using var app = new CountersignApp();

        foreach (var list in new[] { "groups", "appLinks", "roles", "blocks", "clients", "devices" }) Assert.Equal("[]", (await app.GetAsync($"{Users}/me/{list}")).Text);
        Assert.Equal("[]", (await app.GetAsync($"{Users}/me?expand=blocks")).Json["_embedded"]!["blocks"]!.ToJsonString());
        Assert.Equal(HttpStatusCode.NoContent, (await app.DeleteAsync($"{Users}/me/sessions?oauthTokens=true")).Status);
    }
}
