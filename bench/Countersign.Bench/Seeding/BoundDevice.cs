using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Countersign.Bench.Seeding;

/// <summary>A device of a user's <c>push</c> factor, bound through the API (docs/authenticator-protocol.md).</summary>
internal sealed class BoundDevice
{
    private const string Path = "/countersign/v1/authenticator";

    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly string _origin;

    private BoundDevice(string user, string factor, string origin) => (User, Factor, _origin) = (user, factor, origin);

    public string User { get; }

    public string Factor { get; }

    /// <summary>Enrolls a user whose mail the outbox keeps, and binds a new device.</summary>
    public static async Task<BoundDevice> BindAsync(HttpClient client, string user, string email, CancellationToken cancellationToken)
    {
        var enrolled = await SendAsync(client, HttpMethod.Post, $"/api/v1/users/{user}/factors", """{"factorType":"push","provider":"OKTA"}""", cancellationToken);
        var factor = (string)enrolled["id"]!;
        await SendAsync(client, HttpMethod.Post, $"/api/v1/users/{user}/factors/{factor}/lifecycle/activate/email", "", cancellationToken);
        var link = (string)(await SendAsync(client, HttpMethod.Get, $"/countersign/v1/outbox?recipient={Uri.EscapeDataString(email)}", null, cancellationToken))[0]!["link"]!;
        var device = new BoundDevice(user, factor, new Uri(link).GetLeftPart(UriPartial.Authority));
        await device.RegisterAsync(client, link[(link.IndexOf('=', StringComparison.Ordinal) + 1)..], cancellationToken);
        return device;
    }

    /// <summary>Challenges, and answers the transaction's id.</summary>
    public async Task<string> ChallengeAsync(HttpClient client, CancellationToken cancellationToken)
        => (string)(await SendAsync(client, HttpMethod.Post, $"/api/v1/users/{User}/factors/{Factor}/verify", "", cancellationToken))["transactionId"]!;

    /// <summary>The address at which a transaction is polled.</summary>
    public string PollOf(string transaction) => $"/api/v1/users/{User}/factors/{Factor}/transactions/{transaction}";

    /// <summary>The signed approval of a transaction that waits.</summary>
    public async Task<string> ApprovalOfAsync(HttpClient client, string transaction, TimeProvider clock, CancellationToken cancellationToken)
    {
        var issuedAt = $"{clock.GetUtcNow().ToUnixTimeMilliseconds()}";
        var proof = Sign("request", _origin, User, Factor, "GET", $"{Path}/requests", issuedAt, Base64Url.EncodeToString(SHA256.HashData([])));
        using var ask = new HttpRequestMessage(HttpMethod.Get, $"{Path}/requests");
        ask.Headers.TryAddWithoutValidation("Authorization", $"Device {User}.{Factor}.{issuedAt}.{proof}");
        using var answer = await client.SendAsync(ask, cancellationToken);
        var waiting = JsonNode.Parse(await answer.Content.ReadAsStringAsync(cancellationToken))!["requests"]!.AsArray();
        var request = waiting.Single(one => (string?)one!["transactionId"] == transaction)!;
        string[] shown = [.. ((string[])["transactionId", "createdAt", "expiresAt", "application", "address", "place", "userAgent", "number"]).Select(member => (string?)request[member] ?? "")];
        var signature = Sign(["answer", _origin, User, Factor, .. shown, "approve", ""]);
        return new JsonObject { ["user"] = User, ["factor"] = Factor, ["decision"] = "approve", ["signature"] = signature }.ToJsonString();
    }

    /// <summary>Sends an approval, whose answer must be a success.</summary>
    public static async Task ApproveAsync(HttpClient client, string transaction, string approval, CancellationToken cancellationToken)
    {
        var answer = await SendAsync(client, HttpMethod.Post, $"{Path}/requests/{transaction}", approval, cancellationToken);
        if ((string?)answer["factorResult"] != "SUCCESS") throw new BenchException($"an approval was answered {answer.ToJsonString()}");
    }

    private async Task RegisterAsync(HttpClient client, string ticket, CancellationToken cancellationToken)
    {
        var point = _key.ExportParameters(includePrivateParameters: false).Q;
        var (x, y) = (Base64Url.EncodeToString(point.X), Base64Url.EncodeToString(point.Y));
        var thumbprint = Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes($$"""{"crv":"P-256","kty":"EC","x":"{{x}}","y":"{{y}}"}""")));
        var body = new JsonObject
        {
            ["ticket"] = ticket,
            ["key"] = new JsonObject { ["kty"] = "EC", ["crv"] = "P-256", ["x"] = x, ["y"] = y },
            ["name"] = "Phone",
            ["deviceType"] = "SmartPhone_Android",
            ["platform"] = "ANDROID",
            ["version"] = "16",
            ["signature"] = Sign("register", _origin, ticket, thumbprint, "Phone", "SmartPhone_Android", "ANDROID", "16"),
        };
        await SendAsync(client, HttpMethod.Post, $"{Path}/devices", body.ToJsonString(), cancellationToken);
    }

    private string Sign(params IEnumerable<string> texts)
    {
        using var statement = new MemoryStream();
        Span<byte> length = stackalloc byte[4];
        foreach (var text in (IEnumerable<string>)["countersign-authenticator/1", .. texts])
        {
            var encoded = Encoding.UTF8.GetBytes(text);
            BinaryPrimitives.WriteInt32BigEndian(length, encoded.Length);
            statement.Write(length);
            statement.Write(encoded);
        }
        return Base64Url.EncodeToString(_key.SignData(statement.ToArray(), HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation));
    }

    private static async Task<JsonNode> SendAsync(HttpClient client, HttpMethod method, string path, string? body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json") };
        using var answer = await client.SendAsync(request, cancellationToken);
        var text = await answer.Content.ReadAsStringAsync(cancellationToken);
        return answer.IsSuccessStatusCode ? JsonNode.Parse(text)! : throw new BenchException($"{method} {path} was answered {(int)answer.StatusCode}: {text}");
    }
}
