using System.Net;
using System.Text.Json.Nodes;
using Countersign.Testing;

namespace Countersign.Server.Tests.Factors;

/// <summary>What all transactions have in common, whatever factor they are of.</summary>
public sealed class TransactionTests
{
    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task Nobody_answers_in_time_and_then_it_is_too_late(Engine engine)
    {
        await using var house = new DuoHouse(engine, "push");
        var factor = await house.ActiveAsync();
        var challenge = await house.App.PostAsync($"{factor}/verify");
        house.Clock.Advance(TimeSpan.FromMinutes(5));
        house.Duo.AnswerPush("allow");

        var first = await house.App.GetAsync(DuoHouse.Link(challenge, "poll"));
        var second = await house.App.GetAsync(DuoHouse.Link(challenge, "poll"));
        var cancelled = await house.App.DeleteAsync(DuoHouse.Link(challenge, "cancel"));
        var third = await house.App.GetAsync(DuoHouse.Link(challenge, "poll"));

        Assert.Equal((HttpStatusCode.OK, "TIMEOUT"), (first.Status, first.FactorResult));
        Assert.Equal(["factorResult", "profile", "_links"], first.Json.AsObject().Select(member => member.Key));
        Assert.Equal(HttpStatusCode.NoContent, cancelled.Status);
        Assert.All([second, third], answer => Assert.Equal(first.Text, answer.Text));
        Assert.Equal((0, 1), (await house.LoggedAsync("SUCCESS"), await house.LoggedAsync("FAILURE")));
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task A_cancelled_transaction_stays_cancelled(Engine engine)
    {
        await using var house = new DuoHouse(engine, "prompt");
        var factor = await house.ActiveAsync();
        var challenge = await house.App.PostAsync($"{factor}/verify");
        var (state, code) = await house.AnswerAsync(challenge);

        var cancelled = await house.App.DeleteAsync(DuoHouse.Link(challenge, "cancel"));
        var polled = await house.App.GetAsync(DuoHouse.Link(challenge, "poll"));
        var late = await house.App.PostAsync($"{factor}/verify/duoCallback", DuoHouse.Body(state, code));
        var again = await house.App.DeleteAsync(DuoHouse.Link(challenge, "cancel"));

        Assert.Equal((HttpStatusCode.NoContent, ""), (cancelled.Status, cancelled.Text));
        Assert.Equal("CANCELLED", polled.FactorResult);
        Assert.Equal(["factorResult", "_links"], polled.Json.AsObject().Select(member => member.Key));
        Assert.Equal(["verify", "factor"], polled.Json["_links"]!.AsObject().Select(link => link.Key));
        Assert.Equal(("E0000110", HttpStatusCode.NoContent), (late.ErrorCode, again.Status));
        Assert.Equal(polled.Text, (await house.App.GetAsync(DuoHouse.Link(challenge, "poll"))).Text);
        Assert.Equal(0, await house.LoggedAsync("SUCCESS"));
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task Approved_and_cancelled_at_once_it_is_one_of_them_for_good(Engine engine)
    {
        await using var house = new DuoHouse(engine, "prompt");
        var factor = await house.ActiveAsync();
        var approved = 0;
        for (var round = 0; round < 8; round++)
        {
            var challenge = await house.App.PostAsync($"{factor}/verify");
            var (state, code) = await house.AnswerAsync(challenge);
            var complete = house.App.PostAsync($"{factor}/verify/duoCallback", DuoHouse.Body(state, code));
            var cancels = Enumerable.Range(0, 3).Select(_ => house.App.DeleteAsync(DuoHouse.Link(challenge, "cancel")));
            var polls = Enumerable.Range(0, 5).Select(_ => house.App.GetAsync(DuoHouse.Link(challenge, "poll")));

            var answers = await Task.WhenAll([complete, .. cancels, .. polls]);
            var final = await house.App.GetAsync(DuoHouse.Link(challenge, "poll"));

            Assert.Equal(answers[0].Status == HttpStatusCode.OK ? "SUCCESS" : "CANCELLED", final.FactorResult);
            Assert.All(answers[1..4], answer => Assert.Equal(HttpStatusCode.NoContent, answer.Status));
            Assert.All(answers[4..], answer => Assert.True(answer.FactorResult == "WAITING" || answer.FactorResult == final.FactorResult, answer.Text));
            if (final.FactorResult == "SUCCESS") approved++;
        }
        Assert.Equal(approved, await house.LoggedAsync("SUCCESS"));
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task However_many_polls_find_an_approval_it_is_one_verification(Engine engine)
    {
        await using var house = new DuoHouse(engine, "push");
        var factor = await house.ActiveAsync();
        var challenge = await house.App.PostAsync($"{factor}/verify");
        house.Duo.AnswerPush("allow");

        var polls = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => house.App.GetAsync(DuoHouse.Link(challenge, "poll"))));

        Assert.All(polls, poll => Assert.Equal((HttpStatusCode.OK, """{"factorResult":"SUCCESS"}"""), (poll.Status, poll.Text)));
        Assert.Equal(1, await house.LoggedAsync("SUCCESS"));
    }

    [Fact]
    public async Task Of_results_that_two_nodes_find_at_once_one_counts_on_both()
    {
        using var store = new TestStore(Engine.Postgres);
        await using var house = new DuoHouse(Engine.Sqlite, "push");
        await using var one = new CountersignApp(store, house.Settings) { Clock = house.Clock };
        await using var other = new CountersignApp(store, house.Settings) { Clock = house.Clock };
        var enrolled = await one.EnrollAsync(new JsonObject { ["factorType"] = "web", ["provider"] = "DUO" });
        house.Duo.AnswerPush("allow");
        await other.PostAsync($"{FactorClient.Factors}/{enrolled.Id}/lifecycle/activate/poll");
        var challenge = await one.PostAsync($"{FactorClient.Factors}/{enrolled.Id}/verify");
        house.Duo.AnswerPush("allow");

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(i =>
            i % 5 == 4 ? (i % 2 == 0 ? one : other).DeleteAsync(DuoHouse.Link(challenge, "cancel")) : (i % 2 == 0 ? one : other).GetAsync(DuoHouse.Link(challenge, "poll"))));
        var (here, there) = (await one.GetAsync(DuoHouse.Link(challenge, "poll")), await other.GetAsync(DuoHouse.Link(challenge, "poll")));

        Assert.Contains(here.FactorResult, new[] { "SUCCESS", "CANCELLED" });
        Assert.Equal(here.Text, there.Text);
        Assert.All(answers.Where(answer => answer.Text.Length > 0), answer => Assert.Equal(here.FactorResult, answer.FactorResult));
    }

