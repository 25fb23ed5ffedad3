using Countersign.Factors;
using Countersign.Factors.Push;
using Countersign.Outbox;
using Countersign.Testing;
using Countersign.Testing.Delivery;

namespace Countersign.Delivery.Tests.Pump;

/// <summary>Activation links and reports: through the outbox to the providers, and past the telephony hook.</summary>
public sealed class LinkEndToEndTests
{
    private const string Link = "https://mfa.example.com/authenticator/#activate=00uAqF3kVb2mXcZ0dS4R.opf2Lc7yVb4sMkHj90h7.8mQ2kd0vTnCw1YxPzR5hLg.bWFj";

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task A_link_goes_to_the_providers_and_is_kept_nowhere(Engine engine)
    {
        using var store = new TestStore(engine);
        var provider = new ScriptedProvider("first");
        await using var hook = new TelephonyHookCounterpart();
        await using var app = PumpApp.On(store, null, [PumpApp.Route(provider)]);
        await TelephonyHookEndToEndTests.RegisterAsync(app, hook);
        var user = await app.AddUserAsync(PumpApp.Address);

        await app.CommitAsync(user, Message(Channel.Sms, PumpApp.Number, "de-CH"));
        var sms = await provider.ReceiveAsync();
        var noted = await app.EndedAsync();
        await app.CommitAsync(user, Message(Channel.Email, PumpApp.Address, null));
        var mail = await provider.ReceiveAsync();

        Assert.All([sms, mail], message => Assert.Equal((Link, null, MessagePurpose.ActivationLink), (message.Link, message.Code, message.Purpose)));
        Assert.Equal($"Öffnen Sie diesen Link auf dem Smartphone, mit dem Sie Anmeldungen bestätigen möchten. Der Link ist 10 Minuten gültig. {Link}", sms.Text);
        Assert.Equal("Set up your authenticator for Countersign", mail.Subject);
        Assert.Contains($"href=\"{Link}\"", mail.Html, StringComparison.Ordinal);
        Assert.Equal(("SENT", "ACTIVATION_LINK", null), ((string?)noted["status"], (string?)noted["purpose"], (string?)noted["link"]));
        Assert.Equal(0, hook.Count);
        var logged = Assert.Single(await app.EventsAsync("system.sms.send_okta_push_verify_message"));
        Assert.DoesNotContain("activate=", logged.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_nobody_sends_the_outbox_shows_the_link_unless_it_is_told_to_keep_nothing()
    {
        using var store = new TestStore(Engine.Sqlite);
        await using var app = PumpApp.On(store, null, [], new KeyValuePair<string, string>("Countersign:Delivery:OutboxOnly", "true"));

        await app.CommitAsync(await app.AddUserAsync(PumpApp.Address), Message(Channel.Sms, PumpApp.Number, null));

        var kept = Assert.Single(await app.OutboxAsync(PumpApp.Number));
        Assert.Equal(("KEPT", Link, null), ((string?)kept["status"], (string?)kept["link"], (string?)kept["code"]));
        Assert.EndsWith(Link, (string?)kept["text"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_newer_link_ends_an_older_one_that_waits()
    {
        using var store = new TestStore(Engine.Sqlite);
        var provider = new ScriptedProvider("first");
        provider.Then(new DeliveryResult.Failed("DOWN"));
        await using var app = PumpApp.On(store, null, [PumpApp.Route(provider)]);
        var user = await app.AddUserAsync(PumpApp.Address);
        await app.CommitAsync(user, Message(Channel.Sms, PumpApp.Number, null));
        await app.PostponedAsync();
        app.Clock.Advance(TimeSpan.FromMilliseconds(5));   // messages are listed by the instant of their making

        await app.CommitAsync(user, Message(Channel.Sms, PumpApp.Number, null) with { Link = Link + "2" });

        Assert.Equal("SENT", (string?)(await app.EndedAsync())["status"]);
        Assert.Equal(["SENT", "SUPERSEDED"], (await app.OutboxAsync(PumpApp.Number)).Select(message => (string?)message["status"]));
        Assert.Equal(Link + "2", provider.All.Last().Link);
    }

    [Fact]
    public async Task A_report_goes_to_every_administrator_and_is_left_out_where_no_mail_is_sent()
    {
        using var store = new TestStore(Engine.Sqlite);
        var provider = new ScriptedProvider("first");
        var report = new ReportMessage(["one@example.com", "two@example.com"], new ReportedRequest(
            new DateTimeOffset(2026, 3, 5, 9, 41, 7, TimeSpan.Zero), "Ines's phone", "Payroll", "203.0.113.7", "Ljubljana, Slovenia", "Mozilla/5.0"));
        await using (var app = PumpApp.On(store, null, [PumpApp.Route(provider)]))
        {
            await app.CommitAsync(await app.AddUserAsync(PumpApp.Address), report);
            RenderedMessage[] mails = [await provider.ReceiveAsync(), await provider.ReceiveAsync()];

            Assert.Equal(["one@example.com", "two@example.com"], mails.Select(mail => mail.Recipient).Order());
            Assert.All(mails, mail =>
            {
                Assert.Equal((MessagePurpose.Report, "A sign-in request at Countersign was reported"), (mail.Purpose, mail.Subject));
                Assert.Contains($"\nUser: {PumpApp.Address}\nName: Ines Kovar\n", mail.Text, StringComparison.Ordinal);
                Assert.Contains("\nApplication: Payroll\nAddress: 203.0.113.7\n", mail.Text, StringComparison.Ordinal);
            });
        }
        await using var silent = PumpApp.On(store, null, []);
        Assert.Empty(await silent.CommitAsync(await silent.AddUserAsync("ana@example.com"), report));
    }

    private static LinkMessage Message(Channel channel, string recipient, string? language)
        => new(channel, recipient, channel == Channel.Sms ? "US" : null, Link, TimeSpan.FromMinutes(10), new MessageRequest(null, null, language));
}
