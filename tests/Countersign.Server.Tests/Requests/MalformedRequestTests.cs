using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Countersign.Testing;
using CsCheck;

namespace Countersign.Server.Tests.Requests;

/// <summary>Bytes that no client library would send, to the real listener.</summary>
public sealed partial class MalformedRequestTests(MalformedRequestTests.Server server) : IClassFixture<MalformedRequestTests.Server>
{
    private const string Authorized = "Host: localhost\r\nAuthorization: SSWS " + CountersignApp.Token + "\r\nConnection: close\r\n";
    private const string Factors = "/api/v1/users/me/factors";
    private static readonly TimeSpan Patient = TimeSpan.FromSeconds(30), Hasty = TimeSpan.FromMilliseconds(500);
    private static readonly string Enroll = Post("""{"factorType":"token:software:totp","provider":"GOOGLE"}""");

    public static TheoryData<string, int> Requests => new()
    {
        { $"GET {Factors} HTTP/1.1\r\n{Authorized}\r\n", 200 },
        { $"GET {Factors} HTTP/1.0\r\n{Authorized}\r\n", 200 },
        { $"GET http://localhost{Factors} HTTP/1.1\r\n{Authorized}\r\n", 200 },
        { $"GET /{Factors}/ HTTP/1.1\r\n{Authorized}\r\n", 200 },
        { $"OPTIONS * HTTP/1.1\r\n{Authorized}\r\n", 404 },
        { $"GET /api/v1/users/%ff%fe/factors HTTP/1.1\r\n{Authorized}\r\n", 404 },
        { $"GET /api/v1/users/%zz/factors HTTP/1.1\r\n{Authorized}\r\n", 404 },
        { $"GET /api/v1/../../etc/passwd HTTP/1.1\r\n{Authorized}\r\n", 404 },
        { $"GET {Factors}/%2e%2e%2f%2e%2e HTTP/1.1\r\n{Authorized}\r\n", 404 },
        { $"GET {Factors}?activate=%00 HTTP/1.1\r\n{Authorized}\r\n", 200 },
        { $"GET {Factors}?{new string('x', 10_000)} HTTP/1.1\r\n{Authorized}\r\n", 414 },
        { $"GET {Factors} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", 401 },
        { $"GET {Factors} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Basic eDp5\r\nConnection: close\r\n\r\n", 401 },
        { $"GET {Factors} HTTP/1.1\r\nHost: localhost\r\nAuthorization: SSWS a\r\nAuthorization: SSWS b\r\nConnection: close\r\n\r\n", 401 },
        { $"BREW {Factors} HTTP/1.1\r\n{Authorized}\r\n", 405 },
        { $"POST {Factors} HTTP/1.1\r\n{Authorized}\r\n", 411 },
        { $"PUT {Factors}/x HTTP/1.1\r\n{Authorized}\r\n", 411 },
        { $"POST {Factors} HTTP/1.1\r\n{Authorized}Content-Length: 0\r\n\r\n", 400 },
        { Post("null"), 400 },
        { Post("{"), 400 },
        { Post("{}{}"), 400 },
        { Post("[]"), 400 },
        { Post("NaN"), 400 },
        { Post("\ufeff{}"), 400 },
        { Post("""{"factorType":7}"""), 400 },
        { Post("""{"factorType":"a","factorType":"b"}"""), 400 },
        { Post("{\"factorType\":\"\\ud800\"}"), 400 },
        { Post("{\"profile\":" + string.Concat(Enumerable.Repeat("{\"a\":", 40)) + "1" + new string('}', 41)), 400 },
        { Post(new string('[', 100_000)), 400 },
        { Post(new string(' ', 300_000)), 413 },
        { $"POST {Factors} HTTP/1.1\r\n{Authorized}Content-Length: 99999999999\r\n\r\n", 413 },
        { $"POST {Factors} HTTP/1.1\r\n{Authorized}Transfer-Encoding: chunked\r\n\r\n50000\r\n{new string(' ', 0x50000)}\r\n0\r\n\r\n", 413 },
        { $"POST {Factors} HTTP/1.1\r\n{Authorized}Transfer-Encoding: chunked\r\n\r\nzz\r\n", 400 },
        { $"POST {Factors} HTTP/1.1\r\n{Authorized}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400 },
        { $"POST {Factors} HTTP/1.1\r\n{Authorized}Content-Encoding: gzip\r\nContent-Length: 3\r\n\r\n\u001f~~", 400 },
        { $"POST {Factors} HTTP/1.1\r\n{Authorized}Content-Type: ;;;\r\nContent-Length: 2\r\n\r\n{{}}", 400 },
        // From here on the listener refuses before there is a request: a bare status is all that can be had.
        { "GET\r\n\r\n", 400 },
        { "nonsense\r\n\r\n", 400 },
        { $"GET {Factors} HTTP/9.9\r\n{Authorized}\r\n", 505 },
        { $"GET {Factors} HTTP/1.1\r\n\r\n", 400 },
        { $"GET {Factors} HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400 },
        { $"GET {Factors} HTTP/1.1\r\n{Authorized}No-Colon\r\n\r\n", 400 },
        { $"GET {Factors} HTTP/1.1\r\n{Authorized}X: a\0b\r\n\r\n", 400 },
        { $"GET {Factors} HTTP/1.1\r\n{Authorized} folded: x\r\n\r\n", 400 },
        { $"GET {Factors}%00 HTTP/1.1\r\n{Authorized}\r\n", 400 },
        { $"GET {Factors} HTTP/1.1\r\n{Authorized}X: {new string('x', 40_000)}\r\n\r\n", 431 },
        { $"GET /{new string('x', 40_000)} HTTP/1.1\r\n{Authorized}\r\n", 414 },
        { $"POST {Factors} HTTP/1.1\r\n{Authorized}Content-Length: -1\r\n\r\n", 400 },
        { $"POST {Factors} HTTP/1.1\r\n{Authorized}Content-Length: 1\r\nContent-Length: 2\r\n\r\n{{}}", 400 },
    };

    [Theory, MemberData(nameof(Requests))]
    public async Task A_malformed_request_is_the_clients_mistake(string request, int status)
    {
        var response = await SendAsync(Encoding.UTF8.GetBytes(request), Patient);

        Assert.Equal(status, response.Status);
        AssertWellFormed(response);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\r\n\r\n")]
    [InlineData("GET " + Factors)]
    [InlineData("POST " + Factors + " HTTP/1.1\r\n" + Authorized)]
    [InlineData("POST " + Factors + " HTTP/1.1\r\n" + Authorized + "Content-Length: 100\r\n\r\n{")]
    [InlineData("POST " + Factors + " HTTP/1.1\r\n" + Authorized + "Transfer-Encoding: chunked\r\n\r\n5\r\n{")]
    public async Task A_request_that_breaks_off_harms_nothing(string request)
    {
        AssertWellFormed(await SendAsync(Encoding.UTF8.GetBytes(request), Hasty));

        Assert.Equal(200, (await SendAsync(Encoding.UTF8.GetBytes($"GET {Factors} HTTP/1.1\r\n{Authorized}\r\n"), Patient)).Status);
    }

    [Fact]
    public async Task Whatever_bytes_come_the_answer_is_no_5xx_and_a_body_is_JSON()
    {
        var valid = Encoding.UTF8.GetBytes(Enroll);
        var change = Gen.Select(Gen.Int[0, valid.Length - 1], Gen.Byte);
        var changed = change.Array[1, 8].Select(changes =>
        {
            var bytes = (byte[])valid.Clone();
            foreach (var (at, to) in changes) bytes[at] = to;
            return bytes;
        });
        await changed.SampleAsync(async bytes => AssertWellFormed(await SendAsync(bytes, Hasty)), iter: 300);
        Assert.Equal(200, (await SendAsync(Encoding.UTF8.GetBytes($"GET {Factors} HTTP/1.1\r\n{Authorized}\r\n"), Patient)).Status);
    }

    private static void AssertWellFormed((int Status, string Head, byte[] Body) response)
    {
        Assert.True(response.Status is < 500 or 505, response.Head);
        Assert.DoesNotContain("   at ", Encoding.UTF8.GetString(response.Body), StringComparison.Ordinal);
        if (response.Body.Length == 0) return;
        Assert.Contains("Content-Type: application/json", response.Head, StringComparison.Ordinal);
        if (response.Status >= 400 && !response.Head.Contains("chunked", StringComparison.Ordinal))
        {
            // A path that was spoiled may be one of the workflow API, whose errors have a message.
            var error = JsonNode.Parse(response.Body);
            Assert.NotNull((string?)error?["errorCode"] ?? (string?)error?["message"]);
        }
    }

    /// <summary>Sends bytes and reads what is answered until the server hangs up, or for so long; status 0 when nothing is answered.</summary>
    private async Task<(int Status, string Head, byte[] Body)> SendAsync(byte[] bytes, TimeSpan patience)
    {
        using var limit = new CancellationTokenSource(patience);
        using var client = new TcpClient();
        await client.ConnectAsync(server.Process.Url.Host, server.Process.Url.Port);
        var stream = client.GetStream();
        using var received = new MemoryStream();
        var reading = ReadAsync(stream, received, limit.Token);
        try
        {
            await stream.WriteAsync(bytes);
        }
        catch (IOException)
        {
            // The server has answered and hung up while bytes were still coming.
        }
        await reading;
        var answer = received.ToArray();
        var end = answer.AsSpan().IndexOf("\r\n\r\n"u8);
        if (end < 0) return (0, "", []);
        var head = Encoding.ASCII.GetString(answer, 0, end);
        var body = answer.AsSpan((end + 4)..);
        // What follows the first answer answers bytes that were left over.
        if (Length().Match(head) is { Success: true } length) body = body[..Math.Min(body.Length, int.Parse(length.Groups[1].ValueSpan, provider: null))];
        return (int.Parse(head.AsSpan(9, 3), provider: null), head, body.ToArray());
    }

    private static async Task ReadAsync(NetworkStream stream, MemoryStream received, CancellationToken cancellationToken)
    {
        try
        {
            await stream.CopyToAsync(received, cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            // Nothing more to be had.
        }
    }

    [GeneratedRegex("Content-Length: ([0-9]+)")]
    private static partial Regex Length();

    private static string Post(string body)
        => $"POST {Factors} HTTP/1.1\r\n{Authorized}Content-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}";

    public sealed class Server : IAsyncLifetime, IDisposable
    {
        private readonly TestStore _store = new(Engine.Sqlite);

        public CountersignProcess Process { get; private set; } = null!;

        public async Task InitializeAsync() => Process = await CountersignProcess.StartAsync(_store);

        public Task DisposeAsync() => Task.CompletedTask;

        public void Dispose()
        {
            Process.Dispose();
            _store.Dispose();
        }
    }
}
