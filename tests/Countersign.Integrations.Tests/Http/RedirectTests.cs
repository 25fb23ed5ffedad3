using System.Net;
using System.Text;
using Countersign.Integrations.Http;

namespace Countersign.Integrations.Tests.Http;

public sealed class RedirectTests
{
    [Theory]
    [InlineData(301, "GET", "GET", false)]
    [InlineData(301, "POST", "GET", false)]
    [InlineData(301, "PUT", "PUT", true)]
    [InlineData(302, "POST", "GET", false)]
    [InlineData(302, "DELETE", "DELETE", true)]
    [InlineData(303, "POST", "GET", false)]
    [InlineData(303, "PUT", "GET", false)]
    [InlineData(303, "HEAD", "HEAD", false)]
    [InlineData(307, "POST", "POST", true)]
    [InlineData(307, "GET", "GET", false)]
    [InlineData(308, "POST", "POST", true)]
    [InlineData(308, "PATCH", "PATCH", true)]
    public async Task Each_status_repeats_the_request_or_goes_on_with_get(int status, string method, string next, bool withBody)
    {
        await using var server = Server(request => request.Target == "/" ? RawServer.Reply(status, headers: "Location: next?x=1\r\n") : RawServer.Reply(200));

        var exchange = await Calls.SendAsync($$$"""{"uri":"{{{server.Url}}}/","method":"{{{method}}}","headers":{"X-Kept":"1","Authorization":"Bearer abc"},"body":{"a":1}}""");

        Assert.Null(exchange.Fault);
        Assert.Equal(200, exchange.Answer!.StatusCode);
        Assert.Equal((next, "/next?x=1"), (server.Requests[1].Method, server.Requests[1].Target));
        Assert.Equal(withBody ? """{"a":1}""" : "", server.Requests[1].Text);
        Assert.Equal(withBody, server.Requests[1].Headers.ContainsKey("Content-Type"));
        Assert.Equal(("1", "Bearer abc"), (server.Requests[1].Headers["X-Kept"], server.Requests[1].Headers["Authorization"]));
        Assert.Equal([(status, $"{server.Url}/next?x=1")], exchange.Redirects.Select(followed => (followed.StatusCode, followed.Uri.OriginalString)));
    }

