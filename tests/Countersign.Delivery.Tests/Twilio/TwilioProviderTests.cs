using System.Xml.Linq;
using Countersign.Delivery.Twilio;
using Countersign.Outbox;
using Countersign.Settings;
using Countersign.Testing.Delivery;
using Microsoft.Extensions.Time.Testing;

namespace Countersign.Delivery.Tests.Twilio;

public sealed class TwilioProviderTests : IAsyncDisposable
{
    private readonly FakeTimeProvider _clock = new(Messages.Created);
    private readonly TwilioCounterpart _twilio = new();

    public ValueTask DisposeAsync() => _twilio.DisposeAsync();

    [Fact]
    public async Task A_text_message_is_made_as_documented()
    {
        using var provider = Provider();

        var result = await provider.SendAsync(Messages.Of(Channel.Sms), CancellationToken.None);

        Assert.Equal(new DeliveryResult.Accepted($"SM{1:d32}"), result);
        var request = await _twilio.ReceiveAsync();
        Assert.Equal($"/2010-04-01/Accounts/{TwilioCounterpart.AccountSid}/Messages.json", request.Target);
        Assert.Equal("application/x-www-form-urlencoded", request.Headers["Content-Type"]);
        Assert.Equal("msg0001tests00000000", request.Headers["Idempotency-Key"]);
        Assert.Equal(new Dictionary<string, string>
        {
            ["To"] = "+14155550142",
            ["From"] = TwilioCounterpart.From,
            ["Body"] = "Your verification code is 482915.",
            ["ValidityPeriod"] = "300",
            ["StatusCallback"] = "https://mfa.example.com/receipts/twilio?message=msg0001tests00000000",
        }, request.Form);
    }

    [Fact]
    public async Task A_call_is_made_as_documented()
    {
        using var provider = Provider();

        var result = await provider.SendAsync(Messages.Of(Channel.Call) with { Extension = "1234", Language = "de", Text = "Ihr Code <lautet> 4 & 8." }, CancellationToken.None);

        Assert.Equal(new DeliveryResult.Accepted($"CA{1:d32}"), result);
        var request = await _twilio.ReceiveAsync();
        Assert.Equal($"/2010-04-01/Accounts/{TwilioCounterpart.AccountSid}/Calls.json", request.Target);
        const string Said = """<Pause length="1" /><Say language="de-DE" voice="Polly.Vicki">Ihr Code &lt;lautet&gt; 4 &amp; 8.</Say>""";
        Assert.Equal(new Dictionary<string, string>
        {
            ["To"] = "+14155550142",
            ["From"] = TwilioCounterpart.From,
            ["Twiml"] = $"<Response>{Said}{Said}</Response>",
            ["Timeout"] = "60",
            ["SendDigits"] = "ww1234",
            ["StatusCallback"] = "https://mfa.example.com/receipts/twilio?message=msg0001tests00000000",
            ["StatusCallbackEvent"] = "completed",
        }, request.Form);
    }

    [Fact]
    public async Task Settings_choose_credentials_senders_and_callbacks()
    {
        using var provider = new TwilioProvider("twilio", new TwilioSettings
        {
            BaseUrl = _twilio.BaseUrl,
            AccountSid = TwilioCounterpart.AccountSid,
            ApiKeySid = TwilioCounterpart.ApiKeySid,
            ApiKeySecret = TwilioCounterpart.ApiKeySecret,
            From = "+15005550001",
            CallFrom = "+15005550002",
            MessagingServiceSid = "MG0123456789abcdef0123456789abcdef",
        }, statusCallback: null, _clock);

        Assert.IsType<DeliveryResult.Accepted>(await provider.SendAsync(Messages.Of(Channel.Sms), CancellationToken.None));
        Assert.IsType<DeliveryResult.Accepted>(await provider.SendAsync(Messages.Of(Channel.Call), CancellationToken.None));

        var sms = (await _twilio.ReceiveAsync()).Form;
        Assert.Equal(["To", "MessagingServiceSid", "Body", "ValidityPeriod"], sms.Keys);
        var call = (await _twilio.ReceiveAsync()).Form;
        Assert.Equal(["To", "From", "Twiml", "Timeout"], call.Keys);
        Assert.Equal("+15005550002", call["From"]);
    }

    [Fact]
    public async Task A_callback_with_a_query_keeps_it()
    {
        using var provider = Provider(callback: "https://mfa.example.com/receipts?provider=twilio%202");

        await provider.SendAsync(Messages.Of(Channel.Sms), CancellationToken.None);

        Assert.Equal("https://mfa.example.com/receipts?provider=twilio%202&message=msg0001tests00000000", (await _twilio.ReceiveAsync()).Form["StatusCallback"]);
    }

