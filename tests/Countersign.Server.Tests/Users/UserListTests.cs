using System.Net;
using System.Text.Json.Nodes;
using Countersign.Testing;

namespace Countersign.Server.Tests.Users;

public sealed class UserListTests
{
    private const string Users = "/api/v1/users";

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task Pages_show_everybody_once_while_users_come_and_go(Engine engine)
    {
        await using var app = new CountersignApp(engine);
        var ids = new List<string>();
        for (var i = 0; i < 12; i++)
        {
            ids.Add(await app.AddUserAsync($"user{i}@example.com", password: null));
            app.Clock.Advance(TimeSpan.FromSeconds(1));
        }

        var seen = new List<string>();
        var page = await app.GetAsync($"{Users}?limit=3");
        while (true)
        {
            seen.AddRange(Ids(page));
            if (page.Next is not { } next) break;
            // Somebody who was seen goes, and somebody new comes.
            await app.DeleteAsync($"{Users}/{seen[^1]}");
            await app.DeleteAsync($"{Users}/{seen[^1]}");
            await app.AddUserAsync($"new{seen.Count}@example.com", password: null);
            page = await app.GetAsync(next);
            Assert.True(seen.Count < 40);
        }

        Assert.Equal(seen.Distinct(), seen);
        Assert.Subset(seen.ToHashSet(), ids.ToHashSet());
    }

