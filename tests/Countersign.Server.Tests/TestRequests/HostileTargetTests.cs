using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using Countersign.Integrations.Http;
using Countersign.Integrations.Tasks;
using Countersign.Integrations.Workflows;
using Countersign.Outbound;
using Countersign.Testing;
using Countersign.Testing.Delivery;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.Server.Tests.TestRequests;

/// <summary>Ways to reach what is not the Internet's through the server, each by the task and by a test request. The list is the threat list.</summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "CA1001", Justification = "The runner disposes of it through IAsyncLifetime.")]
public sealed class HostileTargetTests : IAsyncLifetime
{
    private const string Redirector = "redirects.example";

    // {PORT} is where a server waits on this machine: it must not be reached. Names lead where Names says.
    public static readonly string[] Targets =
    [
        // this machine, plainly and in odd notation
        "http://127.0.0.1:{PORT}/", "http://127.0.0.1.:{PORT}/", "http://127.1:{PORT}/", "http://127.0.1:{PORT}/", "http://2130706433:{PORT}/", "http://0x7f000001:{PORT}/", "http://0x7f.0.0.1:{PORT}/", "http://0x7F.0x0.0x0.0x1:{PORT}/",
        "http://0177.0.0.1:{PORT}/", "http://017700000001:{PORT}/", "http://0177.0x0.0.1:{PORT}/", "http://127.255.255.254:{PORT}/", "http://127.0.0.2:{PORT}/", "http://0.0.0.0:{PORT}/", "http://0:{PORT}/", "http://0x0:{PORT}/",
        "HTTP://127.0.0.1:{PORT}/", "http://127.000.000.001:{PORT}/", "  http://127.0.0.1:{PORT}/  ",
        // by IPv6
        "http://[::1]:{PORT}/", "http://[0:0:0:0:0:0:0:1]:{PORT}/", "http://[::]:{PORT}/", "http://[::ffff:127.0.0.1]:{PORT}/", "http://[::ffff:7f00:1]:{PORT}/", "http://[0:0:0:0:0:ffff:127.0.0.1]:{PORT}/", "http://[::127.0.0.1]:{PORT}/",
        "http://[::ffff:0:127.0.0.1]:{PORT}/", "http://[64:ff9b::127.0.0.1]:{PORT}/", "http://[64:ff9b::7f00:1]:{PORT}/", "http://[64:ff9b:1::1]:{PORT}/", "http://[2002:7f00:1::]:{PORT}/", "http://[2002:a00:1::1]:{PORT}/",
        "http://[2001:0:7f00:1::]:{PORT}/", "http://[fe80::1]:{PORT}/", "http://[fe80::1%25lo]:{PORT}/", "http://[::1%25lo]:{PORT}/", "http://[fc00::1]/", "http://[fd00:ec2::254]/latest/meta-data/", "http://[fec0::1]/", "http://[ff02::1]/",
        "http://[2001:db8::1]/", "http://[100::1]/", "http://[2a00::5efe:127.0.0.1]/",
        // private and special networks, metadata services
        "http://10.0.0.1/", "http://172.16.0.1/", "http://172.31.255.255/", "http://192.168.1.1/", "http://169.254.169.254/latest/meta-data/", "http://2852039166/latest/meta-data/", "http://0xa9fea9fe/", "http://[::ffff:169.254.169.254]/",
        "http://169.254.170.2/v2/credentials", "http://100.100.100.200/latest/meta-data/", "http://100.64.0.1/", "http://192.0.0.192/", "http://198.18.0.1/", "http://192.0.2.1/", "http://203.0.113.1/", "http://224.0.0.1/", "http://255.255.255.255/",
        "http://240.0.0.1/", "http://metadata.google.internal/computeMetadata/v1/",
        // names
        "http://localhost:{PORT}/", "http://LOCALHOST:{PORT}/", "http://localhost.:{PORT}/", "http://anything.localhost:{PORT}/", "http://ip6-localhost:{PORT}/", "http://localtest.example:{PORT}/", "http://both.example:{PORT}/",
        "http://mapped.example:{PORT}/", "http://127.0.0.1.nip.example:{PORT}/", "http://rebinding.example:{PORT}/",
        // other alphabets
        "http://１２７.０.０.１:{PORT}/", "http://①②⑦.⓪.⓪.①:{PORT}/", "http://127。0。0。1:{PORT}/", "http://127．0．0．1:{PORT}/", "http://ⓛⓞⓒⓐⓛⓗⓞⓢⓣ:{PORT}/", "http://localhoſt:{PORT}/", "http://ａ.example／@127.0.0.1:{PORT}/",
        // tricks with the address
        "http://user:hunter2@127.0.0.1:{PORT}/", "http://allowed.example@127.0.0.1:{PORT}/", "http://127.0.0.1:{PORT}@allowed.example/", "http://allowed.example:80@127.0.0.1:{PORT}/", "http://127.0.0.1\\@allowed.example:{PORT}/",
        "http://allowed.example\\@127.0.0.1:{PORT}/", "http://127.0.0.1%2f@allowed.example/", "http://127.0.0.1%00.allowed.example/", "http://127.0.0.1:{PORT}#@allowed.example/", "http://127.0.0.1:{PORT}?@allowed.example/",
        "http://127.0.0.1\t:{PORT}/", "http://allowed.example\r\nHost: 127.0.0.1/", "http://allowed.example/ HTTP/1.1\r\nX: y", "http:127.0.0.1:{PORT}/", "http:/127.0.0.1:{PORT}/", "http:///127.0.0.1:{PORT}/", "//127.0.0.1:{PORT}/", "http://:{PORT}/",
        // other schemes
        "file:///etc/passwd", "gopher://127.0.0.1:{PORT}/_GET", "ftp://127.0.0.1/", "dict://127.0.0.1:{PORT}/info", "ldap://127.0.0.1/", "jar:http://127.0.0.1!/", "data:text/html,x", "javascript:alert(1)", "ws://127.0.0.1:{PORT}/", "unix:/var/run/docker.sock",
        // redirects of a host that may be called
        "http://redirects.example:{REDIRECTOR}/?http://127.0.0.2:{PORT}/", "http://redirects.example:{REDIRECTOR}/?http://2130706434:{PORT}/", "http://redirects.example:{REDIRECTOR}/?http://[::1]:{PORT}/", "http://redirects.example:{REDIRECTOR}/?//127.0.0.2:{PORT}/",
        "http://redirects.example:{REDIRECTOR}/?http://localhost:{PORT}/", "http://redirects.example:{REDIRECTOR}/?http://169.254.169.254/", "http://redirects.example:{REDIRECTOR}/?file:///etc/passwd", "http://redirects.example:{REDIRECTOR}/?http://user:hunter2@127.0.0.2:{PORT}/",
        "http://redirects.example:{REDIRECTOR}/?gopher://127.0.0.2:{PORT}/", "http://redirects.example:{REDIRECTOR}/?http://rebinding.example:{PORT}/",
    ];

