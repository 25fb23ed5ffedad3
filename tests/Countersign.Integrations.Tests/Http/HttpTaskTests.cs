using System.Text;
using System.Text.Json;
using Countersign.Integrations.Http;
using Countersign.Integrations.Scripts;
using Countersign.Integrations.Secrets;
using Countersign.Integrations.Workflows;

namespace Countersign.Integrations.Tests.Http;

public sealed class HttpTaskTests
{
    [Fact]
    public async Task An_answer_in_json_becomes_the_output()
    {
        await using var server = RawServer.Answering(RawServer.Reply(200, """{"n":42,"big":12345678901234567890,"f":1.0,"s":"é"}""", "content-type: application/json\r\nX-Request-Id: 8f3c\r\nX-Many: a\r\nX-Many: b\r\nSet-Cookie: session=1\r\n"));

        var outcome = await CarryOutAsync(server, "");

        Assert.Equal(AttemptStatus.Completed, outcome.Status);
        var response = outcome.Output!.Value.GetProperty("response");
        Assert.Equal(["statusCode", "reasonPhrase", "headers", "body"], response.EnumerateObject().Select(member => member.Name));
        Assert.Equal((200, "OK"), (response.GetProperty("statusCode").GetInt32(), response.GetProperty("reasonPhrase").GetString()));
        Assert.Equal("""{"n":42,"big":12345678901234567890,"f":1.0,"s":"é"}""", response.GetProperty("body").GetRawText());
        Assert.Equal("""["8f3c"]""", response.GetProperty("headers").GetProperty("X-Request-Id").GetRawText());
        Assert.Equal("""["a","b"]""", response.GetProperty("headers").GetProperty("X-Many").GetRawText());
        Assert.Equal("""["application/json"]""", response.GetProperty("headers").GetProperty("content-type").GetRawText());
        Assert.Equal("""["***"]""", response.GetProperty("headers").GetProperty("Set-Cookie").GetRawText());
    }

    [Theory]
    [InlineData("text/plain", "42", "42")]
    [InlineData("text/plain", "true", "true")]
    [InlineData("text/plain", "null", "null")]
    [InlineData("text/plain", "\"text\"", "\"text\"")]
    [InlineData("text/html", "<b>x</b>", "\"<b>x</b>\"")]
    [InlineData("application/json", "{not json", "\"{not json\"")]
    [InlineData("application/json", "", "null")]
    [InlineData("text/plain; charset=iso-8859-1", "\u00e9", "\"Ã©\"")]
    [InlineData("application/json", "{\"s\":\"\\ud800\"}", "\"{\\\"s\\\":\\\"\\\\ud800\\\"}\"")]
    [InlineData("application/octet-stream", "plain", "\"cGxhaW4=\"")]
    public async Task A_body_is_read_by_what_it_is(string contentType, string body, string expected)
    {
        await using var server = RawServer.Answering(RawServer.Reply(200, body, $"Content-Type: {contentType}\r\n"));

        var response = (await CarryOutAsync(server, "")).Output!.Value.GetProperty("response");

        Assert.Equal(expected, response.GetProperty("body").GetRawText());
        Assert.Equal(contentType == "application/octet-stream", response.TryGetProperty("bodyEncoding", out _));
    }

    [Fact]
    public async Task Bytes_that_are_no_text_are_packed()
    {
        await using var server = new RawServer(async (_, stream, cancellationToken) =>
        {
            await stream.WriteAsync((byte[])[.. "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 3\r\n\r\n"u8, 0xff, 0xfe, 0x00], cancellationToken);
            return true;
        });

        var response = (await CarryOutAsync(server, "")).Output!.Value.GetProperty("response");

        Assert.Equal(("//4A", "base64"), (response.GetProperty("body").GetString(), response.GetProperty("bodyEncoding").GetString()));
    }

