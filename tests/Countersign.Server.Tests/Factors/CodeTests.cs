using System.Net;
using System.Text.Json.Nodes;
using Countersign.Testing;

namespace Countersign.Server.Tests.Factors;

/// <summary>Codes by SMS, call and mail (contract 9.3 to 9.5), with the outbox alone.</summary>
public sealed class CodeTests
{
    private const string Number = "+14155550142", Address = "ines@example.com";

    public static TheoryData<Engine, string> Kinds => new()
    {
        { Engine.Sqlite, "sms" }, { Engine.Sqlite, "call" }, { Engine.Sqlite, "email" }, { Engine.Postgres, "sms" }, { Engine.Postgres, "call" }, { Engine.Postgres, "email" },
    };

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_factor_is_enrolled_activated_challenged_and_verified(Engine engine, string type)
    {
        await using var app = new CountersignApp(engine);
        var user = await app.AddUserAsync(Address);
        var enrolled = await app.EnrollAsync(user, type);
        Assert.Equal("PENDING_ACTIVATION", (string?)enrolled.Json["status"]);
        Assert.Equal(["resend", "activate", "self", "user"], enrolled.Json["_links"]!.AsObject().Select(link => link.Key));
        Assert.Equal(type, (string?)enrolled.Json["_links"]!["resend"]![0]!["name"]);
        var factor = $"/api/v1/users/{user}/factors/{enrolled.Id}";

        Assert.Equal("E0000107", (await app.PostAsync($"{factor}/verify")).ErrorCode);
        var activated = await app.PostAsync($"{factor}/lifecycle/activate", PassCode(await app.CodeOfAsync(Recipient(type))));
        Assert.Equal("ACTIVE", (string?)activated.Json["status"]);
        Assert.Null(activated.Json["_embedded"]);

        app.Clock.Advance(TimeSpan.FromSeconds(30));
        var challenged = await app.PostAsync($"{factor}/verify");
        Assert.Equal("CHALLENGE", challenged.FactorResult);
        Assert.Equal(type == "email" ? null : Number, (string?)challenged.Json["profile"]?["phoneNumber"]);
        Assert.Equal(["verify", "factor"], challenged.Json["_links"]!.AsObject().Select(link => link.Key));
        var code = await app.CodeOfAsync(Recipient(type));
        Assert.Matches("^[0-9]{6}$", code);

        Assert.Equal("E0000068", (await app.PostAsync($"{factor}/verify", PassCode(Other(code)))).ErrorCode);
        Assert.Equal("SUCCESS", (await app.PostAsync($"{factor}/verify", PassCode(code))).FactorResult);
        Assert.Equal("E0000068", (await app.PostAsync($"{factor}/verify", PassCode(code))).ErrorCode);
    }

