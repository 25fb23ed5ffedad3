using System.Net;
using System.Text.Json.Nodes;
using Countersign.Server.Tests.Factors;
using Countersign.Testing;

namespace Countersign.Server.Tests.Templates;

/// <summary>The texts for SMS (contract 13).</summary>
public sealed class SmsTemplateTests
{
    private const string Templates = "/api/v1/templates/sms";

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task A_template_is_made_merged_replaced_and_removed(Engine engine)
    {
        await using var app = new CountersignApp(engine);
        var made = await app.PostAsync(Templates, Body("SMS_VERIFY_CODE", translations: new JsonObject { ["de"] = "Ihr Code: ${code}", ["fr"] = "Votre code : ${code}" }));
        Assert.Equal(HttpStatusCode.OK, made.Status);
        Assert.StartsWith("cst", made.Id, StringComparison.Ordinal);

        var merged = await app.PostAsync($"{Templates}/{made.Id}", new JsonObject { ["name"] = "Renamed", ["translations"] = new JsonObject { ["de"] = null, ["fr"] = "", ["it"] = "Codice: ${code}" } });
        Assert.Equal(("Renamed", "{\"it\":\"Codice: ${code}\"}"), ((string?)merged.Json["name"], merged.Json["translations"]!.ToJsonString()));

        var replaced = await app.PutAsync($"{Templates}/{made.Id}", Body("OTHER"));
        Assert.Null(replaced.Json["translations"]);
        Assert.Equal("OTHER", (string?)(await app.GetAsync($"{Templates}/{made.Id}")).Json["type"]);

        Assert.Equal(HttpStatusCode.NoContent, (await app.DeleteAsync($"{Templates}/{made.Id}")).Status);
        Assert.Equal(HttpStatusCode.NoContent, (await app.DeleteAsync($"{Templates}/{made.Id}")).Status);
        var gone = await app.GetAsync($"{Templates}/{made.Id}");
        Assert.Equal($"Not found: Resource not found: {made.Id} (AppInstance)", (string?)gone.Json["errorSummary"]);
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task Of_two_templates_of_one_type_made_at_once_one_is_kept(Engine engine)
    {
        await using var app = new CountersignApp(engine);

        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => app.PostAsync(Templates, Body("SMS_VERIFY_CODE"))));