    [Theory]
    [InlineData(200, "", AttemptStatus.Completed)]
    [InlineData(299, "", AttemptStatus.Completed)]
    [InlineData(404, "", AttemptStatus.Failed)]
    [InlineData(500, "", AttemptStatus.Failed)]
    [InlineData(404, ""","acceptedStatusCodes":["2xx",404]""", AttemptStatus.Completed)]
    [InlineData(206, ""","acceptedStatusCodes":["200-203"]""", AttemptStatus.Failed)]
    [InlineData(200, ""","asyncComplete":true""", AttemptStatus.InProgress)]
    [InlineData(500, ""","asyncComplete":true""", AttemptStatus.Failed)]
    public async Task The_status_decides(int status, string more, AttemptStatus expected)
    {
        await using var server = RawServer.Answering(RawServer.Reply(status, "the body"));

        var outcome = await CarryOutAsync(server, more);

        Assert.Equal(expected, outcome.Status);
        Assert.Equal(status, outcome.Output!.Value.GetProperty("response").GetProperty("statusCode").GetInt32());
        if (expected == AttemptStatus.Failed) Assert.StartsWith($"{status} {HttpAnswer.PhraseOf(status)}: the body", outcome.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_reason_has_two_kibibytes_of_the_body_at_most()
    {
        await using var server = RawServer.Answering(RawServer.Reply(400, new string('é', 5_000)));

        var reason = (await CarryOutAsync(server, "")).Reason!;

        Assert.Equal("400 Bad Request: ".Length + 1_024, reason.Length);
    }

    [Theory]
    [InlineData(429, "7", 7)]
    [InlineData(503, "999999", 3600)]
    [InlineData(503, "nonsense", null)]
    [InlineData(500, "7", null)]
    public async Task A_server_that_asks_to_be_left_alone_is_heard(int status, string retryAfter, int? seconds)
    {
        await using var server = RawServer.Answering(RawServer.Reply(status, "", $"Retry-After: {retryAfter}\r\n"));

        Assert.Equal(seconds, (int?)(await CarryOutAsync(server, "")).RetryAfter?.TotalSeconds);
    }

    [Fact]
    public void A_date_to_come_back_at_is_read_by_the_clock()
    {
        var now = new DateTimeOffset(2026, 3, 5, 9, 41, 7, TimeSpan.Zero);
        var answer = new HttpAnswer(503, [new("Retry-After", [now.AddSeconds(90).ToString("r")])], default, false, null, "1.1");

        Assert.Equal(TimeSpan.FromSeconds(90), HttpOutcomes.WaitAsked(answer, now));
        Assert.Null(HttpOutcomes.WaitAsked(answer, now.AddHours(1)));
    }

    [Fact]
    public async Task An_answer_over_the_limit_fails_for_good_and_says_how_large_it_is()
    {
        await using var server = RawServer.Answering(RawServer.Reply(200, new string('x', (3 * 1024 * 1024) + 1)));

        var outcome = await CarryOutAsync(server, "");

        Assert.Equal(AttemptStatus.FailedWithTerminalError, outcome.Status);
        Assert.Equal((3 * 1024 * 1024) + 1, outcome.Output!.Value.GetProperty("response").GetProperty("bodyBytes").GetInt64());
        Assert.False(outcome.Output!.Value.GetProperty("response").TryGetProperty("body", out _));
        Assert.Contains("3145728", outcome.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_that_grows_over_the_limit_when_it_is_written_fails_for_good()
    {
        await using var server = RawServer.Answering(RawServer.Reply(200, new string('\u0001', 1024 * 1024), "Content-Type: text/plain\r\n"));

        Assert.Equal(AttemptStatus.FailedWithTerminalError, (await CarryOutAsync(server, "")).Status);
    }

    [Theory]
    [InlineData("""{"http_request":{"uri":"http://10.0.0.1/","method":"GET"}}""", "10.0.0.1 may not be called")]
    [InlineData("""{"http_request":{"method":"GET"}}""", "uri is missing")]
    [InlineData("""{"uri":"http://a.example/"}""", "method is missing")]
    [InlineData("""{"http_request":"http://a.example/"}""", "must be an object")]
    [InlineData("""{"vipAddress":"service","method":"GET"}""", "vipAddress")]
    public async Task What_would_fail_again_fails_for_good(string input, string reason)
    {
        var outcome = await Calls.CarryOutAsync(Calls.Work(input));

        Assert.Equal(AttemptStatus.FailedWithTerminalError, outcome.Status);
        Assert.Contains(reason, outcome.Reason, StringComparison.Ordinal);
        Assert.Equal(outcome.Reason, outcome.Output!.Value.GetProperty("response").GetString());
    }

    [Fact]
    public async Task No_connection_may_be_better_next_time()
    {
        var outcome = await Calls.CarryOutAsync(Calls.Work("""{"uri":"http://127.0.0.1:1/secret","method":"GET"}"""));

        Assert.Equal(AttemptStatus.Failed, outcome.Status);
        Assert.Contains("No connection to 127.0.0.1:1", outcome.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", outcome.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_time_of_a_task_definition_bounds_the_call()
    {
        await using var server = new RawServer(async (_, _, cancellationToken) => { await Task.Delay(Timeout.Infinite, cancellationToken); return false; });

        var outcome = await Calls.CarryOutAsync(Calls.Work($$$"""{"uri":"{{{server.Url}}}/","method":"GET"}""", definition: """{"name":"d","timeoutSeconds":1,"responseTimeoutSeconds":3600}"""));

        Assert.Equal(AttemptStatus.Failed, outcome.Status);
        Assert.Contains("within 1000 ms", outcome.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Secrets_are_put_in_at_the_last_moment_and_taken_out_of_what_comes_back()
    {
        const string Secret = "s3cr\"t/välue+1";
        await using var server = new RawServer(async (request, stream, cancellationToken) =>
        {
            var echo = JsonSerializer.Serialize(new Dictionary<string, string>
            {
                ["header"] = request.Headers["X-Key"],
                ["target"] = request.Target,
                ["body"] = request.Text,
                ["basic"] = request.Headers["Authorization"],
            });
            await stream.WriteAsync(Encoding.Latin1.GetBytes(RawServer.Reply(500, echo, $"X-Echo: {Uri.EscapeDataString(Secret)}\r\nContent-Type: application/json\r\n")), cancellationToken);
            return true;
        });
        var input = $$$$"""
            {"http_request":{"uri":"{{{{server.Url}}}}/?k=${workflow.secrets.KEY}","method":"POST","headers":{"X-Key":"${workflow.secrets.KEY}"},
             "authentication":{"type":"basic","username":"u","password":"${workflow.secrets.JSON.pass}"},"body":{"key":"${workflow.secrets.KEY}","typed":"${workflow.secrets.OTHER}"}}}
            """;

        var outcome = await Calls.CarryOutAsync(Calls.Work(input.Replace("${workflow.secrets.OTHER}", "plain", StringComparison.Ordinal), input), ("KEY", Secret), ("JSON", """{"pass":"hunter2!"}"""), ("OTHER", "not for data"));

        var sent = Assert.Single(server.Requests);
        Assert.Equal(Secret, sent.Headers["X-Key"]);
        Assert.Contains($"\"{System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(Secret)}\"", sent.Text, StringComparison.Ordinal);
        Assert.Equal("u:hunter2!", Encoding.UTF8.GetString(Convert.FromBase64String(sent.Headers["Authorization"]["Basic ".Length..])));
        // What the data says is no template.
        Assert.Contains("${workflow.secrets.OTHER}", sent.Text, StringComparison.Ordinal);
        var output = outcome.Output!.Value.GetRawText() + outcome.Reason;
        Assert.Contains("***", output, StringComparison.Ordinal);
        foreach (var part in (string[])["s3cr", "hunter2", "aHVudGVy", "czNjc", "s3cr%22"]) Assert.DoesNotContain(part, output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_secret_is_named_and_nothing_is_sent()
    {
        await using var server = RawServer.Answering(RawServer.Reply(200));

        var outcome = await CarryOutAsync(server, ""","headers":{"A":"${workflow.secrets.NOPE}"}""");

        Assert.Equal((AttemptStatus.FailedWithTerminalError, "There is no secret NOPE: an administrator can store it."), (outcome.Status, outcome.Reason));
        Assert.Empty(server.Requests);
    }

    [Theory]
    [InlineData("GET", true)]
    [InlineData("delete", true)]
    [InlineData("PUT", true)]
    [InlineData("POST", false)]
    [InlineData("patch", false)]
    public void Whether_it_may_be_carried_out_again_follows_from_the_method(string method, bool expected)
    {
        using var sender = Calls.Sender();
        var task = new HttpTask(new HttpCalls(sender, new SecretFiller(new Calls.Secrets([]))), TimeProvider.System);

        Assert.Equal(expected, task.IsRepeatable(Calls.Work($$$"""{"http_request":{"uri":"http://a.example","method":"{{{method}}}"}}""").Task));
        Assert.Equal(TimeSpan.FromSeconds(1 + (2 * 5) + 10), task.LongestVisit(Calls.Work("""{"http_request":{"uri":"${workflow.secrets.URL}","connectionTimeOut":1000,"readTimeOut":"5000"}}""").Task));
    }

    [Fact]
    public async Task Client_credentials_are_traded_for_a_token_that_is_kept_until_it_is_refused()
    {
        var (tokens, valid) = (0, "token-1");
        await using var server = new RawServer(async (request, stream, cancellationToken) =>
        {
            var reply = request.Target == "/token"
                ? RawServer.Reply(200, $$$"""{"access_token":"{{{valid = $"token-{++tokens}"}}}","token_type":"bearer","expires_in":3600}""")
                : request.Headers["Authorization"] == $"Bearer {valid}" ? RawServer.Reply(200, $"\"{valid}\"") : RawServer.Reply(401);
            await stream.WriteAsync(Encoding.ASCII.GetBytes(reply), cancellationToken);
            return true;
        });
        using var sender = Calls.Sender();
        var json = $$$"""{"uri":"{{{server.Url}}}/api","method":"GET","authentication":{"type":"oauth2","tokenUrl":"{{{server.Url}}}/token","clientId":"id","clientSecret":"s:1","scope":"a b"}}""";

        var first = await Calls.SendAsync(json, sender: sender);
        var second = await Calls.SendAsync(json, sender: sender);
        valid = "another";
        var refused = await Calls.SendAsync(json, sender: sender);
        var third = await Calls.SendAsync(json, sender: sender);

        Assert.Equal([200, 200, 401, 200], new[] { first, second, refused, third }.Select(exchange => exchange.Answer!.StatusCode));
        Assert.Equal(2, tokens);
        var asked = server.Requests.First(request => request.Target == "/token");
        Assert.Equal("grant_type=client_credentials&scope=a%20b", asked.Text);
        Assert.Equal("Basic " + Convert.ToBase64String("id:s%3A1"u8), asked.Headers["Authorization"]);
        Assert.Equal("token-2", Assert.Single(third.Secrets.ToArray()));
    }

    [Fact]
    public async Task A_token_endpoint_passes_the_guard_too()
    {
        var exchange = await Calls.SendAsync("""{"uri":"http://127.0.0.1:1/","method":"GET","authentication":{"type":"oauth2","tokenUrl":"http://169.254.169.254/token","clientId":"id","clientSecret":"secret"}}""");

        Assert.Equal(HttpFaultKind.Blocked, exchange.Fault!.Kind);
    }

    [Theory]
    [InlineData(200, "true", AttemptStatus.Completed)]
    [InlineData(200, "1", AttemptStatus.Completed)]
    [InlineData(200, "false", AttemptStatus.InProgress)]
    [InlineData(200, "0", AttemptStatus.InProgress)]
    [InlineData(200, "-1", AttemptStatus.Failed)]
    [InlineData(500, "true", AttemptStatus.InProgress)]
    [InlineData(429, "true", AttemptStatus.InProgress)]
    [InlineData(408, "true", AttemptStatus.InProgress)]
    [InlineData(404, "true", AttemptStatus.Failed)]
    public async Task Polling_goes_on_until_its_condition_is_met(int status, string result, AttemptStatus expected)
    {
        await using var server = RawServer.Answering(RawServer.Reply(status, """{"state":"done"}"""));

        var (outcome, seen) = await PollAsync(server, """ "terminationCondition":"the script","pollingInterval":7""", result);

        Assert.Equal(expected, outcome.Status);
        if (expected == AttemptStatus.InProgress) Assert.Equal((TimeSpan.FromSeconds(7), """{"polls":1}"""), (outcome.VisitAgainAfter, outcome.Memory!.Value.GetRawText()));
        if (status != 200) return;
        Assert.Equal("done", seen!.Value.GetProperty("output").GetProperty("response").GetProperty("body").GetProperty("state").GetString());
        Assert.Equal("done", seen.Value.GetProperty("output").GetProperty("body").GetProperty("state").GetString());
        Assert.Equal("the script", seen.Value.GetProperty("input").GetProperty("terminationCondition").GetString());
    }

    [Theory]
    [InlineData("FIXED", 4, 10)]
    [InlineData("LINEAR_BACKOFF", 4, 40)]
    [InlineData("EXPONENTIAL_BACKOFF", 4, 80)]
    [InlineData("EXPONENTIAL_BACKOFF", 900, 86_400)]
    public async Task Polls_grow_apart_as_asked(string strategy, int polls, int seconds)
    {
        await using var server = RawServer.Answering(RawServer.Reply(200));

        var (outcome, _) = await PollAsync(server, $$$""" "terminationCondition":"x","pollingInterval":"10","pollingStrategy":"{{{strategy}}}" """, "false", $$$"""{"polls":{{{polls - 1}}}}""");

        Assert.Equal(TimeSpan.FromSeconds(seconds), outcome.VisitAgainAfter);
    }

    [Fact]
    public async Task Polling_ends_after_so_many()
    {
        await using var server = RawServer.Answering(RawServer.Reply(200));

        var (outcome, _) = await PollAsync(server, """ "terminationCondition":"x","maxPollCount":3""", "false", """{"polls":2}""");

        Assert.Equal(AttemptStatus.Failed, outcome.Status);
        Assert.Contains("in 3 polls", outcome.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"http_request":{"uri":"http://127.0.0.1:1/","method":"GET"}}""", "terminationCondition is missing")]
    [InlineData("""{"http_request":{"uri":"http://127.0.0.1:1/","method":"GET"},"terminationCondition":"x","pollingInterval":0}""", "pollingInterval")]
    [InlineData("""{"http_request":{"uri":"http://127.0.0.1:1/","method":"GET","terminationCondition":"x","pollingStrategy":"RANDOM"}}""", "pollingStrategy")]
    [InlineData("""{"http_request":{"uri":"http://10.0.0.1:1/","method":"GET","terminationCondition":"x"}}""", "may not be called")]
    public async Task A_poll_that_can_never_be_right_fails_for_good(string input, string reason)
    {
        using var sender = Calls.Sender();
        var task = new HttpPollTask(new HttpCalls(sender, new SecretFiller(new Calls.Secrets([]))), new Script("true"), TimeProvider.System);

        var outcome = await task.CarryOutAsync(Calls.Work(input), CancellationToken.None);

        Assert.Equal(AttemptStatus.FailedWithTerminalError, outcome.Status);
        Assert.Contains(reason, outcome.Reason, StringComparison.Ordinal);
    }

    private static Task<Integrations.Tasks.TaskOutcome> CarryOutAsync(RawServer server, string more)
        => Calls.CarryOutAsync(Calls.Work($$$"""{"http_request":{"uri":"{{{server.Url}}}/path","method":"GET"{{{more}}}}}"""));

    private static async Task<(Integrations.Tasks.TaskOutcome Outcome, JsonElement? Seen)> PollAsync(RawServer server, string more, string result, string? memory = null)
    {
        using var sender = Calls.Sender();
        var script = new Script(result);
        var task = new HttpPollTask(new HttpCalls(sender, new SecretFiller(new Calls.Secrets([]))), script, TimeProvider.System);
        var work = Calls.Work($$$"""{"http_request":{"uri":"{{{server.Url}}}/","method":"GET"},{{{more}}}}""", memory: memory is null ? null : Calls.Json(memory));
        return (await task.CarryOutAsync(work, CancellationToken.None), script.Seen);
    }

    private sealed class Script(string result) : IScripts
    {
        public JsonElement? Seen { get; private set; }

        public ScriptResult Evaluate(string script, JsonElement input)
        {
            Seen = input;
            return new ScriptResult(Calls.Json(result), null);
        }
    }

    [Theory]
    [InlineData(1_500)]
    [InlineData(20_000)]
    public async Task No_part_of_a_long_secret_is_in_the_reason(int length)
    {
        var secret = string.Concat(Enumerable.Range(0, length).Select(i => (char)('a' + (i * 7 % 26)))) + "END";
        await using var server = RawServer.Answering(RawServer.Reply(400, secret + secret + secret, "Content-Type: text/plain\r\n"));

        var outcome = await Calls.CarryOutAsync(Calls.Work($$$"""{"uri":"{{{server.Url}}}","method":"GET","headers":{"X-Key":"${workflow.secrets.KEY}"}}"""), ("KEY", secret));

        Assert.Equal("400 Bad Request: *********", outcome.Reason);
    }

    [Fact]
    public async Task A_call_does_not_outlast_the_lease_that_its_stored_input_gave()
    {
        var sender = new RecordingSender();

        await new HttpTask(new HttpCalls(sender, new SecretFiller(new Calls.Secrets([("LONG", "600000")]))), TimeProvider.System).CarryOutAsync(
            Calls.Work("""{"uri":"https://a.example","method":"GET","readTimeOut":"${workflow.secrets.LONG}","authentication":{"type":"apiKey","name":"X-Key","value":"literal-key"}}"""), CancellationToken.None);

        var limits = Assert.Single(sender.Limits);
        Assert.True(limits.Total <= new HttpRequestSettings { Method = "GET", Uri = new Uri("https://a.example") }.LongestCall, $"{limits.Total}");
        // What says who sends it goes to no other origin, be it from a secret or not.
        Assert.Contains("literal-key", limits.Secrets);
    }

    private sealed class RecordingSender : IHttpSender
    {
        public List<CallLimits> Limits { get; } = [];

        public Task<HttpExchange> SendAsync(HttpRequestSettings settings, CallLimits limits, CancellationToken cancellationToken)
        {
            Limits.Add(limits);
            return Task.FromResult(new HttpExchange { Request = new SentRequest(settings.Method, settings.Uri, settings.Headers, null), Fault = HttpFault.Invalid("not sent") });
        }

        public Task<FetchedDocument> FetchAsync(Uri uri, long longest, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