    [Theory]
    [InlineData(299, "1", "1")]
    [InlineData(270, "30", "30")]
    [InlineData(-86_400, "36000", "60")]
    public async Task A_message_counts_as_long_as_its_code(int passed, string validity, string ringing)
    {
        using var provider = Provider();
        var expires = _clock.GetUtcNow().AddSeconds(300 - passed);

        await provider.SendAsync(Messages.Of(Channel.Sms) with { Expires = expires }, CancellationToken.None);
        await provider.SendAsync(Messages.Of(Channel.Call) with { Expires = expires }, CancellationToken.None);

        Assert.Equal(validity, (await _twilio.ReceiveAsync()).Form["ValidityPeriod"]);
        Assert.Equal(ringing, (await _twilio.ReceiveAsync()).Form["Timeout"]);
    }

    [Fact]
    public async Task A_code_that_has_ended_is_not_sent()
    {
        using var provider = Provider();
        _clock.Advance(TimeSpan.FromSeconds(299.5));

        Assert.IsType<DeliveryResult.Rejected>(await provider.SendAsync(Messages.Of(Channel.Sms), CancellationToken.None));
    }

    [Theory]
    [InlineData(21211, true)]
    [InlineData(21217, true)]
    [InlineData(21265, true)]
    [InlineData(21610, true)]
    [InlineData(21614, true)]
    [InlineData(21635, true)]
    [InlineData(21202, true)]
    [InlineData(21214, false)]
    [InlineData(21215, false)]
    [InlineData(21216, false)]
    [InlineData(21219, false)]
    [InlineData(21408, false)]
    [InlineData(21606, false)]
    [InlineData(21608, false)]
    [InlineData(21612, false)]
    [InlineData(29999, false)]
    public async Task An_error_is_final_only_when_it_is_the_numbers(int code, bool isFinal)
    {
        _twilio.RefuseNext(400, code);
        using var provider = Provider();

        var result = await provider.SendAsync(Messages.Of(Channel.Sms), CancellationToken.None);

        var reason = isFinal ? Assert.IsType<DeliveryResult.Rejected>(result).Reason : Assert.IsType<DeliveryResult.Failed>(result).Reason;
        Assert.StartsWith($"{code}", reason, StringComparison.Ordinal);
        Assert.DoesNotContain("4155550142", reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_number_that_is_none_is_refused_for_good()
    {
        using var provider = Provider();

        var result = await provider.SendAsync(Messages.Of(Channel.Sms) with { Recipient = "+0" }, CancellationToken.None);

        Assert.Equal(new DeliveryResult.Rejected("21211: not a valid phone number"), result);
    }

    [Fact]
    public async Task Too_many_requests_are_tried_later()
    {
        _twilio.RefuseNext(429, 20429, ("Retry-After", "7"));
        using var provider = Provider();

        var result = await provider.SendAsync(Messages.Of(Channel.Sms), CancellationToken.None);

        Assert.Equal(new DeliveryResult.Failed("20429: too many requests", TimeSpan.FromSeconds(7)), result);
    }

    public static TheoryData<string, Reply> BadAnswers => new()
    {
        { "no sid", Reply.Json(201, """{"status":"queued"}""") },
        { "a sid that is none", Reply.Json(201, $$"""{"sid":"{{new string('a', 201)}}"}""") },
        { "a number for a sid", Reply.Json(201, """{"sid":1}""") },
        { "a list", Reply.Json(201, "[]") },
        { "not JSON", Reply.Json(200, "<html>Welcome to our hotspot</html>") },
        { "half a surrogate pair", Reply.Json(201, """{"sid":"\ud800"}""") },
        { "nothing", Reply.Status(204) },
        { "a long body", Reply.Long(201, """{"sid":"SM1"}""", 10_000_000) },
        { "half a body", Reply.CutOff(201, """{"sid":"SM1","status":""") },
        { "no answer", Reply.HangUp },
        { "a redirect", Reply.Status(302, ("Location", "/2010-04-01/Accounts.json")) },
        { "403", Reply.Json(403, """{"code":21211}""") },
        { "500", Reply.Status(500) },
        { "503 in HTML", Reply.Json(503, "<html/>") },
        { "an error without a code", Reply.Json(400, """{"message":"no"}""") },
        { "an error with a strange code", Reply.Json(400, """{"code":2.5}""") },
    };

    [Theory]
    [MemberData(nameof(BadAnswers), DisableDiscoveryEnumeration = true)]
    public async Task Every_other_answer_is_a_failure(string what, Reply reply)
    {
        _twilio.AnswerWith(reply);
        using var provider = Provider();

        var result = await provider.SendAsync(Messages.Of(Channel.Sms), CancellationToken.None);

        Assert.True(result is DeliveryResult.Failed { Reason.Length: > 0 and <= 200 }, $"{what}: {result}");
    }

    [Fact]
    public async Task Wrong_credentials_are_a_failure()
    {
        using var provider = Provider(settings => settings.AuthToken = "wrong");

        Assert.Equal(new DeliveryResult.Failed("20003: the credentials are not accepted"), await provider.SendAsync(Messages.Of(Channel.Sms), CancellationToken.None));
        Assert.Equal(new ProviderHealth(false, "the credentials are not accepted"), await provider.CheckAsync(CancellationToken.None));
    }

    [Fact]
    public async Task The_time_limit_is_the_callers()
    {
        _twilio.AnswerWith(Reply.Silence);
        using var provider = Provider();
        using var limit = new CancellationTokenSource();

        var sending = provider.SendAsync(Messages.Of(Channel.Sms), limit.Token);
        await _twilio.ReceiveAsync();
        await limit.CancelAsync();

        Assert.Equal(new DeliveryResult.Failed("no answer in time"), await sending);
    }

    [Fact]
    public async Task Health_is_the_accounts()
    {
        using var withToken = Provider();
        using var withKey = Provider(settings => (settings.ApiKeySid, settings.ApiKeySecret) = (TwilioCounterpart.ApiKeySid, TwilioCounterpart.ApiKeySecret));

        Assert.True((await withToken.CheckAsync(CancellationToken.None)).IsHealthy);
        Assert.True((await withKey.CheckAsync(CancellationToken.None)).IsHealthy);

        _twilio.AnswerWith(Reply.Json(200, """{"status":"suspended"}"""), Reply.Status(503), Reply.HangUp, Reply.Json(200, "x"));
        Assert.Equal(new ProviderHealth(false, "the account is suspended"), await withToken.CheckAsync(CancellationToken.None));
        Assert.Equal(new ProviderHealth(false, "status 503"), await withToken.CheckAsync(CancellationToken.None));
        Assert.Equal(new ProviderHealth(false, "no connection"), await withToken.CheckAsync(CancellationToken.None));
        Assert.False((await withToken.CheckAsync(CancellationToken.None)).IsHealthy);
    }

    [Fact]
    public async Task What_is_not_set_is_named()
    {
        Assert.Contains("AccountSid", Assert.Throws<SettingsException>(() => new TwilioProvider("twilio", new TwilioSettings(), null, _clock)).Message, StringComparison.Ordinal);
        Assert.Throws<SettingsException>(() => Provider(settings => settings.AuthToken = null));
        Assert.Throws<SettingsException>(() => Provider(settings => settings.ApiKeySid = "SK1"));

        using var withoutSender = Provider(settings => settings.From = null);
        Assert.Equal(new DeliveryResult.Failed("From is not set"), await withoutSender.SendAsync(Messages.Of(Channel.Sms), CancellationToken.None));
        Assert.IsType<DeliveryResult.Failed>(await withoutSender.SendAsync(Messages.Of(Channel.Call), CancellationToken.None));
    }

    [Theory]
    [InlineData("pt-BR", "pt-BR", "Hello")]
    [InlineData("pt-AO", "pt-PT", "Hello")]
    [InlineData("de-CH-1996", "de-DE", "Hello")]
    [InlineData("en-GB", "en-GB", "Hello")]
    [InlineData("zh-Hant-TW", "cmn-CN", "Hello")]
    [InlineData("tlh", "en-US", "Your code is 4, 8, 2, 9, 1, 5.")]
    public void A_language_without_a_voice_leaves_the_digits_in_English(string language, string said, string text)
    {
        var say = XElement.Parse(Twiml.Of(Messages.Of(Channel.Call) with { Language = language, Text = "Hello" })).Elements("Say").First();

        Assert.Equal((said, text), (say.Attribute("language")!.Value, say.Value));
    }

    [Fact]
    public void What_a_call_says_fits_and_is_xml_whatever_the_text_is()
    {
        var message = Messages.Of(Channel.Call);

        Assert.Single(XElement.Parse(Twiml.Of(message with { Text = new string('a', 2_500) })).Elements("Say"));
        Assert.Equal("a]]>b😀c", XElement.Parse(Twiml.Of(message with { Text = "a]]>\0b\u0001😀\uFFFEc" })).Elements("Say").First().Value);
    }

    private TwilioProvider Provider(Action<TwilioSettings>? change = null, string callback = "https://mfa.example.com/receipts/twilio")
    {
        var settings = new TwilioSettings
        {
            BaseUrl = _twilio.BaseUrl,
            AccountSid = TwilioCounterpart.AccountSid,
            AuthToken = TwilioCounterpart.AuthToken,
            From = TwilioCounterpart.From,
        };
        change?.Invoke(settings);
        return new TwilioProvider("twilio", settings, new Uri(callback), _clock);
    }
}
