using System.Net;
using System.Net.Sockets;
using System.Text;
using Countersign.Delivery.Http;
using Countersign.Testing.Delivery;
using Microsoft.Extensions.Time.Testing;

namespace Countersign.Delivery.Tests.Http;

public sealed class BoundedHttpClientTests : IAsyncDisposable
{
    private readonly FakeTimeProvider _clock = new(Messages.Created);
    private readonly LoopbackServer _server = new(_ => Reply.Json(200, "{}"));
    private readonly BoundedHttpClient _client;

    public BoundedHttpClientTests() => _client = new BoundedHttpClient(_clock);

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Every_request_names_the_product_and_asks_for_nothing_packed()
    {
        await GetAsync();

        var request = await _server.ReceiveAsync();
        Assert.Matches(@"^Countersign/\d+\.\d+\.\d+$", request.Headers["User-Agent"]);
        Assert.DoesNotContain("Accept-Encoding", request.Headers.Keys);
        Assert.DoesNotContain("traceparent", request.Headers.Keys);
    }

    [Fact]
    public async Task A_name_that_leads_to_an_address_that_may_not_be_called_is_not_called()
    {
        using var client = new BoundedHttpClient(_clock, allows: (url, address) => url.AbsolutePath == "/allowed" && IPAddress.IsLoopback(address));

        async Task<HttpReply> CallAsync(string path)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(_server.Address, path));
            return await client.SendAsync(request, CancellationToken.None);
        }

        Assert.Equal(new HttpReply.Silent(TimedOut: false), await CallAsync("/other"));
        Assert.Equal(0, _server.Count);
        Assert.IsType<HttpReply.Answered>(await CallAsync("/allowed"));
        Assert.Equal(1, _server.Count);
    }

    [Fact]
    public async Task Redirects_are_not_followed()
    {
        _server.AnswerWith(Reply.Status(307, ("Location", new Uri(_server.Address, "/elsewhere").AbsoluteUri)));

        var reply = Assert.IsType<HttpReply.Answered>(await GetAsync());

        Assert.Equal(HttpStatusCode.TemporaryRedirect, reply.Status);
        Assert.Equal(1, _server.Count);
    }

    [Fact]
    public async Task Cookies_are_not_kept()
    {
        _server.AnswerWith(Reply.Status(200, ("Set-Cookie", "a=b")));
        await GetAsync();
        await _server.ReceiveAsync();

        await GetAsync();

        Assert.DoesNotContain("Cookie", (await _server.ReceiveAsync()).Headers.Keys);
    }

    [Theory]
    [InlineData(BoundedHttpClient.LongestBody, BodyFault.None)]
    [InlineData(BoundedHttpClient.LongestBody + 1, BodyFault.TooLong)]
    [InlineData(10_000_000, BodyFault.TooLong)]
    public async Task A_body_is_read_up_to_a_bound(int bytes, object fault)
    {
        _server.AnswerWith(Reply.Long(200, "{}", bytes));

        var reply = Assert.IsType<HttpReply.Answered>(await GetAsync());

        Assert.Equal(fault, reply.Fault);
        Assert.Equal(reply.Fault == BodyFault.None ? bytes : 0, reply.Body.Length);
    }

    [Fact]
    public async Task A_packed_body_stays_packed()
    {
        _server.AnswerWith(Reply.Json(200, "not gzip", ("Content-Encoding", "gzip")));

        var reply = Assert.IsType<HttpReply.Answered>(await GetAsync());

        Assert.Equal("not gzip", Encoding.UTF8.GetString(reply.Body.Span));
    }

    [Fact]
    public async Task A_connection_that_ends_in_the_body_is_told_from_one_that_ends_before()
    {
        _server.AnswerWith(Reply.CutOff(200, "{"), Reply.HangUp);

        var cutOff = await GetAsync();
        var hungUp = await GetAsync();

        Assert.Equal(BodyFault.CutOff, Assert.IsType<HttpReply.Answered>(cutOff).Fault);
        Assert.False(Assert.IsType<HttpReply.Silent>(hungUp).TimedOut);
    }

    [Fact]
    public async Task Time_may_run_out_before_the_answer_and_in_its_body()
    {
        _server.AnswerWith(Reply.Silence, Reply.Stalled(200, "{"));

        var silent = await GetUntilReceivedAsync();
        // The beginning of a body is on the wire at some time after the request has come; the token may end the request before that or after.
        var stalled = await GetUntilReceivedAsync();

        Assert.True(Assert.IsType<HttpReply.Silent>(silent).TimedOut);
        Assert.True(stalled is HttpReply.Silent { TimedOut: true } or HttpReply.Answered { Fault: BodyFault.Late });
    }

    [Fact]
    public async Task An_address_where_nobody_listens_is_silent()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var address = $"http://{listener.LocalEndpoint}/";
        listener.Stop();

        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        var reply = await _client.SendAsync(request, CancellationToken.None);

        Assert.False(Assert.IsType<HttpReply.Silent>(reply).TimedOut);
    }

    [Theory]
    [InlineData("SSH-2.0-OpenSSH_9.6\r\n")]
    [InlineData("HTTP/1.1 two hundred\r\n\r\n")]
    public async Task What_is_not_http_is_malformed(string answer)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var serving = ServeAsync(listener, answer);

        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://{listener.LocalEndpoint}/");
        var reply = await _client.SendAsync(request, CancellationToken.None);

        Assert.IsType<HttpReply.Malformed>(reply);
        await serving;
    }

    [Theory]
    [InlineData("30", 30)]
    [InlineData("0", null)]
    [InlineData("86400", 3_600)]
    [InlineData("99999999999999", null)]
    [InlineData("Thu, 05 Mar 2026 09:42:07 GMT", 60)]
    [InlineData("Thu, 05 Mar 2026 09:41:00 GMT", null)]
    [InlineData("Fri, 05 Mar 2027 09:41:00 GMT", 3_600)]
    [InlineData("soon", null)]
    public async Task A_wish_to_be_left_alone_is_bounded(string retryAfter, int? seconds)
    {
        _server.AnswerWith(Reply.Status(429, ("Retry-After", retryAfter)));

        var reply = Assert.IsType<HttpReply.Answered>(await GetAsync());

        Assert.Equal(seconds, reply.RetryAfter?.TotalSeconds);
    }

    private async Task<HttpReply> GetAsync()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, _server.Address);
        return await _client.SendAsync(request, CancellationToken.None);
    }

    private async Task<HttpReply> GetUntilReceivedAsync()
    {
        using var limit = new CancellationTokenSource();
        using var request = new HttpRequestMessage(HttpMethod.Get, _server.Address);
        var sending = _client.SendAsync(request, limit.Token);
        await _server.ReceiveAsync();
        await limit.CancelAsync();
        return await sending;
    }

    private static async Task ServeAsync(TcpListener listener, string answer)
    {
        using var connection = await listener.AcceptTcpClientAsync();
        await connection.GetStream().ReadAtLeastAsync(new byte[1024], 1);
        await connection.GetStream().WriteAsync(Encoding.ASCII.GetBytes(answer));
    }
}