    [Theory, InlineData("sms", "E0000109", 30), InlineData("call", "E0000133", 30), InlineData("email", "E0000118", 5)]
    public async Task Sends_to_one_recipient_keep_their_distance_and_a_refused_one_does_not_lengthen_it(string type, string error, int seconds)
    {
        await using var app = new CountersignApp();
        var user = await app.AddUserAsync(Address);
        var factor = $"/api/v1/users/{user}/factors/{(await app.EnrollAsync(user, type)).Id}";
        app.Clock.Advance(TimeSpan.FromSeconds(seconds - 1));

        var refused = await app.PostAsync($"{factor}/resend", new JsonObject());
        Assert.Equal((HttpStatusCode.TooManyRequests, error), (refused.Status, refused.ErrorCode));
        Assert.Equal(app.Clock.GetUtcNow().AddSeconds(1).ToUnixTimeSeconds().ToString(), refused.Headers["X-Rate-Limit-Reset"]);
        app.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(HttpStatusCode.OK, (await app.PostAsync($"{factor}/resend", new JsonObject())).Status);

        Assert.Equal(2, (await app.OutboxAsync(Recipient(type))).Count);
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task The_distance_holds_for_a_number_over_users_and_not_over_kinds(Engine engine)
    {
        await using var app = new CountersignApp(engine);
        var one = await app.AddUserAsync("one@example.com");
        var other = await app.AddUserAsync("other@example.com");

        Assert.Equal(HttpStatusCode.OK, (await app.EnrollAsync(one, "sms")).Status);
        Assert.Equal("E0000109", (await app.EnrollAsync(other, "sms")).ErrorCode);
        Assert.Equal(HttpStatusCode.OK, (await app.EnrollAsync(one, "call")).Status);

        Assert.Equal("[]", (await app.GetAsync($"/api/v1/users/{other}/factors")).Text);
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task Of_challenges_at_once_one_is_sent(Engine engine)
    {
        await using var app = new CountersignApp(engine);
        var user = await app.AddUserAsync(Address);
        var factor = await app.ActiveAsync(user, "sms");

        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => app.PostAsync($"{factor}/verify")));

        Assert.Single(answers, answer => answer.FactorResult == "CHALLENGE");
        Assert.Equal(39, answers.Count(answer => answer.ErrorCode == "E0000109"));
        Assert.Single(await app.OutboxAsync(Number));
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task Of_one_code_sent_forty_times_at_once_one_counts(Engine engine)
    {
        await using var app = new CountersignApp(engine, new KeyValuePair<string, string>("Countersign:Attempts:LockoutThreshold", "1000"), new("Countersign:Attempts:WrongPerWindow", "1000"));
        var user = await app.AddUserAsync(Address);
        var factor = await app.ActiveAsync(user, "sms");
        await app.PostAsync($"{factor}/verify");
        var code = await app.CodeOfAsync(Number);

        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => app.PostAsync($"{factor}/verify", PassCode(code))));

