using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Countersign.Integrations.Http;

namespace Countersign.Integrations.Tests.Http;

public sealed class HttpSenderTests
{
    private const int Megabyte = 1024 * 1024;

    [Fact]
    public async Task A_request_is_sent_as_it_is_written()
    {
        await using var server = RawServer.Answering(RawServer.Reply(200, "{}"));

        await Calls.SendAsync($$$"""{"uri":"{{{server.Url}}}/a%2Fb/../c d/ü?q=\"x\"&e=%41#part","method":"post","headers":{"X-List":["1","2"],"x-none":null,"X-Number":5},"body":{"who":"Zoë"}}""");

        var request = Assert.Single(server.Requests);
        Assert.Equal("POST /a%2Fb/../c%20d/%C3%BC?q=%22x%22&e=%41 HTTP/1.1", request.Line);
        Assert.Equal("""{"who":"Zoë"}""", request.Text);
        Assert.Equal("application/json", request.Headers["Content-Type"]);
        Assert.Equal("application/json", request.Headers["Accept"]);
        Assert.Equal("gzip, deflate, br", request.Headers["Accept-Encoding"]);
        Assert.Equal($"127.0.0.1:{server.Port}", request.Headers["Host"]);
        Assert.Matches(@"^Countersign/\d+\.\d+\.\d+$", request.Headers["User-Agent"]);
        Assert.Equal("1, 2", request.Headers["X-List"].Replace(",2", ", 2", StringComparison.Ordinal));
        Assert.Equal("5", request.Headers["X-Number"]);
        Assert.DoesNotContain("x-none", request.HeaderText, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("traceparent", request.HeaderText, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("GET", null)]
    [InlineData("DELETE", null)]
    [InlineData("POST", "0")]
    [InlineData("PUT", "0")]
    [InlineData("PATCH", "0")]
    public async Task A_request_without_a_body_says_so(string method, string? length)
    {
        await using var server = RawServer.Answering(RawServer.Reply(204));

        await Calls.SendAsync($$$"""{"uri":"{{{server.Url}}}/","method":"{{{method}}}"}""");

        var request = Assert.Single(server.Requests);
        Assert.Equal(length, request.Headers.GetValueOrDefault("Content-Length"));
        Assert.DoesNotContain("Content-Type", request.Headers.Keys, StringComparer.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Silence_after_the_request_ends_the_call()
    {
        await using var server = new RawServer(async (_, _, cancellationToken) => { await Task.Delay(Timeout.Infinite, cancellationToken); return false; });

        var exchange = await Calls.SendAsync($$$"""{"uri":"{{{server.Url}}}/","method":"GET","readTimeOut":150}""");

        Assert.Equal(HttpFaultKind.Timeout, exchange.Fault!.Kind);
        Assert.Contains($"127.0.0.1:{server.Port}", exchange.Fault.Message, StringComparison.Ordinal);
        Assert.Contains("readTimeOut is 150 ms", exchange.Fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Silence_in_the_middle_of_a_body_ends_the_call_and_what_came_is_kept()
    {
        await using var server = new RawServer(async (_, stream, cancellationToken) =>
        {
            await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nbegin"u8.ToArray(), cancellationToken);
            await Task.Delay(Timeout.Infinite, cancellationToken);
            return false;
        });

        var exchange = await Calls.SendAsync($$$"""{"uri":"{{{server.Url}}}/","method":"GET","readTimeOut":150}""");

        Assert.Equal(HttpFaultKind.Timeout, exchange.Fault!.Kind);
        Assert.Equal("begin", Encoding.UTF8.GetString(exchange.Answer!.Body.Span));
    }

    [Fact]
    public async Task A_body_that_drips_is_read_to_its_end_as_long_as_the_silences_are_short()
    {
        await using var server = Dripping();

        var exchange = await Calls.SendAsync($$$"""{"uri":"{{{server.Url}}}/20","method":"GET","readTimeOut":1000}""");

        Assert.Null(exchange.Fault);
        Assert.Equal(20, exchange.Answer!.Body.Length);
    }

    [Fact]
    public async Task A_body_that_drips_for_ever_is_bounded_by_the_whole_call()
    {
        await using var server = Dripping();

        var exchange = await Calls.SendAsync($$$"""{"uri":"{{{server.Url}}}/1000000","method":"GET","readTimeOut":1000}""", Calls.Limits(seconds: 1));

        Assert.Equal(HttpFaultKind.Timeout, exchange.Fault!.Kind);
        Assert.Contains("did not end within 1000 ms", exchange.Fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Looking_a_name_up_is_bounded_by_the_time_to_connect()
    {
        using var sender = Calls.Sender(async (_, cancellationToken) => { await Task.Delay(Timeout.Infinite, cancellationToken); return []; });

        var exchange = await Calls.SendAsync("""{"uri":"http://slow.example/","method":"GET","connectionTimeOut":"100"}""", sender: sender);

        Assert.Equal(HttpFaultKind.Timeout, exchange.Fault!.Kind);
        Assert.Contains("connectionTimeOut is 100 ms", exchange.Fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_fails_before_an_answer_is_told_apart()
    {
        using var sender = Calls.Sender((host, _) => host == "nowhere.example" ? throw new SocketException((int)SocketError.HostNotFound) : Task.FromResult<IPAddress[]>([IPAddress.Loopback]));
        using var closed = new TcpListener(IPAddress.Loopback, 0);
        closed.Start();
        var port = ((IPEndPoint)closed.LocalEndpoint).Port;
        closed.Stop();
        using var noTls = new TcpListener(IPAddress.Loopback, 0);
        noTls.Start();
        var greeting = noTls.AcceptTcpClientAsync().ContinueWith(async accepted => await accepted.Result.GetStream().WriteAsync("220 mail.example ready\r\n"u8.ToArray()), TaskScheduler.Default);
        await using var hangsUp = new RawServer((_, _, _) => Task.FromResult(false));
        await using var noHttp = RawServer.Answering("SSH-2.0-OpenSSH_9.6\r\n\r\n");
        await using var cutOff = RawServer.Answering("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n");

        async Task<HttpFault?> FaultAsync(string uri) => (await Calls.SendAsync($$$"""{"uri":"{{{uri}}}","method":"GET"}""", sender: sender)).Fault;

        Assert.Equal(HttpFaultKind.Dns, (await FaultAsync("http://nowhere.example/"))!.Kind);
        Assert.Equal(HttpFaultKind.Connect, (await FaultAsync($"http://127.0.0.1:{port}/"))!.Kind);
        Assert.Equal(HttpFaultKind.Tls, (await FaultAsync($"https://plain.example:{((IPEndPoint)noTls.LocalEndpoint).Port}/"))!.Kind);
        await greeting;
        Assert.Equal(HttpFaultKind.Reset, (await FaultAsync($"{hangsUp.Url}/"))!.Kind);
        Assert.Equal(HttpFaultKind.BadResponse, (await FaultAsync($"{noHttp.Url}/"))!.Kind);
        Assert.Equal(HttpFaultKind.Reset, (await FaultAsync($"{cutOff.Url}/secret-path?secret=1"))!.Kind);
        Assert.DoesNotContain("secret", (await FaultAsync($"{cutOff.Url}/secret-path?secret=1"))!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fifty_megabytes_are_not_read_beyond_the_limit()
    {
        var sent = 0L;
        await using var server = new RawServer(async (_, stream, cancellationToken) =>
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Length: {50 * Megabyte}\r\n\r\n"), cancellationToken);
            var part = new byte[Megabyte];
            for (var i = 0; i < 50; i++)
            {
                await stream.WriteAsync(part, cancellationToken);
                sent += part.Length;
            }
            return true;
        });

        var whole = await Calls.SendAsync($$$"""{"uri":"{{{server.Url}}}/","method":"GET"}""", Calls.Limits(2 * Megabyte));
        var cut = await Calls.SendAsync($$$"""{"uri":"{{{server.Url}}}/","method":"GET"}""", Calls.Limits(2 * Megabyte) with { CutsBody = true });

        Assert.Equal(HttpFaultKind.TooLarge, whole.Fault!.Kind);
        Assert.Equal(50 * Megabyte, whole.Answer!.AnnouncedBytes);
        Assert.Null(cut.Fault);
        Assert.Equal((2 * Megabyte, true), (cut.Answer!.Body.Length, cut.Answer.IsTruncated));
        Assert.True(sent < 60L * Megabyte, $"{sent} bytes were taken");
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    [InlineData("br")]
    public async Task Packed_bodies_are_unpacked_and_the_limit_counts_what_comes_out(string encoding)
    {
        await using var server = new RawServer(async (request, stream, cancellationToken) =>
        {
            var body = Pack(request.Target == "/bomb" ? new byte[50 * Megabyte] : Encoding.UTF8.GetBytes("unpacked"), encoding);
            await stream.WriteAsync((byte[])[.. Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Encoding: {encoding}\r\nContent-Length: {body.Length}\r\n\r\n"), .. body], cancellationToken);
            return true;
        });

        var small = await Calls.SendAsync($$$"""{"uri":"{{{server.Url}}}/","method":"GET"}""");
        var bomb = await Calls.SendAsync($$$"""{"uri":"{{{server.Url}}}/bomb","method":"GET"}""");

        Assert.Equal("unpacked", Encoding.UTF8.GetString(small.Answer!.Body.Span));
        Assert.Equal(HttpFaultKind.TooLarge, bomb.Fault!.Kind);
    }

    [Fact]
    public async Task What_is_not_packed_as_it_says_is_a_bad_answer()
    {
        await using var server = RawServer.Answering(RawServer.Reply(200, "this is no gzip at all", "Content-Encoding: gzip\r\n"));

        Assert.Equal(HttpFaultKind.BadResponse, (await Calls.SendAsync($$$"""{"uri":"{{{server.Url}}}/","method":"GET"}""")).Fault!.Kind);
    }

    [Theory]
    [InlineData("POST")]
    [InlineData("PATCH")]
    public async Task A_post_is_not_sent_twice_when_a_connection_that_is_used_again_ends(string method)
    {
        // The first answer leaves the connection open; the second request is taken and never answered.
        await using var server = new RawServer(async (request, stream, cancellationToken) =>
        {
            if (request.Target == "/second") return false;
            await stream.WriteAsync(Encoding.ASCII.GetBytes(RawServer.Reply(200, "{}")), cancellationToken);
            return true;
        });
        using var sender = Calls.Sender();

        Assert.Null((await Calls.SendAsync($$$"""{"uri":"{{{server.Url}}}/first","method":"GET"}""", sender: sender)).Fault);
        var second = await Calls.SendAsync($$$"""{"uri":"{{{server.Url}}}/second","method":"{{{method}}}"}""", sender: sender);
        var third = await Calls.SendAsync($$$"""{"uri":"{{{server.Url}}}/first","method":"GET"}""", sender: sender);
        var fourth = await Calls.SendAsync($$$"""{"uri":"{{{server.Url}}}/second","method":"{{{method}}}","body":{"a":1}}""", sender: sender);

        Assert.Equal((HttpFaultKind.Reset, HttpFaultKind.Reset), (second.Fault!.Kind, fourth.Fault!.Kind));
        Assert.Null(third.Fault);
        Assert.Equal(2, server.Requests.Count(request => request.Target == "/second"));
    }

    [Fact]
    public async Task A_call_that_nobody_wants_any_more_ends()
    {
        var arrived = new TaskCompletionSource();
        await using var server = new RawServer(async (_, _, cancellationToken) => { arrived.SetResult(); await Task.Delay(Timeout.Infinite, cancellationToken); return false; });
        using var sender = Calls.Sender();
        using var cancel = new CancellationTokenSource();

        var sending = sender.SendAsync(Calls.Read($$$"""{"uri":"{{{server.Url}}}/","method":"GET"}"""), Calls.Limits(), cancel.Token);
        await arrived.Task;
        await cancel.CancelAsync();

        Assert.Equal(HttpFaultKind.Cancelled, (await sending).Fault!.Kind);
    }

    [Fact]
    public async Task The_parts_of_the_time_are_measured()
    {
        await using var server = Dripping();
        using var sender = Calls.Sender(async (_, cancellationToken) => { await Task.Delay(40, cancellationToken); return [IPAddress.Loopback]; });

        var exchange = await Calls.SendAsync($$$"""{"uri":"http://named.example:{{{server.Port}}}/8","method":"POST","body":{"a":1}}""", Calls.Limits() with { UsesOwnConnection = true }, sender);

        var timings = exchange.Timings;
        Assert.True(timings.Dns >= TimeSpan.FromMilliseconds(35), timings.ToString());
        Assert.True(timings.Connect > TimeSpan.Zero && timings.Send > TimeSpan.Zero && timings.FirstByte > TimeSpan.Zero && timings.Tls == TimeSpan.Zero, timings.ToString());
        Assert.True(timings.Download >= TimeSpan.FromMilliseconds(40), timings.ToString());
        Assert.True(timings.Total >= timings.Dns + timings.Connect + timings.Send + timings.FirstByte + timings.Download, timings.ToString());
        Assert.Equal("127.0.0.1", exchange.RemoteAddress);
    }

    [Fact]
    public async Task A_document_is_fetched_or_there_is_a_reason()
    {
        await using var server = new RawServer(async (request, stream, cancellationToken) =>
        {
            var reply = request.Target switch
            {
                "/moved" => RawServer.Reply(302, headers: "Location: /openapi.json\r\n"),
                "/openapi.json" => RawServer.Reply(200, "{\"openapi\":\"3.1.0\"}", "Content-Type: application/json\r\n"),
                _ => RawServer.Reply(404),
            };
            await stream.WriteAsync(Encoding.ASCII.GetBytes(reply), cancellationToken);
            return true;
        });
        using var sender = Calls.Sender();

        var found = await sender.FetchAsync(new Uri($"{server.Url}/moved"), 1000, CancellationToken.None);
        var large = await sender.FetchAsync(new Uri($"{server.Url}/moved"), 10, CancellationToken.None);
        var none = await sender.FetchAsync(new Uri($"{server.Url}/none"), 1000, CancellationToken.None);
        var blocked = await sender.FetchAsync(new Uri("http://10.0.0.1/"), 1000, CancellationToken.None);

        Assert.Equal(("{\"openapi\":\"3.1.0\"}", "application/json", null), (Encoding.UTF8.GetString(found.Bytes!), found.ContentType, found.Error));
        Assert.Contains("larger than 10 bytes", large.Error, StringComparison.Ordinal);
        Assert.Contains("404 Not Found", none.Error, StringComparison.Ordinal);
        Assert.Contains("Countersign__Outbound__AllowedNetworks__0=10.0.0.1/32", blocked.Error, StringComparison.Ordinal);
    }

    private static RawServer Dripping() => new(async (request, stream, cancellationToken) =>
    {
        var count = int.Parse(request.Target[1..], CultureInfo.InvariantCulture);
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Length: {count}\r\n\r\n"), cancellationToken);
        for (var i = 0; i < count; i++)
        {
            await Task.Delay(10, cancellationToken);
            await stream.WriteAsync("x"u8.ToArray(), cancellationToken);
        }
        return true;
    });

    private static byte[] Pack(byte[] bytes, string encoding)
    {
        using var packed = new MemoryStream();
        using (Stream packer = encoding switch { "gzip" => new GZipStream(packed, CompressionLevel.Optimal), "deflate" => new ZLibStream(packed, CompressionLevel.Optimal), _ => new BrotliStream(packed, CompressionLevel.Fastest) })
            packer.Write(bytes);
        return packed.ToArray();
    }
}
