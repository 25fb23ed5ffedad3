using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Countersign.Integrations.Notations;
using Countersign.Testing;

namespace Countersign.Integrations.Tests.Notations;

/// <summary>Runs what is exported, where the interpreter is on this machine, and compares what arrives.</summary>
public sealed class ExportRunTests
{
    private const int Samples = 40;

    /// <summary>The notations and what runs them; Python where it and <c>requests</c> are here.</summary>
    public static TheoryData<string, string, string> Interpreted
    {
        get
        {
            var data = new TheoryData<string, string, string> { { "curl", "bash", ".sh" }, { "javascript", "node", ".mjs" } };
            if (HasPython()) data.Add("python", "python3", ".py");
            return data;
        }
    }

    [Theory, MemberData(nameof(Interpreted))]
    [InlineData("csharp", "dotnet", ".cs")]
    public async Task Exported_code_sends_the_request_to_the_byte(string format, string program, string extension)
    {
        await using var server = new EchoServer();
        var samples = Enumerable.Range(0, Samples).Select(seed => Sample(seed, server.Address)).ToList();
        var folder = Directory.CreateTempSubdirectory("countersign-export-").FullName;
        try
        {
            var codes = samples.Select(sample => HttpNotations.Write(sample, format).Code!).ToList();
            await RunAsync(program, format, extension, folder, codes);

            for (var i = 0; i < samples.Count; i++) AssertSame(HttpNotations.Normalize(samples[i])!, server.Received[i], codes[i]);
            Assert.Equal(samples.Count, server.Received.Count);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory, MemberData(nameof(Interpreted))]
    public async Task The_values_of_expressions_arrive_whatever_characters_they_have(string format, string program, string extension)
    {
        await using var server = new EchoServer();
        var request = new JsonObject
        {
            ["uri"] = $"{server.Address}users/${{workflow.input.user}}",
            ["method"] = "POST",
            ["headers"] = new JsonObject { ["X-Who"] = "<${workflow.input.who}>" },
            ["contentType"] = "application/x-www-form-urlencoded",
            ["body"] = new JsonObject { ["a b"] = "1&${workflow.input.who}", ["c"] = "${workflow.secrets.KEY}" },
        };
        var code = HttpNotations.Write(request, format).Code!;
        foreach (var (name, value) in new[] { ("workflow_input_user", "u1"), ("workflow_input_who", "it's & more"), ("workflow_secrets_KEY", "k=1&x") })
            code = code.Replace($"{name}=''", $"{name}=\"{value}\"", StringComparison.Ordinal).Replace($"{name} = \"\"", $"{name} = \"{value}\"", StringComparison.Ordinal);
        var folder = Directory.CreateTempSubdirectory("countersign-export-").FullName;
        try
        {
            await RunAsync(program, format, extension, folder, [code]);

            var received = server.Received.Single();
            Assert.Equal("/users/u1", received.Target);
            Assert.Equal("<it's & more>", received.Header("X-Who"));
            Assert.Equal("a b=1&it's & more;c=k=1&x", string.Join(';', Encoding.UTF8.GetString(received.Body).Split('&').Select(pair => string.Join('=', pair.Split('=').Select(WebUtility.UrlDecode)))));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static JsonObject Sample(int seed, Uri server)
    {
        var sample = RequestSamples.Make(seed, hasExpressions: false);
        sample["uri"] = sample["uri"]!.GetValue<string>().Replace("https://api.example.com/", server.ToString(), StringComparison.Ordinal);
        if (seed % 10 == 0)
        {
            sample["method"] = "POST";
            sample["contentType"] = "application/octet-stream";
            sample["body"] = new JsonObject { ["base64"] = Convert.ToBase64String([0, 1, 2, 255, (byte)seed]) };
        }
        return sample;
    }

    private static void AssertSame(JsonObject request, Received received, string code)
    {
        Assert.True(request["method"]!.GetValue<string>() == received.Method, code);
        Assert.True(Canonical(new Uri(request["uri"]!.GetValue<string>()).PathAndQuery) == Canonical(received.Target), $"{received.Target}\n{code}");
        Assert.True(request["accept"]!.GetValue<string>() == received.Header("Accept"), code);
        foreach (var (name, value) in request["headers"] as JsonObject ?? [])
        {
            var expected = value is JsonArray list ? string.Join(", ", list.Select(item => item!.GetValue<string>())) : value!.GetValue<string>();
            Assert.True(expected == received.Header(name), $"{name}: {received.Header(name)}\n{code}");
        }
        var authorization = request["authentication"] switch
        {
            JsonObject member when member["type"]!.GetValue<string>() == "basic" => "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{member["username"]}:{member["password"]}")),
            JsonObject member => $"Bearer {member["token"]}",
            _ => null,
        };
        Assert.True(authorization == received.Header("Authorization"), $"{received.Header("Authorization")}\n{code}");
        var type = request["contentType"]?.GetValue<string>();
        if (type is not null) Assert.True(type == received.Header("Content-Type"), $"{received.Header("Content-Type")}\n{code}");
        AssertBody(request["body"], type, received.Body, code);
    }

    private static void AssertBody(JsonNode? body, string? type, byte[] received, string code)
    {
        var text = Encoding.UTF8.GetString(received);
        switch (body)
        {
            case null:
                Assert.True(received.Length == 0, code);
                break;
            case JsonObject bytes when bytes.Count == 1 && bytes.ContainsKey("base64"):
                Assert.True(bytes["base64"]!.GetValue<string>() == Convert.ToBase64String(received), code);
                break;
            case JsonObject form when type == "application/x-www-form-urlencoded":
                var pairs = form.SelectMany(member => (member.Value is JsonArray list ? list.ToArray() : [member.Value]).Select(value => $"{member.Key}={value!.GetValue<string>()}"));
                Assert.True(pairs.SequenceEqual(text.Split('&').Select(pair => string.Join('=', pair.Split('=').Select(WebUtility.UrlDecode)))), $"{text}\n{code}");
                break;
            case JsonValue value when value.GetValueKind() == System.Text.Json.JsonValueKind.String:
                Assert.True(value.GetValue<string>() == text, $"{text}\n{code}");
                break;
            default:
                Assert.True(JsonNode.DeepEquals(body, JsonNode.Parse(text)), $"{text}\n{code}");
                break;
        }
    }

    // Clients differ in whether they encode what they may and need not.
    private static string Canonical(string target) => string.Concat(WebUtility.UrlDecode(target));

    private static bool HasPython()
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo("python3", ["-c", "import requests"]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    private static async Task RunAsync(string program, string format, string extension, string folder, List<string> codes)
    {
        // All in one program: interpreters and compilers take their time to start.
        var file = Path.Combine(folder, "code" + extension);
        var usings = format == "csharp" ? codes.SelectMany(code => code.Split('\n').Where(IsUsing)).Distinct() : [];
        var blocks = codes.Select(code => format switch
        {
            "csharp" => "{\n" + string.Join('\n', code.Split('\n').Where(line => !IsUsing(line))) + "}\n",
            "javascript" => $"{{\n{code}}}\n",
            _ => code,
        });
        await File.WriteAllTextAsync(file, (format == "csharp" ? "#:property PublishAot=false\n" : "") + string.Join('\n', usings) + "\n" + string.Concat(blocks));
        await RunAsync(program, folder, format == "csharp" ? ["run", file] : [file]);

        static bool IsUsing(string line) => line.StartsWith("using System", StringComparison.Ordinal);
    }

    private static async Task RunAsync(string program, string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["LC_ALL"] = "C.UTF-8";
        // The tests' own build must not steer that of the code.
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToList()) start.Environment.Remove(name);
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{error}\n{await output}\n{await File.ReadAllTextAsync(arguments[^1])}");
    }

    private sealed record Received(string Method, string Target, List<(string Name, string Value)> Headers, byte[] Body)
    {
        public string? Header(string name)
            => Headers.Where(header => header.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(header => header.Value).ToArray() is { Length: > 0 } values ? string.Join(", ", values) : null;
    }

    /// <summary>Keeps what it is sent, and answers 200.</summary>
    private sealed class EchoServer : IAsyncDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly Task _serving;

        public EchoServer()
        {
            _listener.Start();
            Address = new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/");
            _serving = ServeAsync();
        }

        public Uri Address { get; }
        public List<Received> Received { get; } = [];

        public async ValueTask DisposeAsync()
        {
            _listener.Stop();
            await _serving;
        }

        private async Task ServeAsync()
        {
            await foreach (var client in _listener.AcceptAllAsync())
            {
                using var connection = client;
                await using var stream = connection.GetStream();
                Received.Add(await ReadAsync(stream));
                await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"u8.ToArray());
            }
        }

        private static async Task<Received> ReadAsync(NetworkStream stream)
        {
            var head = new List<byte>();
            var one = new byte[1];
            while (!(head.Count >= 4 && head[^1] == '\n' && head[^2] == '\r' && head[^3] == '\n' && head[^4] == '\r'))
            {
                await stream.ReadExactlyAsync(one);
                head.Add(one[0]);
            }
            var lines = Encoding.UTF8.GetString([.. head]).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
            var start = lines[0].Split(' ');
            var headers = lines.Skip(1).Select(line => (line[..line.IndexOf(':', StringComparison.Ordinal)], line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim(' '))).ToList();
            var received = new Received(start[0], start[1], headers, []);
            if (received.Header("Expect") is not null) await stream.WriteAsync("HTTP/1.1 100 Continue\r\n\r\n"u8.ToArray());
            var body = new byte[int.Parse(received.Header("Content-Length") ?? "0")];
            await stream.ReadExactlyAsync(body);
            return received with { Body = body };
        }
    }
}
