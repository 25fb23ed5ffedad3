using System.Net;
using System.Text.Json.Nodes;
using Countersign.Testing;

namespace Countersign.Server.Tests.HardwareTokens;

public sealed class TokenInventoryTests
{
    [Theory]
    [InlineData("serialNumber", null), InlineData("serialNumber", "12 34"), InlineData("serialNumber", "=1+1")]
    [InlineData("publicId", null), InlineData("publicId", "ccccccijgib"), InlineData("publicId", "aaaaaaaaaaaa"), InlineData("publicId", "cccccccccccccccccc")]
    [InlineData("privateId", null), InlineData("privateId", "b74be616948"), InlineData("privateId", "b74be616948g")]
    [InlineData("aesKey", null), InlineData("aesKey", "00"), InlineData("aesKey", "zz5ed8bc2ae19bde15bd3a94d03ed37a")]
    public async Task A_seed_with_a_missing_or_malformed_field_is_refused(string field, string? value)
    {
        await using var app = new CountersignApp();
        var body = TokenClient.Seed(new SoftwareYubiKey());
        body[field] = value;

        var refused = await app.PostAsync(TokenClient.YubiKeys, body);

        Assert.Equal((HttpStatusCode.BadRequest, "E0000001", $"Api validation failed: {field}"), (refused.Status, refused.ErrorCode, (string?)refused.Json["errorSummary"]));
        Assert.Equal("[]", (await app.GetAsync(TokenClient.YubiKeys)).Text);
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task A_seed_of_a_known_serial_number_replaces_an_unassigned_key_only(Engine engine)
    {
        await using var app = new CountersignApp(engine);
        var (user, old, fresh) = (await app.AddUserAsync("ana@example.com"), new SoftwareYubiKey(), new SoftwareYubiKey());
        var first = await app.UploadAsync(old);

        var replaced = await app.UploadAsync(fresh);
        var forgotten = await app.EnrollYubiKeyAsync(user, old.Touch());
        var factor = await app.EnrollYubiKeyAsync(user, fresh.Touch());
        var assigned = await app.UploadAsync(old);
        var same = await app.UploadAsync(fresh);
        var other = await app.UploadAsync(new SoftwareYubiKey(1), publicId: fresh.PublicId);

        Assert.Equal((first.Id, HttpStatusCode.OK), (replaced.Id, replaced.Status));
        Assert.Equal(("E0000068", "ACTIVE"), (forgotten.ErrorCode, (string?)factor.Json["status"]));
        Assert.Equal((HttpStatusCode.BadRequest, "E0000001"), (assigned.Status, assigned.ErrorCode));
        Assert.Equal((first.Id, "ACTIVE"), (same.Id, (string?)same.Json["status"]));
        Assert.Equal((HttpStatusCode.BadRequest, "Api validation failed: publicId"), (other.Status, (string?)other.Json["errorSummary"]));
        Assert.Equal("SUCCESS", (await app.VerifyAsync(user, factor.Id, fresh.Touch())).FactorResult);
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task Tokens_are_listed_in_every_order_page_by_page(Engine engine)
    {
        await using var app = new CountersignApp(engine);
        await AddTokensAsync(app);
        foreach (var sortBy in new[] { "", "profile.email", "profile.serial", "activated", "user.id", "created", "status", "lastVerified" })
        {
            foreach (var order in new[] { "ASC", "DESC" })
            {
                var query = (sortBy.Length > 0 ? $"sortBy={sortBy}&" : "") + $"sortOrder={order}";
                var whole = await SerialsAsync(app, $"?{query}&limit=200");
                var paged = new List<string>();
                var next = $"{TokenClient.YubiKeys}?{query}&limit=2";
                for (var pages = 0; next is not null && pages < 20; pages++)
                {
                    var page = await app.GetAsync(next);
                    paged.AddRange(page.Json.AsArray().Select(token => (string)token!["profile"]!["serial"]!));
                    next = Next(page);
                }

                Assert.Equal(9, whole.Count);
                Assert.Equal(whole, paged);
                if (sortBy.Length > 0 && order == "DESC") Assert.Equal(whole, (await SerialsAsync(app, $"?sortBy={sortBy}&limit=200")).AsEnumerable().Reverse());
            }
        }

        Assert.Equal(["000000000005", "000000000003", "000000000001"], (await SerialsAsync(app, "?sortBy=profile.email&sortOrder=ASC")).Skip(6));
        Assert.Equal(["000000000001", "000000000003", "000000000005"], (await SerialsAsync(app, "?sortBy=activated")).Skip(6));
        Assert.Equal(["000000000001", "000000000002"], (await SerialsAsync(app, "?sortBy=profile.serial")).Take(2));
        Assert.Equal("000000000003", (await SerialsAsync(app, "?sortBy=lastVerified&sortOrder=DESC"))[0]);
    }

    [Theory]
    [InlineData(Engine.Sqlite, "status eq \"ACTIVE\"", "1 3 5"), InlineData(Engine.Postgres, "status eq \"ACTIVE\"", "1 3 5")]
    [InlineData(Engine.Sqlite, "status ne \"ACTIVE\" and profile.serial lt \"7\"", "2 4 6"), InlineData(Engine.Postgres, "status ne \"ACTIVE\" and profile.serial lt \"7\"", "2 4 6")]
    [InlineData(Engine.Sqlite, "profile.serial eq \"4\" or profile.serial eq \"000000000005\"", "4 5"), InlineData(Engine.Postgres, "profile.serial eq \"4\" or profile.serial eq \"000000000005\"", "4 5")]
    [InlineData(Engine.Sqlite, "profile.email eq \"Anna@example.com\"", "5"), InlineData(Engine.Postgres, "profile.email eq \"Anna@example.com\"", "5")]
    [InlineData(Engine.Sqlite, "profile.email sw \"z\"", "1"), InlineData(Engine.Postgres, "profile.email sw \"z\"", "1")]
    [InlineData(Engine.Sqlite, "(user.id pr and lastVerified pr)", "3"), InlineData(Engine.Postgres, "(user.id pr and lastVerified pr)", "3")]
    [InlineData(Engine.Sqlite, "activated gt \"2026-03-05T10:00:00.000Z\"", "3 5"), InlineData(Engine.Postgres, "activated gt \"2026-03-05T10:00:00.000Z\"", "3 5")]
    [InlineData(Engine.Sqlite, "created le \"2026-03-05T09:41:07.000Z\" and user.id ne \"00u\"", "1 2 3 4 5 6 7 8 9"), InlineData(Engine.Postgres, "created le \"2026-03-05T09:41:07.000Z\" and user.id ne \"00u\"", "1 2 3 4 5 6 7 8 9")]
    public async Task Tokens_are_filtered(Engine engine, string filter, string expected)
    {
        await using var app = new CountersignApp(engine);
        await AddTokensAsync(app);

        Assert.Equal(expected, string.Join(' ', (await SerialsAsync(app, $"?sortBy=profile.serial&limit=50&filter={Uri.EscapeDataString(filter)}")).Select(serial => serial.TrimStart('0'))));
    }

    [Theory]
    [InlineData("?limit=0", "E0000029"), InlineData("?after=x", "E0000029"), InlineData("?after=eWtrIDAg", "E0000029"), InlineData("?sortBy=secret", "E0000031"), InlineData("?sortOrder=up", "E0000031")]
    [InlineData("?filter=status", "E0000031"), InlineData("?filter=secret%20eq%20%22a%22", "E0000094"), InlineData("?filter=created%20gt%20%22soon%22", "E0000030"), InlineData("?forDownload=maybe", "E0000037")]
    public async Task A_list_that_cannot_be_is_refused(string query, string error)
    {
        await using var app = new CountersignApp();

        Assert.Equal(error, (await app.GetAsync(TokenClient.YubiKeys + query)).ErrorCode);
    }

    [Fact]
    public async Task A_list_embeds_users_on_request_and_is_downloaded_as_csv()
    {
        await using var app = new CountersignApp();
        await AddTokensAsync(app);
        var user = await app.AddUserAsync("=cmd@example.com", password: null);
        var key = new SoftwareYubiKey(10);
        await app.UploadAsync(key);
        await app.EnrollYubiKeyAsync(user, key.Touch());

        var expanded = (await app.GetAsync($"{TokenClient.YubiKeys}?expand=user&sortBy=profile.serial")).Json.AsArray();
        var csv = await app.GetAsync($"{TokenClient.YubiKeys}?forDownload=true&sortBy=profile.serial");

        Assert.Equal(["zoe@example.com", null], new[] { 0, 1 }.Select(i => (string?)expanded[i]!["_embedded"]?["user"]!["profile"]!["email"]));
        Assert.StartsWith("text/csv", csv.Headers["Content-Type"], StringComparison.Ordinal);
        var lines = csv.Text.Split("\r\n");
        Assert.Equal(12, lines.Length);
        Assert.Equal("serial,status,created,activated,lastVerified,userId,email", lines[0]);
        Assert.Equal("\"000000000002\",\"UNASSIGNED\",\"2026-03-05T09:41:07.000Z\",,,,", lines[2]);
        Assert.EndsWith(",\"'=cmd@example.com\"", lines[10], StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_inventory_needs_the_scopes_of_users()
    {
        await using var app = new CountersignApp();
        var token = await app.PostAsync("/countersign/v1/tokens", new JsonObject { ["name"] = "Reader", ["scopes"] = new JsonArray("okta.users.read") });
        using var reader = app.CreateAuthorizedClient((string)token.Json["token"]!);

        using var list = await reader.GetAsync(TokenClient.YubiKeys);
        using var oath = await reader.GetAsync(TokenClient.OathTokens);
        using var upload = await reader.PostAsync(TokenClient.YubiKeys, new StringContent(TokenClient.Seed(new SoftwareYubiKey()).ToJsonString()));
        using var delete = await reader.DeleteAsync($"{TokenClient.OathTokens}/otk00000000000000000");

        Assert.Equal([200, 200, 403, 403], new[] { list, oath, upload, delete }.Select(answer => (int)answer.StatusCode));
    }

    /// <summary>Nine keys, of which three are somebody's, enrolled an hour apart; the second of those was verified.</summary>
    private static async Task AddTokensAsync(CountersignApp app)
    {
        var keys = Enumerable.Range(1, 9).Select(number => new SoftwareYubiKey(number)).ToList();
        foreach (var key in keys) await app.UploadAsync(key);
        foreach (var (number, login) in new[] { (1, "zoe@example.com"), (3, "mia@example.com"), (5, "anna@example.com") })
        {
            var user = await app.AddUserAsync(login, password: null);
            var factor = await app.EnrollYubiKeyAsync(user, keys[number - 1].Touch());
            app.Clock.Advance(TimeSpan.FromHours(1));
            if (number == 3) await app.VerifyAsync(user, factor.Id, keys[number - 1].Touch());
        }
    }

    private static async Task<List<string>> SerialsAsync(CountersignApp app, string query)
        => [.. (await app.GetAsync(TokenClient.YubiKeys + query)).Json.AsArray().Select(token => (string)token!["profile"]!["serial"]!)];

    private static string? Next(Answer page)
    {
        foreach (var link in page.Headers["Link"].Split(", "))
            if (link.EndsWith("rel=\"next\"", StringComparison.Ordinal)) return new Uri(link[1..link.IndexOf('>', StringComparison.Ordinal)]).PathAndQuery;
        return null;
    }
}