    private static readonly Dictionary<string, string[]> Names = new(StringComparer.OrdinalIgnoreCase)
    {
        ["localhost"] = ["127.0.0.1", "::1"],
        ["anything.localhost"] = ["127.0.0.1"],
        ["ip6-localhost"] = ["::1"],
        ["localtest.example"] = ["127.0.0.1"],
        ["both.example"] = ["10.1.2.3", "127.0.0.1", "fe80::1"],
        ["mapped.example"] = ["::ffff:127.0.0.1"],
        ["127.0.0.1.nip.example"] = ["127.0.0.1"],
        ["metadata.google.internal"] = ["169.254.169.254"],
        ["allowed.example"] = ["127.0.0.1"],
        [Redirector] = ["127.0.0.1"],
    };

    private readonly LoopbackServer _inside = new(_ => Reply.Json(200, "{}"));
    private readonly LoopbackServer _redirector = new(request => Reply.Status(302, ("Location", request.Target[2..])));
    private readonly CountersignApp _app;
    private int _rebound;

    public HostileTargetTests() => _app = new CountersignApp(Engine.Sqlite, new("Countersign:Outbound:AllowedNetworks:0", ""), new("Countersign:Outbound:AllowedHosts:0", Redirector))
    {
        Replaces = services => services.AddSingleton<IHttpSender>(provider => new HttpSender(
            provider.GetRequiredService<OutboundGuard>(), provider.GetRequiredService<OutboundEvents>(), provider.GetRequiredService<TimeProvider>(), LookUpAsync)),
    };

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _app.DisposeAsync();
        await _inside.DisposeAsync();
        await _redirector.DisposeAsync();
    }

    [Fact]
    public async Task None_is_reached_and_each_refusal_is_clear()
    {
        var task = new HttpTask(_app.Services.GetRequiredService<HttpCalls>(), TimeProvider.System);
        var faults = new List<string>();
        foreach (var target in Targets)
        {
            var uri = target.Replace("{PORT}", $"{_inside.Address.Port}", StringComparison.Ordinal).Replace("{REDIRECTOR}", $"{_redirector.Address.Port}", StringComparison.Ordinal);
            var tested = await _app.PostAsync("/countersign/v1/test-requests", new JsonObject { ["http_request"] = new JsonObject { ["uri"] = uri, ["method"] = "GET" } });
            var error = tested.Json["error"];
            if (tested.Status != HttpStatusCode.OK || (string?)error?["kind"] is not ("blocked" or "invalid") || tested.Json["response"]?["statusCode"]?.GetValue<int>() == 200) faults.Add($"{target}: {tested.Text}");
            else if ((string?)error["message"] is not { Length: > 15 } message || message.Contains("hunter2", StringComparison.Ordinal)) faults.Add($"{target}: no clear message: {tested.Text}");
            else if ((string?)error["kind"] == "blocked" && (((string?)error["setting"])?.StartsWith("Countersign__Outbound__", StringComparison.Ordinal) != true || !message.Contains("may not be called", StringComparison.Ordinal))) faults.Add($"{target}: {tested.Text}");

            var outcome = await task.CarryOutAsync(Work(uri), CancellationToken.None);
            if (outcome.Status != AttemptStatus.FailedWithTerminalError || outcome.Reason is not { Length: > 15 }) faults.Add($"{target}: the task came to {outcome.Status}, {outcome.Reason}");
        }

        Assert.True(Targets.Length >= 60);
        Assert.Empty(faults);
        Assert.Equal(0, _inside.Count);
        Assert.True(_redirector.Count > 0);
        var logged = (await _app.GetAsync("/api/v1/logs?limit=1000&filter=" + Uri.EscapeDataString("eventType eq \"integration.outbound.refuse\""))).Json.AsArray();
        Assert.Contains(logged, one => (string?)one!["target"]![0]!["id"] == "169.254.169.254" && (string?)one["outcome"]!["result"] == "DENY");
    }

    [Fact]
    public async Task What_an_operator_denies_is_refused_although_something_else_allows_it()
    {
        await using var app = new CountersignApp(Engine.Sqlite, new("Countersign:Outbound:AllowedHosts:0", "127.0.0.1"), new("Countersign:Outbound:DeniedNetworks:0", "127.0.0.0/8"));

        var tested = await app.PostAsync("/countersign/v1/test-requests", new JsonObject { ["http_request"] = new JsonObject { ["uri"] = _inside.Address.AbsoluteUri, ["method"] = "GET" } });

        Assert.Equal(("blocked", "Countersign__Outbound__DeniedNetworks"), ((string?)tested.Json["error"]!["kind"], (string?)tested.Json["error"]!["setting"]));
        Assert.Equal(0, _inside.Count);
    }

    [Fact]
    public async Task Without_plain_http_only_https_is_called()
    {
        await using var app = new CountersignApp(Engine.Sqlite, new KeyValuePair<string, string>("Countersign:Outbound:PlainHttp", "false"));

        var tested = await app.PostAsync("/countersign/v1/test-requests", new JsonObject { ["http_request"] = new JsonObject { ["uri"] = _inside.Address.AbsoluteUri, ["method"] = "GET" } });

        Assert.Equal("Countersign__Outbound__PlainHttp=true", (string?)tested.Json["error"]!["setting"]);
    }

    [Fact]
    public void This_server_itself_may_be_called_and_nothing_beside_it()
    {
        var own = new OutboundGuard(new OutboundSettings(), new OwnEndpoints(new Uri("https://mfa.corp.example"), () => ["http://127.0.0.1:8080", "http://*:9090", "https://localhost:8443"]));
        var (here, inside) = (IPAddress.Loopback, IPAddress.Parse("10.0.0.7"));

        Assert.Null(own.Check(new Uri("http://127.0.0.1:8080/api/v1/users"), here));
        Assert.Null(own.Check(new Uri("http://localhost:8080/"), here));
        Assert.Null(own.Check(new Uri("http://anything.example:9090/"), here));
        Assert.Null(own.Check(new Uri("https://mfa.corp.example/api"), inside));
        Assert.Null(own.Check(new Uri("https://localhost:8443/"), IPAddress.IPv6Loopback));
        Assert.NotNull(own.Check(new Uri("http://127.0.0.1:8081/"), here));
        Assert.NotNull(own.Check(new Uri("http://127.0.0.2:8080/"), IPAddress.Parse("127.0.0.2")));
        Assert.NotNull(own.Check(new Uri("https://127.0.0.1:8080/"), here));
        Assert.NotNull(own.Check(new Uri("https://mfa.corp.example:8443/"), inside));
        Assert.NotNull(own.Check(new Uri("https://other.corp.example/"), inside));
        Assert.NotNull(own.Check(new Uri("http://anything.example:9090/"), inside));
    }

    private Task<IPAddress[]> LookUpAsync(string host, CancellationToken cancellationToken)
    {
        if (host == "rebinding.example") return Task.FromResult<IPAddress[]>([IPAddress.Parse(_rebound++ % 2 == 0 ? "10.9.8.7" : "127.0.0.1")]);
        return Names.TryGetValue(host, out var addresses) ? Task.FromResult(addresses.Select(IPAddress.Parse).ToArray()) : throw new SocketException((int)SocketError.HostNotFound);
    }

    private static TaskWork Work(string uri)
    {
        var (now, input) = (DateTimeOffset.UnixEpoch, JsonElement.Parse(new JsonObject { ["http_request"] = new JsonObject { ["uri"] = uri, ["method"] = "GET" } }.ToJsonString()));
        var definition = new WorkflowDefinition(JsonElement.Parse("""{"name":"w","version":1,"tasks":[]}"""));
        return new TaskWork(
            new WorkflowExecution { Id = "w", Definition = definition, CreatedAt = now, StartedAt = now, UpdatedAt = now, Input = input },
            new TaskExecution
            {
                Id = "t",
                Sequence = 1,
                Task = new WorkflowTask(JsonElement.Parse("""{"name":"call","taskReferenceName":"call","type":"HTTP","inputParameters":{}}""")),
                ReferenceName = "call",
                Type = "HTTP",
                By = CarriedOutBy.Server,
                Input = input,
                ScheduledAt = now,
                ReadyAt = now,
                UpdatedAt = now,
            }, null);
    }
}