        Assert.Single(answers, answer => answer.FactorResult == "SUCCESS");
        Assert.Equal(39, answers.Count(answer => answer.ErrorCode == "E0000068"));
    }

    [Fact]
    public async Task A_newer_code_ends_the_older()
    {
        await using var app = new CountersignApp();
        var user = await app.AddUserAsync(Address);
        var factor = await app.ActiveAsync(user, "sms");
        await app.PostAsync($"{factor}/verify");
        var older = await app.CodeOfAsync(Number);
        app.Clock.Advance(TimeSpan.FromSeconds(30));
        await app.PostAsync($"{factor}/verify");

        Assert.Equal("E0000068", (await app.PostAsync($"{factor}/verify", PassCode(older))).ErrorCode);
        Assert.Equal("SUCCESS", (await app.PostAsync($"{factor}/verify", PassCode(await app.CodeOfAsync(Number)))).FactorResult);
    }

    [Fact]
    public async Task A_code_belongs_to_one_purpose_and_one_factor()
    {
        await using var app = new CountersignApp();
        var user = await app.AddUserAsync(Address);
        var sms = await app.ActiveAsync(user, "sms");
        var call = await app.ActiveAsync(user, "call");
        await app.PostAsync($"{sms}/verify");
        var code = await app.CodeOfAsync(Number);

        Assert.Equal("E0000068", (await app.PostAsync($"{call}/verify", PassCode(code))).ErrorCode);

        Assert.Equal("SUCCESS", (await app.PostAsync($"{sms}/verify", PassCode(code))).FactorResult);
    }

    [Theory, InlineData("", 300), InlineData("?tokenLifetimeSeconds=600", 600), InlineData("?tokenLifetimeSeconds=1", 1), InlineData("?tokenLifetimeSeconds=86400", 86400)]
    public async Task A_mails_code_holds_as_long_as_was_asked_for(string query, int seconds)
    {
        await using var app = new CountersignApp();
        var user = await app.AddUserAsync(Address);
        var factor = await app.ActiveAsync(user, "email");
        await app.PostAsync($"{factor}/verify{query}");
        var code = await app.CodeOfAsync(Address);
        app.Clock.Advance(TimeSpan.FromSeconds(seconds) - TimeSpan.FromMilliseconds(1));
        Assert.Equal("SUCCESS", (await app.PostAsync($"{factor}/verify", PassCode(code))).FactorResult);

        app.Clock.Advance(TimeSpan.FromSeconds(5));
        await app.PostAsync($"{factor}/verify{query}");
        code = await app.CodeOfAsync(Address);
        app.Clock.Advance(TimeSpan.FromSeconds(seconds));
        Assert.Equal("E0000068", (await app.PostAsync($"{factor}/verify", PassCode(code))).ErrorCode);
    }

    [Theory, InlineData("0"), InlineData("-1"), InlineData("86401"), InlineData("2147483647")]
    public async Task A_life_out_of_bounds_is_refused_and_nothing_is_sent(string seconds)
    {
        await using var app = new CountersignApp();
        var user = await app.AddUserAsync(Address);
        var factor = await app.ActiveAsync(user, "email");

        var refused = await app.PostAsync($"{factor}/verify?tokenLifetimeSeconds={seconds}");

        Assert.Equal((HttpStatusCode.BadRequest, "E0000001"), (refused.Status, refused.ErrorCode));
        Assert.Equal("E0000037", (await app.PostAsync($"{factor}/verify?tokenLifetimeSeconds=soon")).ErrorCode);
        Assert.Empty(await app.OutboxAsync(Address));
    }

    [Theory]
    [InlineData("162 840 01133\u202c", "+16284001133")]
    [InlineData("12345678901", "+12345678901")]
    [InlineData("+1 (415) 555-0142", "+14155550142")]
    [InlineData("(415) 555 0142", "+14155550142")]
    [InlineData("+44 7700 900123", "+447700900123")]
    [InlineData("447700900123", "+447700900123")]
    [InlineData("+49 (0)30 901820", "+4930901820")]
    [InlineData("\u200e+33 6 12 34 56 78", "+33612345678")]
    public async Task Numbers_are_read_as_people_write_them(string written, string stored)
    {
        await using var app = new CountersignApp();
        var user = await app.AddUserAsync(Address);

        var enrolled = await app.EnrollAsync(user, "sms", written);

        Assert.Equal(stored, (string?)enrolled.Json["profile"]!["phoneNumber"]);
    }

    [Theory]
    [InlineData("+1800 555 0142")]      // toll-free
    [InlineData("+1 900 555 0142")]     // premium
    [InlineData("+44 909 8790123")]     // premium
    [InlineData("+49 900 1234567")]     // premium
    [InlineData("+882 16 12345678")]    // an international network
    [InlineData("12")]
    [InlineData("555-0142")]            // no area code
    [InlineData("+999 1234567")]
    [InlineData("+1415555014212345")]
    [InlineData("CALL ME")]
    [InlineData("+1 415 555 0142 ext. 7")]
    public async Task Numbers_that_cost_or_reach_nobody_are_refused(string written)
    {
        await using var app = new CountersignApp();
        var user = await app.AddUserAsync(Address);

        var refused = await app.EnrollAsync(user, "sms", written);

        Assert.Equal(("E0000001", "Invalid Phone Number."), (refused.ErrorCode, refused.Cause));
        Assert.Equal("[]", (await app.GetAsync($"/api/v1/users/{user}/factors")).Text);
    }

    [Fact]
    public async Task A_number_that_is_no_text_is_refused()
    {
        await using var app = new CountersignApp();
        var user = await app.AddUserAsync(Address);

        foreach (var number in (JsonNode[])[14155550142, true, new JsonArray(), new JsonObject()])
        {
            var refused = await app.PostAsync($"/api/v1/users/{user}/factors", new JsonObject { ["factorType"] = "sms", ["profile"] = new JsonObject { ["phoneNumber"] = number.DeepClone() } });
            Assert.Equal(("E0000001", "Invalid Phone Number."), (refused.ErrorCode, refused.Cause));
        }
    }

    [Fact]
    public async Task With_activate_a_factor_is_active_at_once_and_nothing_is_sent()
    {
        await using var app = new CountersignApp();
        var user = await app.AddUserAsync(Address);

        foreach (var type in (string[])["sms", "call", "email"])
        {
            Assert.Equal("ACTIVE", (string?)(await app.EnrollAsync(user, type, query: "?activate=true")).Json["status"]);
            Assert.Empty(await app.OutboxAsync(Recipient(type)));
        }
    }

    [Fact]
    public async Task A_known_number_is_used_kept_and_replaced_when_asked()
    {
        await using var app = new CountersignApp();
        var user = await app.AddUserAsync(Address);
        Assert.Equal("E0000097", (await app.EnrollAsync(user, "sms", number: null)).ErrorCode);
        var sms = await app.ActiveAsync(user, "sms");

        Assert.Equal("A factor of this type is already set up.", (await app.EnrollAsync(user, "sms", "+14155550143", "?updatePhone=true")).Cause);
        Assert.Equal("A factor of this type is already set up.", (await app.EnrollAsync(user, "call", "+14155550143")).Cause);
        Assert.Equal("A factor of this type is already set up.", (await app.EnrollAsync(user, "call", "+14155550143", "?updatePhone=true")).Cause);
        var catalog = (await app.GetAsync($"/api/v1/users/{user}/factors/catalog")).Json.AsArray().Single(entry => (string?)entry!["factorType"] == "call");
        Assert.Equal(Number, (string?)catalog!["_embedded"]!["phones"]![0]!["profile"]!["phoneNumber"]);
        Assert.Equal(Number, (string?)(await app.EnrollAsync(user, "call", number: null)).Json["profile"]!["phoneNumber"]);

        await app.DeleteAsync(sms);
        Assert.Equal("There is an existing verified phone number.", (await app.EnrollAsync(user, "sms", "+14155550143")).Cause);
        var replaced = await app.EnrollAsync(user, "sms", "+14155550143", "?updatePhone=true&activate=true");
        Assert.Equal("ACTIVE", (string?)replaced.Json["status"]);

        await app.DeleteAsync($"/api/v1/users/{user}/factors/{replaced.Id}?removeRecoveryEnrollment=true");
        Assert.Equal(HttpStatusCode.OK, (await app.EnrollAsync(user, "sms", "+14155550144")).Status);
    }

    [Fact]
    public async Task Only_a_verified_address_of_the_users_is_enrolled()
    {
        await using var app = new CountersignApp();
        var user = await app.AddUserAsync(Address);
        var body = new JsonObject { ["factorType"] = "email", ["provider"] = "OKTA", ["profile"] = new JsonObject { ["email"] = "mallory@example.com" } };

        var refused = await app.PostAsync($"/api/v1/users/{user}/factors", body);
        Assert.Equal("Api validation failed: Only verified primary or secondary email can be enrolled.", (string?)refused.Json["errorSummary"]);
        Assert.Empty(refused.Json["errorCauses"]!.AsArray());

        body["profile"]!["email"] = "INES@example.com";
        Assert.Equal(Address, (string?)(await app.PostAsync($"/api/v1/users/{user}/factors", body)).Json["profile"]!["email"]);
        body.Remove("profile");
        app.Clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(Address, (string?)(await app.PostAsync($"/api/v1/users/{user}/factors", body)).Json["profile"]!["email"]);
    }

    [Fact]
    public async Task An_extension_is_checked_kept_and_shown()
    {
        await using var app = new CountersignApp();
        var user = await app.AddUserAsync(Address);
        var body = new JsonObject { ["factorType"] = "call", ["profile"] = new JsonObject { ["phoneNumber"] = Number, ["phoneExtension"] = "seven" } };
        Assert.Equal("E0000121", (await app.PostAsync($"/api/v1/users/{user}/factors", body)).ErrorCode);
        body["profile"]!["phoneExtension"] = "1234567890123456";
        Assert.Equal("E0000121", (await app.PostAsync($"/api/v1/users/{user}/factors", body)).ErrorCode);
        body["profile"]!["phoneExtension"] = "1234";
        var enrolled = await app.PostAsync($"/api/v1/users/{user}/factors?activate=true", body);
        Assert.Equal("1234", (string?)enrolled.Json["profile"]!["phoneExtension"]);

        var challenged = await app.PostAsync($"/api/v1/users/{user}/factors/{enrolled.Id}/verify");

        Assert.Equal("1234", (string?)challenged.Json["profile"]!["phoneExtension"]);
    }

    [Fact]
    public async Task Activation_is_tried_five_times_and_until_that_passes_nothing_is_sent_again()
    {
        await using var app = new CountersignApp();
        var user = await app.AddUserAsync(Address);
        var factor = $"/api/v1/users/{user}/factors/{(await app.EnrollAsync(user, "sms")).Id}";
        var code = await app.CodeOfAsync(Number);
        for (var tried = 0; tried < 5; tried++) Assert.Equal("E0000068", (await app.PostAsync($"{factor}/lifecycle/activate", PassCode(Other(code)))).ErrorCode);
        app.Clock.Advance(TimeSpan.FromSeconds(40));

        Assert.Equal("E0000047", (await app.PostAsync($"{factor}/lifecycle/activate", PassCode(code))).ErrorCode);
        Assert.Equal("E0000047", (await app.PostAsync($"{factor}/resend", new JsonObject())).ErrorCode);

        app.Clock.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(HttpStatusCode.OK, (await app.PostAsync($"{factor}/resend", new JsonObject())).Status);
        Assert.Equal("ACTIVE", (string?)(await app.PostAsync($"{factor}/lifecycle/activate", PassCode(await app.CodeOfAsync(Number)))).Json["status"]);
    }

    [Fact]
    public async Task A_locked_user_is_sent_nothing()
    {
        await using var app = new CountersignApp();
        var user = await app.AddUserAsync(Address);
        var factor = await app.ActiveAsync(user, "sms");
        for (var wrong = 0; wrong < 5; wrong++) await app.PostAsync($"{factor}/verify", PassCode("000000"));

        Assert.Equal("E0000069", (await app.PostAsync($"{factor}/verify")).ErrorCode);

        Assert.Empty(await app.OutboxAsync(Number));
    }

    [Fact]
    public async Task What_is_kept_in_the_outbox_is_logged_without_code_and_number()
    {
        await using var app = new CountersignApp();
        var user = await app.AddUserAsync(Address);
        var factor = await app.ActiveAsync(user, "email");
        await app.PostAsync($"{factor}/verify?tokenLifetimeSeconds=600");
        var code = await app.CodeOfAsync(Address);
        await app.PostAsync($"{factor}/verify", PassCode(code));

        var log = await app.GetAsync("/api/v1/logs?limit=1000");

        Assert.DoesNotContain(code, log.Text, StringComparison.Ordinal);
        var sent = log.Json.AsArray().Single(logged => (string?)logged!["eventType"] == "system.email.send_factor_verify_message")!;
        Assert.Equal("SUCCESS", (string?)sent["outcome"]!["result"]);
        Assert.Equal("600", (string?)sent["debugContext"]!["debugData"]!["tokenLifetimeSeconds"]);
        Assert.Single(log.Json.AsArray(), logged => (string?)logged!["eventType"] == "system.email.challenge_factor_redeemed");
    }

    [Fact]
    public async Task The_code_is_nowhere_in_the_store()
    {
        await using var app = new CountersignApp();
        var user = await app.AddUserAsync(Address);
        var factor = await app.ActiveAsync(user, "sms");
        await app.PostAsync($"{factor}/verify");
        var code = await app.CodeOfAsync(Number);

        var found = await app.Store.SqlAsync($"""
            SELECT (SELECT count(*) FROM user_state WHERE instr(CAST(state AS TEXT), '"{code}"') > 0) + (SELECT count(*) FROM outbox WHERE instr(CAST(content AS TEXT), '{code}') > 0)
                 + (SELECT count(*) FROM log WHERE instr(CAST(body AS TEXT), '{code}') > 0)
            """);

        Assert.Equal(0, found);
    }

    [Fact]
    public async Task With_the_kind_switched_off_nothing_is_sent()
    {
        await using var app = new CountersignApp();
        var user = await app.AddUserAsync(Address);
        await app.PostAsync("/api/v1/org/factors/okta_sms/lifecycle/deactivate");

        Assert.Equal("Factor not enabled.", (await app.EnrollAsync(user, "sms")).Cause);
    }

    private static string Recipient(string type) => type == "email" ? Address : Number;

    private static JsonObject PassCode(string code) => new() { ["passCode"] = code };

    private static string Other(string code) => code[..5] + (char)('0' + ((code[5] - '0' + 1) % 10));
}