    [Fact]
    public async Task Links_show_the_effective_limit_and_ask_for_the_same_list()
    {
        await using var app = new CountersignApp();
        for (var i = 0; i < 3; i++) await app.AddUserAsync($"user{i}@example.com", password: null);

        var whole = await app.GetAsync($"{Users}?limit=9999");
        var page = await app.GetAsync($"{Users}?filter=status%20eq%20%22PROVISIONED%22&limit=2");

        Assert.Equal("<http://localhost/api/v1/users?limit=200>; rel=\"self\"", whole.Headers["Link"]);
        Assert.StartsWith("<http://localhost/api/v1/users?limit=2&filter=status+eq+%22PROVISIONED%22>; rel=\"self\", <http://localhost/api/v1/users?after=", page.Headers["Link"], StringComparison.Ordinal);
        Assert.EndsWith("&limit=2&filter=status+eq+%22PROVISIONED%22>; rel=\"next\"", page.Headers["Link"], StringComparison.Ordinal);
        Assert.Single(Ids(await app.GetAsync(page.Next!)));
        Assert.Equal(["self"], whole.Json[0]!["_links"]!.AsObject().Select(link => link.Key));
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task Users_are_found_by_filter_search_and_beginning(Engine engine)
    {
        await using var app = new CountersignApp(engine);
        await app.PostAsync(Users, UserRequests.Body("ines@example.com", "Ines", "Kovar"));
        await app.PostAsync(Users, UserRequests.Body("bruno@example.com", "Bruno", "Inesio", UserRequests.Password));
        var carla = await app.PostAsync(Users, UserRequests.Body("carla@example.com", "Carla", "Reis"));
        var gone = await app.AddUserAsync("gone@example.com");
        await app.DeleteAsync($"{Users}/{gone}");
        await app.PostAsync($"{Users}/{carla.Id}", new JsonObject { ["profile"] = new JsonObject { ["department"] = "Ensaios \"B\"" } });

        async Task<string> Find(string query) => string.Join(',', (await app.GetAsync($"{Users}?{query}")).Json.AsArray().Select(user => ((string)user!["profile"]!["login"]!).Split('@')[0]).Order());

        Assert.Equal("bruno,ines", await Find("q=INES"));
        Assert.Equal("", await Find("q=kov%25"));
        Assert.Equal("carla", await Find("filter=" + Uri.EscapeDataString("""profile.firstName eq "Carla" """)));
        Assert.Equal("", await Find("filter=" + Uri.EscapeDataString("""profile.firstName eq "carla" """)));
        Assert.Equal("bruno,carla", await Find("filter=" + Uri.EscapeDataString("""(status eq "ACTIVE" and profile.lastName eq "Inesio") or id eq "ID" """.Replace("ID", carla.Id, StringComparison.Ordinal))));
        Assert.Equal("gone", await Find("filter=" + Uri.EscapeDataString("""status eq "DEPROVISIONED" """)));
        Assert.Equal("administrator,bruno,carla,ines", await Find(""));
        Assert.Equal("", await Find("filter=" + Uri.EscapeDataString("""profile.login eq "gone@example.com" """)));
        Assert.Equal("administrator,bruno,carla,ines", await Find("filter=" + Uri.EscapeDataString("""lastUpdated ge "2026-03-05T09:41:07.000Z" """)));
        Assert.Equal("carla", await Find("search=" + Uri.EscapeDataString("""profile.department eq "ENSAIOS \"b\"" """)));
        Assert.Equal("carla", await Find("search=" + Uri.EscapeDataString("""profile.department pr""")));
        Assert.Equal("bruno,carla", await Find("search=" + Uri.EscapeDataString("""profile.firstName sw "br" or profile.lastName co "EI" """)));
        Assert.Equal("bruno,gone", await Find("search=" + Uri.EscapeDataString("""(status eq "active" and profile.lastName sw "i") or status eq "deprovisioned" """)));
    }

    [Fact]
    public async Task A_search_is_sorted_and_who_lacks_the_attribute_comes_last()
    {
        await using var app = new CountersignApp();
        foreach (var (login, city) in new[] { ("anna@example.com", "Porto"), ("bruno@example.com", "Lisboa"), ("carla@example.com", null), ("david@example.com", "lisboa") })
        {
            var body = UserRequests.Body(login);
            body["profile"]!["city"] = city;
            await app.PostAsync(Users, body);
            app.Clock.Advance(TimeSpan.FromSeconds(1));
        }

        async Task<string> Sort(string query)
        {
            var logins = new List<string>();
            for (var next = $"{Users}?limit=2&search={Uri.EscapeDataString("""profile.login co "@example.com" """)}&{query}"; next is not null;)
            {
                var page = await app.GetAsync(next);
                logins.AddRange(page.Json.AsArray().Select(user => ((string)user!["profile"]!["login"]!).Split('@')[0]));
                next = page.Next;
            }
            return string.Join(',', logins);
        }

        Assert.Equal("bruno,david,anna,carla", await Sort("sortBy=profile.city"));
        Assert.Equal("anna,david,bruno,carla", await Sort("sortBy=profile.city&sortOrder=desc"));
        Assert.Equal("david,carla,bruno,anna", await Sort("sortBy=created&sortOrder=desc"));
    }

    [Theory]
    [InlineData("filter=status", "E0000031")]
    [InlineData("filter=status%20eq%20%22ACTIVE", "E0000031")]
    [InlineData("filter=profile.city%20eq%20%22x%22", "E0000094")]
    [InlineData("filter=status%20sw%20%22A%22", "E0000094")]
    [InlineData("filter=lastUpdated%20gt%20%22soon%22", "E0000030")]
    [InlineData("search=profile.login%20ne%20%22x%22", "E0000094")]
    [InlineData("search=not%20(profile.login%20eq%20%22x%22)", "E0000094")]
    [InlineData("search=profile.login%20eq%20%22%00%22", "E0000031")]
    [InlineData("search=id%20pr&sortBy=profile.shoeSize", "E0000031")]
    [InlineData("search=id%20pr&sortBy=id&sortOrder=up", "E0000031")]
    [InlineData("q=a&filter=id%20eq%20%22x%22", "E0000033")]
    [InlineData("filter=id%20eq%20%22x%22&search=id%20pr", "E0000033")]
    [InlineData("limit=0", "E0000029")]
    [InlineData("limit=-1", "E0000029")]
    [InlineData("limit=many", "E0000029")]
    [InlineData("after=xyz", "E0000029")]
    [InlineData("after=00u00000000000000000.9.", "E0000029")]
    [InlineData("after=00u00000000000000000.0.%2F%2F", "E0000029")]
    [InlineData("q=%00", "E0000031")]
    public async Task A_list_that_cannot_be_is_refused(string query, string code)
    {
        await using var app = new CountersignApp();

        var answer = await app.GetAsync($"{Users}?{query}");

        Assert.Equal((HttpStatusCode.BadRequest, code), (answer.Status, answer.ErrorCode));
        if (code == "E0000029") Assert.Equal("Invalid cursor.", answer.Cause);
    }

    private static IEnumerable<string> Ids(Answer page) => page.Json.AsArray().Select(user => (string)user!["id"]!);
}