    [Fact]
    public async Task To_another_origin_nothing_goes_that_came_from_a_secret()
    {
        await using var other = Server(_ => RawServer.Reply(200, "{}"));
        await using var server = Server(request => RawServer.Reply(302, headers: $"Location: {other.Url}/there?key=s3cret%2Dvalue&kept=1\r\n"));

        await Calls.SendAsync($$$"""{"uri":"{{{server.Url}}}/","method":"GET","headers":{"Authorization":"Bearer abc","Cookie":"a=b","X-Api-Key":"k","X-Own":"pre s3cret-value","X-Plain":"1"}}""", Calls.Limits(secrets: "s3cret-value"));

        var request = Assert.Single(other.Requests);
        Assert.Equal("/there?kept=1", request.Target);
        Assert.Equal("1", request.Headers["X-Plain"]);
        Assert.DoesNotContain("s3cret", request.HeaderText, StringComparison.Ordinal);
        Assert.Empty(request.Headers.Keys.Intersect(["Authorization", "Cookie", "X-Api-Key", "X-Own"], StringComparer.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task A_body_with_a_secret_is_not_repeated_to_another_origin()
    {
        await using var other = Server(_ => RawServer.Reply(200));
        await using var server = Server(request => RawServer.Reply(307, headers: $"Location: {other.Url}/\r\n"));

        var exchange = await Calls.SendAsync($$$"""{"uri":"{{{server.Url}}}/","method":"POST","body":{"key":"s3cret-value"}}""", Calls.Limits(secrets: "s3cret-value"));

        Assert.Equal(HttpFaultKind.Invalid, exchange.Fault!.Kind);
        Assert.Contains("the body has a secret", exchange.Fault.Message, StringComparison.Ordinal);
        Assert.Empty(other.Requests);
    }

    [Fact]
    public async Task Five_redirects_are_followed_and_no_more_and_none_unless_wanted()
    {
        await using var server = Server(request => int.Parse(request.Target[1..]) is var number and > 0 ? RawServer.Reply(302, headers: $"Location: /{number - 1}\r\n") : RawServer.Reply(200));

        Assert.Null((await Calls.SendAsync($$$"""{"uri":"{{{server.Url}}}/5","method":"GET"}""")).Fault);
        Assert.Contains("after 5 redirects", (await Calls.SendAsync($$$"""{"uri":"{{{server.Url}}}/6","method":"GET"}""")).Fault!.Message, StringComparison.Ordinal);
        Assert.Equal(302, (await Calls.SendAsync($$$"""{"uri":"{{{server.Url}}}/6","method":"GET","followRedirects":false}""")).Answer!.StatusCode);
    }

    [Theory]
    [InlineData("http://127.0.0.2:PORT/", HttpFaultKind.Blocked)]
    [InlineData("//127.0.0.2:PORT/", HttpFaultKind.Blocked)]
    [InlineData("http://169.254.169.254/latest/meta-data/", HttpFaultKind.Blocked)]
    [InlineData("http://0x7f000002:PORT/", HttpFaultKind.Blocked)]
    [InlineData("http://[::1]:PORT/", HttpFaultKind.Blocked)]
    [InlineData("http://[::ffff:127.0.0.2]:PORT/", HttpFaultKind.Blocked)]
    [InlineData("file:///etc/passwd", HttpFaultKind.Invalid)]
    [InlineData("gopher://127.0.0.1:PORT/", HttpFaultKind.Invalid)]
    [InlineData("http://user:password@127.0.0.1:PORT/", HttpFaultKind.Invalid)]
    [InlineData("http://127.0.0.1:99999/", HttpFaultKind.Invalid)]
    public async Task Every_hop_passes_the_guard(string location, HttpFaultKind kind)
    {
        RawServer? server = null;
        await using var redirecting = server = Server(_ => RawServer.Reply(302, headers: $"Location: {location.Replace("PORT", $"{server!.Port}", StringComparison.Ordinal)}\r\n"));
        using var sender = Calls.Sender(guard: Calls.Guard("127.0.0.1/32"));

        var exchange = await Calls.SendAsync($$$"""{"uri":"{{{server.Url}}}/","method":"GET"}""", sender: sender);

        Assert.Equal(kind, exchange.Fault!.Kind);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task A_name_that_leads_elsewhere_the_second_time_gains_nothing()
    {
        await using var server = Server(_ => RawServer.Reply(200));
        var asked = 0;
        using var sender = Calls.Sender((_, _) => Task.FromResult<IPAddress[]>(asked++ == 0 ? [IPAddress.Loopback] : [IPAddress.Parse("127.0.0.2")]), Calls.Guard("127.0.0.1/32"));

        var first = await Calls.SendAsync($$$"""{"uri":"http://rebinding.example:{{{server.Port}}}/","method":"GET"}""", Calls.Limits() with { UsesOwnConnection = true }, sender);
        var second = await Calls.SendAsync($$$"""{"uri":"http://rebinding.example:{{{server.Port}}}/","method":"GET"}""", Calls.Limits() with { UsesOwnConnection = true }, sender);

        Assert.Null(first.Fault);
        Assert.Equal("127.0.0.1", first.RemoteAddress);   // one look-up, and the very address of it
        Assert.Equal((HttpFaultKind.Blocked, 2), (second.Fault!.Kind, asked));
        Assert.Contains("rebinding.example leads to 127.0.0.2", second.Fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_several_addresses_the_private_ones_are_left_out()
    {
        await using var server = Server(_ => RawServer.Reply(200));
        using var sender = Calls.Sender((_, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse("10.0.0.1"), IPAddress.Parse("127.0.0.2"), IPAddress.Loopback]), Calls.Guard("127.0.0.1/32"));

        var exchange = await Calls.SendAsync($$$"""{"uri":"http://several.example:{{{server.Port}}}/","method":"GET"}""", sender: sender);

        Assert.Equal((null, "127.0.0.1"), (exchange.Fault, exchange.RemoteAddress));
    }

    [Fact]
    public void From_https_to_http_is_refused()
    {
        var sent = new SentRequest("GET", new Uri("https://a.example/"), [], null);

        Assert.Null(Redirects.Follow(sent, 302, "http://a.example/", [], out var fault));
        Assert.Contains("from https to http", fault!.Message, StringComparison.Ordinal);
    }

    private static RawServer Server(Func<RawRequest, string> reply) => new(async (request, stream, cancellationToken) =>
    {
        await stream.WriteAsync(Encoding.ASCII.GetBytes(reply(request)), cancellationToken);
        return true;
    });
}