    [Fact]
    public async Task A_transaction_is_its_own_users_and_factors()
    {
        await using var house = new DuoHouse(Engine.Sqlite, "prompt");
        var ana = await house.App.AddUserAsync("ana@example.com");
        var (anas, mine) = (await house.ActiveAsync(ana), await house.ActiveAsync());
        var question = (await house.App.EnrollQuestionAsync()).Id;
        var challenge = await house.App.PostAsync($"{anas}/verify");
        var id = (string)challenge.Json["transactionId"]!;

        foreach (var path in new[] { $"{mine}/transactions/{id}", $"{FactorClient.Factors}/{question}/transactions/{id}", $"{anas}/transactions/{id}x", $"{anas}/transactions/v2mst.AAAAAAAAAAAAAAAAAAAAAA" })
        {
            var (polled, cancelled) = (await house.App.GetAsync(path), await house.App.DeleteAsync(path));
            Assert.Equal((HttpStatusCode.NotFound, "E0000007"), (polled.Status, polled.ErrorCode));
            Assert.Equal((HttpStatusCode.NotFound, "E0000007"), (cancelled.Status, cancelled.ErrorCode));
        }
        Assert.Equal("WAITING", (await house.App.GetAsync(DuoHouse.Link(challenge, "poll"))).FactorResult);
        Assert.Equal("WAITING", (await house.App.GetAsync($"{anas.Replace(ana, "ana@example.com", StringComparison.Ordinal)}/transactions/{id}")).FactorResult);
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task The_approval_of_a_user_who_was_locked_in_the_meantime_is_no_success(Engine engine)
    {
        await using var house = new DuoHouse(engine, "push", new KeyValuePair<string, string>("Countersign:Attempts:LockoutThreshold", "2"));
        var factor = await house.ActiveAsync();
        var question = (await house.App.EnrollQuestionAsync()).Id;
        var answered = await house.App.PostAsync($"{factor}/verify");
        house.Duo.AnswerPush("allow");
        Assert.Equal("SUCCESS", (await house.App.GetAsync(DuoHouse.Link(answered, "poll"))).FactorResult);
        var challenge = await house.App.PostAsync($"{factor}/verify");
        for (var i = 0; i < 2; i++) await house.App.AnswerAsync(question, "wrong answer");
        house.Duo.AnswerPush("allow");
        var asked = house.Duo.Count;

        var polled = await house.App.GetAsync(DuoHouse.Link(challenge, "poll"));
        var earlier = await house.App.GetAsync(DuoHouse.Link(answered, "poll"));
        var another = await house.App.PostAsync($"{factor}/verify");

        Assert.All([polled, earlier, another], answer => Assert.Equal((HttpStatusCode.Forbidden, "E0000069"), (answer.Status, answer.ErrorCode)));
        Assert.Equal(asked, house.Duo.Count);
        Assert.Equal(1, await house.LoggedAsync("SUCCESS"));
    }

    [Theory]
    [InlineData("suspend", HttpStatusCode.Forbidden, "E0000038")]
    [InlineData("deactivate", HttpStatusCode.NotFound, "E0000007")]   // with the user's factors go their transactions
    public async Task The_approval_of_a_user_who_may_not_sign_in_any_more_is_no_success(string operation, HttpStatusCode status, string error)
    {
        await using var house = new DuoHouse(Engine.Sqlite, "prompt");
        var ana = await house.App.AddUserAsync("ana@example.com");
        var factor = await house.ActiveAsync(ana);
        var challenge = await house.App.PostAsync($"{factor}/verify");
        var (state, code) = await house.AnswerAsync(challenge);
        await house.App.PostAsync($"/api/v1/users/{ana}/lifecycle/{operation}");

        var completed = await house.App.PostAsync($"{factor}/verify/duoCallback", DuoHouse.Body(state, code));
        var polled = await house.App.GetAsync(DuoHouse.Link(challenge, "poll"));

        Assert.All([completed, polled], answer => Assert.Equal((status, error), (answer.Status, answer.ErrorCode)));
        Assert.Equal(0, await house.LoggedAsync("SUCCESS"));
    }

    [Fact]
    public async Task A_success_breaks_the_row_of_wrong_answers()
    {
        await using var house = new DuoHouse(Engine.Sqlite, "push", new KeyValuePair<string, string>("Countersign:Attempts:LockoutThreshold", "3"));
        var factor = await house.ActiveAsync();
        var question = (await house.App.EnrollQuestionAsync()).Id;

        for (var round = 0; round < 2; round++)
        {
            for (var i = 0; i < 2; i++) Assert.Equal("E0000068", (await house.App.AnswerAsync(question, "wrong answer")).ErrorCode);
            var challenge = await house.App.PostAsync($"{factor}/verify");
            house.Duo.AnswerPush("allow");
            Assert.Equal("SUCCESS", (await house.App.GetAsync(DuoHouse.Link(challenge, "poll"))).FactorResult);
        }
    }

    [Fact]
    public async Task Only_so_many_transactions_wait_at_once()
    {
        await using var house = new DuoHouse(Engine.Sqlite, "push");
        var factor = await house.ActiveAsync();
        var challenges = new List<Answer>();
        for (var i = 0; i < 10; i++) challenges.Add(await house.App.PostAsync($"{factor}/verify"));

        var refused = await house.App.PostAsync($"{factor}/verify");
        var pushes = house.Duo.Pushes.Count;
        await house.App.DeleteAsync(DuoHouse.Link(challenges[4], "cancel"));
        var room = await house.App.PostAsync($"{factor}/verify");

        Assert.All(challenges, challenge => Assert.Equal(HttpStatusCode.Created, challenge.Status));
        Assert.Equal((HttpStatusCode.TooManyRequests, "E0000047"), (refused.Status, refused.ErrorCode));
        Assert.Equal((11, HttpStatusCode.Created), (pushes, room.Status));
        house.Clock.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(HttpStatusCode.Created, (await house.App.PostAsync($"{factor}/verify")).Status);
    }

    [Fact]
    public async Task Of_finished_transactions_the_newest_are_kept()
    {
        await using var house = new DuoHouse(Engine.Sqlite, "prompt");
        var factor = await house.ActiveAsync();
        var challenges = new List<Answer>();
        for (var i = 0; i < 45; i++)
        {
            challenges.Add(await house.App.PostAsync($"{factor}/verify"));
            await house.App.DeleteAsync(DuoHouse.Link(challenges[^1], "cancel"));
        }

        var known = 0;
        foreach (var challenge in challenges)
            if ((await house.App.GetAsync(DuoHouse.Link(challenge, "poll"))).FactorResult == "CANCELLED") known++;

        Assert.Equal(40, known);
        Assert.Equal(HttpStatusCode.NotFound, (await house.App.GetAsync(DuoHouse.Link(challenges[0], "poll"))).Status);
    }

    [Fact]
    public async Task Unenrolling_ends_the_transactions_too()
    {
        await using var house = new DuoHouse(Engine.Sqlite, "prompt");
        var factor = await house.ActiveAsync();
        var challenge = await house.App.PostAsync($"{factor}/verify");
        var (state, code) = await house.AnswerAsync(challenge);
        await house.App.DeleteAsync(factor);

        var polled = await house.App.GetAsync(DuoHouse.Link(challenge, "poll"));
        using var browser = house.App.CreateClient();
        using var page = await browser.GetAsync($"/duo/callback?state={state}&duo_code={code}");

        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.NotFound), (polled.Status, page.StatusCode));
    }

    [Fact]
    public async Task Kinds_that_are_answered_directly_have_no_activation_to_poll()
    {
        await using var app = new CountersignApp();
        var enrolled = await app.EnrollTotpAsync();

        var polled = await app.PostAsync($"{FactorClient.Factors}/{enrolled.Id}/lifecycle/activate/poll");

        Assert.Equal((HttpStatusCode.Forbidden, "E0000107"), (polled.Status, polled.ErrorCode));
    }
}
