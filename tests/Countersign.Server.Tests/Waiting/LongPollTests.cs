using System.Net;
using Countersign.Server.Tests.Factors;
using Countersign.Testing;
using Countersign.Testing.Signals;
using Countersign.Users;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.Server.Tests.Waiting;

/// <summary>Polls that are held back until there are news. The clocks stand still: what is answered is answered because of what happened.</summary>
public sealed class LongPollTests
{
    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task A_poll_that_waits_is_answered_when_the_person_is(Engine engine)
    {
        await using var house = new DuoHouse(engine, "prompt");
        var factor = await house.ActiveAsync();
        var challenge = await house.App.PostAsync($"{factor}/verify");
        var (state, code) = await house.AnswerAsync(challenge);
        var polls = Enumerable.Range(0, 5).Select(_ => house.App.PollAsync(DuoHouse.Link(challenge, "poll"))).ToArray();
        await house.Signals.WaitingAsync(5);

        var completed = await house.App.PostAsync($"{factor}/verify/duoCallback", DuoHouse.Body(state, code));

        Assert.Equal("SUCCESS", completed.FactorResult);
        Assert.All(await Task.WhenAll(polls), poll =>
        {
            Assert.Equal((HttpStatusCode.OK, """{"factorResult":"SUCCESS"}"""), (poll.Status, poll.Text));
            Assert.Equal("wait=20", poll.Headers["Preference-Applied"]);
        });
        Assert.Equal(1, await house.LoggedAsync("SUCCESS"));
        await house.Signals.UnwatchedAsync();
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task A_poll_that_waits_is_answered_when_the_transaction_is_cancelled(Engine engine)
    {
        await using var house = new DuoHouse(engine, "prompt");
        var factor = await house.ActiveAsync();
        var challenge = await house.App.PostAsync($"{factor}/verify");
        var poll = house.App.PollAsync(DuoHouse.Link(challenge, "poll"));
        await house.Signals.WaitingAsync(1);

        await house.App.DeleteAsync(DuoHouse.Link(challenge, "cancel"));

        Assert.Equal("CANCELLED", (await poll).FactorResult);
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task A_poll_that_waits_tells_of_the_end_of_the_time_itself(Engine engine)
    {
        await using var house = new DuoHouse(engine, "prompt");
        var factor = await house.ActiveAsync();
        var challenge = await house.App.PostAsync($"{factor}/verify");
        house.Clock.Advance(TimeSpan.FromMinutes(5) - TimeSpan.FromSeconds(3));
        var poll = house.App.PollAsync(DuoHouse.Link(challenge, "poll"));
        await house.Signals.WaitingAsync(1);

        house.Clock.Advance(TimeSpan.FromSeconds(2.9));
        Assert.False(poll.IsCompleted);
        house.Clock.Advance(TimeSpan.FromSeconds(0.1));

        Assert.Equal("TIMEOUT", (await poll).FactorResult);
        Assert.Equal(1, await house.LoggedAsync("FAILURE"));
    }

    [Fact]
    public async Task Who_has_waited_long_enough_is_told_that_it_still_waits()
    {
        await using var house = new DuoHouse(Engine.Sqlite, "prompt");
        var factor = await house.ActiveAsync();
        var challenge = await house.App.PostAsync($"{factor}/verify");
        var poll = house.App.PollAsync(DuoHouse.Link(challenge, "poll"), "wait=7");
        await house.Signals.WaitingAsync(1);

        house.Clock.Advance(TimeSpan.FromSeconds(5));   // looks again
        await house.Signals.WaitingAsync(1);
        Assert.False(poll.IsCompleted);
        house.Clock.Advance(TimeSpan.FromSeconds(2));
        var answer = await poll;

        Assert.Equal(("WAITING", "wait=7"), (answer.FactorResult, answer.Headers["Preference-Applied"]));
        Assert.Equal((await house.App.GetAsync(DuoHouse.Link(challenge, "poll"))).Text, answer.Text);
    }

    [Fact]
    public async Task A_signal_that_was_lost_is_made_up_for_by_looking_every_few_seconds()
    {
        await using var house = new DuoHouse(Engine.Sqlite, "prompt");
        // Of two processes on one file neither signals the other.
        await using var other = new CountersignApp(house.App.Store, house.Settings) { Clock = house.Clock };
        var factor = await house.ActiveAsync();
        var challenge = await house.App.PostAsync($"{factor}/verify");
        var poll = house.App.PollAsync(DuoHouse.Link(challenge, "poll"));
        await house.Signals.WaitingAsync(1);

        await other.DeleteAsync(DuoHouse.Link(challenge, "cancel"));
        house.Clock.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal("CANCELLED", (await poll).FactorResult);
    }

    [Fact]
    public async Task An_answer_on_one_node_ends_the_wait_on_another()
    {
        using var store = new TestStore(Engine.Postgres);
        await using var house = new DuoHouse(Engine.Sqlite, "prompt");
        var signals = new ObservedSignals();
        await using var one = new CountersignApp(store, house.Settings) { Clock = house.Clock, Replaces = signals.Replace };
        await using var other = new CountersignApp(store, house.Settings) { Clock = house.Clock };
        var challenge = await ChallengeAsync(house, other);
        for (var round = 0; round < 5; round++)
        {
            var poll = one.PollAsync(DuoHouse.Link(challenge, "poll"), "wait=60");
            await signals.WaitingAsync(1);

            await other.DeleteAsync(DuoHouse.Link(challenge, "cancel"));

            Assert.Equal("CANCELLED", (await poll).FactorResult);
            challenge = await other.PostAsync(DuoHouse.Link(await one.GetAsync(DuoHouse.Link(challenge, "poll")), "verify"));
        }
    }

    [Fact]
    public async Task Who_waits_is_told_at_once_when_the_server_stops()
    {
        await using var house = new DuoHouse(Engine.Sqlite, "prompt");
        var factor = await house.ActiveAsync();
        var challenge = await house.App.PostAsync($"{factor}/verify");
        var polls = Enumerable.Range(0, 5).Select(_ => house.App.PollAsync(DuoHouse.Link(challenge, "poll"))).ToArray();
        await house.Signals.WaitingAsync(5);

        var answers = await house.App.StopAsync(Task.WhenAll(polls));

        Assert.All(answers, poll => Assert.Equal((HttpStatusCode.OK, "WAITING"), (poll.Status, poll.FactorResult)));
    }

    [Fact]
    public async Task Only_so_many_wait_and_who_leaves_makes_room()
    {
        await using var house = new DuoHouse(Engine.Sqlite, "prompt", new KeyValuePair<string, string>("Countersign:Polling:MostWaiting", "1"));
        var factor = await house.ActiveAsync();
        var challenge = await house.App.PostAsync($"{factor}/verify");
        using var gone = new CancellationTokenSource();
        var first = house.App.PollAsync(DuoHouse.Link(challenge, "poll"), cancellationToken: gone.Token);
        await house.Signals.WaitingAsync(1);

        var full = await house.App.PollAsync(DuoHouse.Link(challenge, "poll"));
        gone.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        await house.Signals.UnwatchedAsync();
        var second = house.App.PollAsync(DuoHouse.Link(challenge, "poll"));
        await house.Signals.WaitingAsync(1);
        await house.App.DeleteAsync(DuoHouse.Link(challenge, "cancel"));

        Assert.Equal("WAITING", full.FactorResult);
        Assert.DoesNotContain("Preference-Applied", full.Headers.Keys);
        Assert.Equal("CANCELLED", (await second).FactorResult);
    }

    [Theory]
    [InlineData("wait=0")]
    [InlineData("wait=soon")]
    [InlineData("wait")]
    [InlineData("respond-async")]
    [InlineData("wait=soon, wait=20")]
    public async Task Preferences_that_are_none_are_passed_over(string prefer)
    {
        await using var house = new DuoHouse(Engine.Sqlite, "prompt");
        var factor = await house.ActiveAsync();
        var challenge = await house.App.PostAsync($"{factor}/verify");

        var polled = await house.App.PollAsync(DuoHouse.Link(challenge, "poll"), prefer);

        Assert.Equal((HttpStatusCode.OK, "WAITING"), (polled.Status, polled.FactorResult));
        Assert.DoesNotContain("Preference-Applied", polled.Headers.Keys);
    }

    [Fact]
    public async Task What_there_is_nothing_to_wait_for_is_answered_at_once()
    {
        await using var house = new DuoHouse(Engine.Sqlite, "prompt");
        var factor = await house.ActiveAsync();
        var challenge = await house.App.PostAsync($"{factor}/verify");
        await house.App.DeleteAsync(DuoHouse.Link(challenge, "cancel"));

        var (ended, unknown) = (await house.App.PollAsync(DuoHouse.Link(challenge, "poll"), "wait=600"), await house.App.PollAsync($"{factor}/transactions/v2mst.AAAAAAAAAAAAAAAAAAAAAA"));

        Assert.Equal(("CANCELLED", "wait=60"), (ended.FactorResult, ended.Headers["Preference-Applied"]));
        Assert.Equal((HttpStatusCode.NotFound, "E0000007"), (unknown.Status, unknown.ErrorCode));
    }

    [Theory]
    [InlineData(Engine.Sqlite, "lifecycle/activate")]
    [InlineData(Engine.Postgres, "lifecycle/activate")]
    [InlineData(Engine.Sqlite, "lifecycle/activate/poll")]
    [InlineData(Engine.Postgres, "lifecycle/activate/poll")]
    public async Task The_poll_of_an_activation_waits_for_the_factor(Engine engine, string path)
    {
        await using var house = new DuoHouse(engine, "prompt");
        var enrolled = await house.EnrollAsync();
        var factor = $"{FactorClient.Factors}/{enrolled.Id}";
        var (state, code) = await house.Duo.AnswerAsync(DuoHouse.Prompt(enrolled.Json["_embedded"]!["activation"]!)!);
        var poll = house.App.PollActivationAsync($"{factor}/{path}");
        await house.Signals.WaitingAsync(1);

        await house.App.PostAsync($"{factor}/lifecycle/duoCallback", DuoHouse.Body(state, code));

        var answer = await poll;
        Assert.Equal((enrolled.Id, "ACTIVE", "wait=20"), (answer.Id, (string?)answer.Json["status"], answer.Headers["Preference-Applied"]));
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task All_that_wait_for_an_activation_are_told_of_its_end_and_none_begins_it_again(Engine engine)
    {
        await using var house = new DuoHouse(engine, "prompt");
        var factor = $"{FactorClient.Factors}/{(await house.EnrollAsync()).Id}";
        house.Clock.Advance(TimeSpan.FromMinutes(5) - TimeSpan.FromSeconds(3));
        var polls = Enumerable.Range(0, 6).Select(i => house.App.PollActivationAsync($"{factor}/lifecycle/activate{(i % 2 == 0 ? "/poll" : "")}")).ToArray();
        await house.Signals.WaitingAsync(6);

        house.Clock.Advance(TimeSpan.FromSeconds(3));

        Assert.All(await Task.WhenAll(polls), poll => Assert.Equal("TIMEOUT", poll.FactorResult));
        Assert.Equal("WAITING", (await house.App.PostAsync($"{factor}/lifecycle/activate")).FactorResult);
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task Whoever_waits_is_told_that_the_factor_went(Engine engine)
    {
        await using var house = new DuoHouse(engine, "prompt");
        var factor = await house.ActiveAsync();
        var challenge = await house.App.PostAsync($"{factor}/verify");
        var poll = house.App.PollAsync(DuoHouse.Link(challenge, "poll"));
        await house.Signals.WaitingAsync(1);

        await house.App.DeleteAsync(factor);

        Assert.Equal(HttpStatusCode.NotFound, (await poll).Status);
    }

    [Fact]
    public async Task A_poll_that_changes_nothing_waits_for_no_commit()
    {
        await using var house = new DuoHouse(Engine.Sqlite, "prompt");
        var commits = new CountedCommits();
        await using var app = new CountersignApp(house.App.Store, house.Settings) { Clock = house.Clock, Replaces = commits.Replace };
        var pending = $"{FactorClient.Factors}/{(await house.EnrollAsync()).Id}";
        var polledPending = await app.PostAsync($"{pending}/lifecycle/activate/poll");
        await app.DeleteAsync(pending);
        var factor = await house.ActiveAsync();
        var challenge = await house.App.PostAsync($"{factor}/verify");
        var before = commits.Count;

        var waiting = await app.GetAsync(DuoHouse.Link(challenge, "poll"));
        await house.App.DeleteAsync(DuoHouse.Link(challenge, "cancel"));
        var cancelled = await app.GetAsync(DuoHouse.Link(challenge, "poll"));

        Assert.Equal(("WAITING", "WAITING", "CANCELLED"), (polledPending.FactorResult, waiting.FactorResult, cancelled.FactorResult));
        Assert.Equal((1, 1), (before, commits.Count));   // the removal
    }

    private static async Task<Answer> ChallengeAsync(DuoHouse house, CountersignApp app)
    {
        var enrolled = await app.PostAsync(FactorClient.Factors, new System.Text.Json.Nodes.JsonObject { ["factorType"] = "web", ["provider"] = "DUO" });
        var (state, code) = await house.Duo.AnswerAsync(DuoHouse.Prompt(enrolled.Json["_embedded"]!["activation"]!)!);
        await app.PostAsync($"{FactorClient.Factors}/{enrolled.Id}/lifecycle/duoCallback", DuoHouse.Body(state, code));
        return await app.PostAsync($"{FactorClient.Factors}/{enrolled.Id}/verify");
    }

    /// <summary>Counts what goes to the shared commits.</summary>
    private sealed class CountedCommits : IUserCommits
    {
        private IUserCommits? _commits;
        private int _count;

        public int Count => Volatile.Read(ref _count);

        public void Replace(IServiceCollection services)
        {
            var real = services.Last(service => service.ServiceType == typeof(IUserCommits)).ImplementationType!;
            services.AddSingleton<IUserCommits>(provider =>
            {
                _commits = (IUserCommits)ActivatorUtilities.CreateInstance(provider, real);
                return this;
            });
        }

        public Task<T> DecideAsync<T>(UserId user, Func<UserState?, DateTimeOffset, Transition<T>> decide, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _count);
            return _commits!.DecideAsync(user, decide, cancellationToken);
        }

        public Task<UserState?> LoadAsync(UserId user, CancellationToken cancellationToken) => _commits!.LoadAsync(user, cancellationToken);

        public Task<UserId?> FindByLoginAsync(string login, CancellationToken cancellationToken) => _commits!.FindByLoginAsync(login, cancellationToken);
    }
}