        Assert.Single(answers, answer => answer.Status == HttpStatusCode.OK);
        Assert.Equal(9, answers.Count(answer => answer.ErrorCode == "E0000001"));
        Assert.Equal(2, (await app.GetAsync(Templates)).Json.AsArray().Count);
    }

    [Fact]
    public async Task The_default_template_is_in_every_list_of_its_type_and_cannot_be_changed()
    {
        await using var app = new CountersignApp();
        await app.PostAsync(Templates, Body("MINE"));

        Assert.Equal(["Default", "Shop"], Names(await app.GetAsync(Templates)));
        Assert.Equal(["Shop"], Names(await app.GetAsync($"{Templates}?templateType=MINE")));
        Assert.Equal(["Default"], Names(await app.GetAsync($"{Templates}?templateType=SMS_VERIFY_CODE")));
        Assert.Equal("[]", (await app.GetAsync($"{Templates}?templateType=NOBODYS")).Text);
        Assert.Equal("E0000111", (await app.PostAsync($"{Templates}/default", Body("SMS_VERIFY_CODE"))).ErrorCode);
        Assert.Equal("E0000111", (await app.PutAsync($"{Templates}/default", Body("SMS_VERIFY_CODE"))).ErrorCode);
        Assert.Equal(HttpStatusCode.NoContent, (await app.DeleteAsync($"{Templates}/default")).Status);
        Assert.Equal("Your verification code is ${code}.", (string?)(await app.GetAsync($"{Templates}/default")).Json["template"]);
    }

    public static TheoryData<string> Refused => new()
    {
        """{"type":"T","template":"${code}"}""",
        """{"name":"","type":"T","template":"${code}"}""",
        """{"name":"N","template":"${code}"}""",
        """{"name":"N","type":"T"}""",
        """{"name":"N","type":"T","template":"no code"}""",
        """{"name":"N","type":"T","template":"$code {code}"}""",
        """{"name":"N","type":"T","template":"${code}","translations":{"de":"kein Code"}}""",
        """{"name":"N","type":"T","template":"${code}","translations":{"deutsch":"${code}"}}""",
        """{"name":"N","type":"T","template":"${code}","translations":{"DE":"${code}"}}""",
        $$"""{"name":"N","type":"T","template":"{{new string('x', 155)}}${code}"}""",
        $$"""{"name":"{{new string('N', 51)}}","type":"T","template":"${code}"}""",
        $$"""{"name":"N","type":"{{new string('T', 51)}}","template":"${code}"}""",
        """{"name":"N","type":"T","template":"${code}\u0007"}""",
    };

    [Theory, MemberData(nameof(Refused))]
    public async Task What_is_wrong_is_refused_and_nothing_is_kept(string body)
    {
        await using var app = new CountersignApp();

        Assert.Equal("E0000001", (await app.PostAsync(Templates, JsonNode.Parse(body))).ErrorCode);

        Assert.Single((await app.GetAsync(Templates)).Json.AsArray());
    }

    [Fact]
    public async Task The_text_sent_is_the_named_templates_in_the_first_language_that_it_speaks()
    {
        await using var app = new CountersignApp(Engine.Sqlite, new KeyValuePair<string, string>("Countersign:OrgName", "Example Org"), new("Countersign:SendLimits:SmsSpacing", "00:00:00"));
        var template = (await app.PostAsync(Templates, Body("SMS_VERIFY_CODE", new JsonObject { ["de"] = "${org.name}: Ihr Code ist ${code}" }))).Id;
        var factor = await app.ActiveAsync(await app.AddUserAsync("ines@example.com"), "sms");

        Assert.Matches("^Example Org: your code is [0-9]{6}$", await TextAsync(template, null));
        Assert.Matches("^Example Org: Ihr Code ist [0-9]{6}$", await TextAsync(template, "fr, de-CH;q=0.5"));
        Assert.Matches("^Example Org: your code is [0-9]{6}$", await TextAsync(template, "fr"));
        Assert.Matches("^Your verification code is [0-9]{6}\\.$", await TextAsync("cst0000000000000000x", null));
        Assert.Matches("^Your verification code is [0-9]{6}\\.$", await TextAsync(null, "xx, *;q=0.1"));
        var arabic = await TextAsync(null, "ar-EG");
        Assert.Contains(arabic, character => character is >= '\u0600' and <= '\u06ff');

        async Task<string> TextAsync(string? templateId, string? language)
        {
            app.Clock.Advance(TimeSpan.FromSeconds(1));
            using var request = new HttpRequestMessage(HttpMethod.Post, $"{factor}/verify{(templateId is null ? "" : $"?templateId={templateId}")}") { Content = new StringContent("") };
            if (language is not null) request.Headers.Add("Accept-Language", language);
            using var answer = await app.Client.SendAsync(request);
            return (string)(await app.OutboxAsync("+14155550142"))[0]["text"]!;
        }
    }

    [Fact]
    public async Task Without_a_header_the_profiles_language_is_used()
    {
        await using var app = new CountersignApp();
        var user = await app.AddUserAsync("ines@example.com");
        await app.PostAsync($"/api/v1/users/{user}", new JsonObject { ["profile"] = new JsonObject { ["preferredLanguage"] = "nl-BE" } });
        var factor = await app.ActiveAsync(user, "sms");

        await app.PostAsync($"{factor}/verify");

        Assert.Equal("nl", (string?)(await app.OutboxAsync("+14155550142"))[0]["language"]);
    }

    [Fact]
    public async Task A_text_without_room_for_the_code_sends_nothing()
    {
        await using var app = new CountersignApp(Engine.Sqlite, new KeyValuePair<string, string>("Countersign:OrgName", new string('o', 100)));
        var template = (await app.PostAsync(Templates, new JsonObject { ["name"] = "Long", ["type"] = "T", ["template"] = "${org.name}${org.name}${code}" })).Id;
        var factor = await app.ActiveAsync(await app.AddUserAsync("ines@example.com"), "sms");

        Assert.Equal("CHALLENGE", (await app.PostAsync($"{factor}/verify?templateId={template}")).FactorResult);

        var message = Assert.Single(await app.OutboxAsync("+14155550142"));
        Assert.Equal("FAILED", (string?)message["status"]);
        Assert.Null(message["code"]);
    }

    private static JsonObject Body(string type, JsonObject? translations = null)
        => new() { ["name"] = "Shop", ["type"] = type, ["template"] = "${org.name}: your code is ${code}", ["translations"] = translations };

    private static IEnumerable<string?> Names(Answer list) => list.Json.AsArray().Select(template => (string?)template!["name"]);
}
