using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Countersign.Testing;
using Countersign.Testing.Delivery;
using Countersign.Testing.Mail;

namespace Countersign.Delivery.Tests.Pump;

/// <summary>From the API's request to what a real counterpart receives, through configured providers, and back with the code.</summary>
public sealed partial class ProvidersEndToEndTests
{
    private const string PublicUrl = "https://mfa.example.com";

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task A_mail_arrives_over_starttls_in_the_language_asked_for_and_its_code_verifies(Engine engine)
    {
        await using var server = MailServer.Start();
        await using var app = new CountersignApp(engine, Mail(server));
        var user = await app.AddUserAsync(PumpApp.Address);
        var enrolled = await app.PostAsync($"/api/v1/users/{user}/factors?activate=true", new JsonObject { ["factorType"] = "email" });
        var verify = $"/api/v1/users/{user}/factors/{enrolled.Id}/verify";

        using var request = new HttpRequestMessage(HttpMethod.Post, $"{verify}?tokenLifetimeSeconds=600") { Content = new StringContent("") };
        request.Headers.Add("Accept-Language", "fr-CA;q=0.3, de-CH, en;q=0.8");
        using var challenged = await app.Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, challenged.StatusCode);
        var mail = await server.ReceiveAsync(PumpApp.Address);

        Assert.Contains("10 Minuten", mail.TextBody, StringComparison.Ordinal);
        Assert.Contains("<html lang=\"de\"", mail.HtmlBody, StringComparison.Ordinal);
        var code = SixDigits().Match(mail.TextBody!).Value;
        Assert.Contains(code, mail.HtmlBody, StringComparison.Ordinal);
        Assert.DoesNotContain(code, mail.Subject, StringComparison.Ordinal);
        Assert.Equal("SUCCESS", (await app.PostAsync(verify, new JsonObject { ["passCode"] = code })).FactorResult);
        Assert.Equal("SENT", (string?)(await app.EndedAsync(PumpApp.Address))["status"]);
        Assert.Contains((string)(await app.OutboxAsync(PumpApp.Address))[0]["id"]!, mail.MessageId, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_sms_and_a_call_go_through_twilio_and_their_receipts_are_noted_once_they_are_signed()
    {
        await using var twilio = new TwilioCounterpart();
        await using var app = new CountersignApp(Engine.Sqlite, [.. Twilio(twilio), new("Countersign:PublicUrl", PublicUrl)]);
        var user = await app.AddUserAsync(PumpApp.Address);
        foreach (var type in (string[])["sms", "call"])
        {
            var profile = new JsonObject { ["phoneNumber"] = PumpApp.Number };
            if (type == "call") profile["phoneExtension"] = "77";
            var enrolled = await app.PostAsync($"/api/v1/users/{user}/factors?activate=true", new JsonObject { ["factorType"] = type, ["profile"] = profile });
            var verify = $"/api/v1/users/{user}/factors/{enrolled.Id}/verify";
            app.Clock.Advance(TimeSpan.FromMilliseconds(1));   // the newest message is told by its instant
            await app.PostAsync(verify);
            var received = await twilio.ReceiveAsync();
            var sent = await app.EndedAsync();
            Assert.Equal(("SENT", "twilio"), ((string?)sent["status"], (string?)sent["provider"]));
            var callback = received.Form["StatusCallback"];
            Assert.StartsWith($"{PublicUrl}/countersign/v1/delivery/providers/twilio/status", callback, StringComparison.Ordinal);

            var status = new Dictionary<string, string> { [type == "sms" ? "MessageSid" : "CallSid"] = (string)sent["reference"]!, [type == "sms" ? "MessageStatus" : "CallStatus"] = type == "sms" ? "delivered" : "no-answer" };
            Assert.Equal(HttpStatusCode.Forbidden, await NoteAsync(app, callback, status, "another-token"));
            Assert.Equal("SENT", (string?)(await app.OutboxAsync(PumpApp.Number))[0]["status"]);
            Assert.Equal(HttpStatusCode.NoContent, await NoteAsync(app, callback, status, null));
            Assert.Equal(HttpStatusCode.NoContent, await NoteAsync(app, callback, status, null));

            Assert.Equal(type == "sms" ? "DELIVERED" : "UNDELIVERED", (string?)(await app.OutboxAsync(PumpApp.Number))[0]["status"]);
            Assert.Single(await app.EventsAsync(type == "sms" ? "system.sms.receive_status" : "system.voice.receive_status"));
            var code = type == "sms" ? SixDigits().Match(received.Form["Body"]).Value : string.Concat(SpokenDigits().Match(received.Form["Twiml"]).Value.Where(char.IsAsciiDigit));
            Assert.Equal("SUCCESS", (await app.PostAsync(verify, new JsonObject { ["passCode"] = code })).FactorResult);
        }
    }

    [Fact]
    public async Task When_twilio_refuses_the_webhook_sends_under_the_same_id_signed()
    {
        await using var twilio = new TwilioCounterpart();
        await using var webhook = new WebhookReceiver();
        await using var app = new CountersignApp(Engine.Sqlite, [.. Twilio(twilio), new("Countersign:Delivery:Providers:own:Type", "webhook"), new("Countersign:Delivery:Providers:own:Order", "200"),
            new("Countersign:Delivery:Providers:own:Url", webhook.Url.ToString()), new("Countersign:Delivery:Providers:own:Secret", WebhookReceiver.Secret)]);
        twilio.RefuseNext(503, 20503);

        await app.PostAsync($"{await app.SmsAsync()}/verify");
        var refused = await twilio.ReceiveAsync();
        var delivered = await webhook.ReceiveAsync();
        var sent = await app.EndedAsync();

        Assert.True(delivered.IsSigned);
        Assert.Equal("own", (string?)sent["provider"]);
        Assert.Equal(((string?)sent["id"], (string?)sent["id"]), (refused.Headers["Idempotency-Key"], (string?)delivered.Message["id"]));
    }

    [Fact]
    public async Task An_sms_in_arabic_goes_through_an_operator_in_ucs2_and_its_receipt_comes_back()
    {
        await using var center = new Smpp.SmppServer();
        await using var app = new CountersignApp(Engine.Sqlite, [new("Countersign:Delivery:Providers:operator:Type", "smpp"), new("Countersign:Delivery:Providers:operator:Host", "127.0.0.1"),
            new("Countersign:Delivery:Providers:operator:Port", center.Port.ToString()), new("Countersign:Delivery:Providers:operator:SystemId", Smpp.SmppServer.SystemId),
            new("Countersign:Delivery:Providers:operator:Password", Smpp.SmppServer.Password), new("Countersign:Delivery:Providers:operator:From", "Countersign")]);
        var factor = await app.SmsAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{factor}/verify") { Content = new StringContent("") };
        request.Headers.Add("Accept-Language", "ar");
        using var challenged = await app.Client.SendAsync(request);
        var peer = await center.BoundAsync();
        var submitted = await peer.SubmissionAsync();

        var code = SixDigits().Match(Encoding.BigEndianUnicode.GetString(submitted.TextOctets)).Value;
        Assert.Equal((8, "14155550142"), (submitted.DataCoding, submitted.Destination.Address));
        var sent = await app.EndedAsync();
        await peer.AskAsync(0x05, Smpp.Deliveries.Receipt((string)sent["reference"]!, "DELIVRD"));

        Assert.Equal("DELIVERED", (string?)(await app.EndedAsync(PumpApp.Number, "DELIVERED"))["status"]);
        Assert.Equal("SUCCESS", (await app.PostAsync($"{factor}/verify", new JsonObject { ["passCode"] = code })).FactorResult);
    }

    [Fact]
    public async Task Providers_are_listed_with_their_health()
    {
        await using var mail = MailServer.Start();
        await using var app = new CountersignApp(Engine.Sqlite, [.. Mail(mail), new("Countersign:Delivery:Providers:gone:Type", "smtp"), new("Countersign:Delivery:Providers:gone:Host", "localhost"),
            new("Countersign:Delivery:Providers:gone:Port", "1"), new("Countersign:Delivery:Providers:gone:Security", "none"), new("Countersign:Delivery:Providers:gone:From", "mfa@example.com")]);

        var listed = await app.GetAsync("/countersign/v1/delivery/providers");

        Assert.Equal([("gone", false), ("mail", true)], listed.Json.AsArray().Select(provider => ((string)provider!["name"]!, (bool)provider["healthy"]!)));
        Assert.DoesNotContain(MailServer.Password, listed.Text, StringComparison.Ordinal);
    }

    private static KeyValuePair<string, string>[] Mail(MailServer server) =>
    [
        new("Countersign:Delivery:Providers:mail:Type", "smtp"), new("Countersign:Delivery:Providers:mail:Host", "localhost"), new("Countersign:Delivery:Providers:mail:Port", server.Port.ToString()),
        new("Countersign:Delivery:Providers:mail:UserName", MailServer.UserName), new("Countersign:Delivery:Providers:mail:Password", MailServer.Password),
        new("Countersign:Delivery:Providers:mail:From", "mfa@example.com"), new("Countersign:Delivery:Providers:mail:CaCertificateFile", server.CaCertificateFile),
    ];

    private static KeyValuePair<string, string>[] Twilio(TwilioCounterpart twilio) =>
    [
        new("Countersign:Delivery:Providers:twilio:Type", "twilio"), new("Countersign:Delivery:Providers:twilio:BaseUrl", twilio.BaseUrl.ToString()),
        new("Countersign:Delivery:Providers:twilio:AccountSid", TwilioCounterpart.AccountSid), new("Countersign:Delivery:Providers:twilio:AuthToken", TwilioCounterpart.AuthToken),
        new("Countersign:Delivery:Providers:twilio:From", TwilioCounterpart.From),
    ];

    private static async Task<HttpStatusCode> NoteAsync(CountersignApp app, string callback, Dictionary<string, string> form, string? token)
    {
        // The callback goes to the public address, which a proxy leads here.
        using var request = TwilioCounterpart.Callback(callback, form, token);
        request.RequestUri = new Uri(new Uri(callback).PathAndQuery, UriKind.Relative);
        using var answered = await app.CreateClient().SendAsync(request);
        return answered.StatusCode;
    }

    [GeneratedRegex("[0-9]{6}")]
    private static partial Regex SixDigits();

    [GeneratedRegex("[0-9](, [0-9]){5}")]
    private static partial Regex SpokenDigits();
}
