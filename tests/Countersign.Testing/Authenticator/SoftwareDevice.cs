using System.Buffers.Text;
using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Countersign.Testing.Signals;

namespace Countersign.Testing.Authenticator;

/// <summary>
/// An authenticator made from <c>docs/authenticator-protocol.md</c> alone: whatever it can do, anybody's can. It does what it is told, also what no real one would: each thing that it
/// signs can be changed before.
/// </summary>
public sealed class SoftwareDevice : IDisposable
{
    private const string Path = "/countersign/v1/authenticator";

    private readonly TimeProvider _clock;
    private readonly string _base;
    private string? _server;

    /// <summary>A new device that was given a link.</summary>
    /// <param name="client">How it reaches the server; without a token.</param>
    /// <param name="clock">Its clock.</param>
    /// <param name="link">The text of the QR picture: <c>{base}/authenticator/#activate={ticket}</c>.</param>
    public SoftwareDevice(HttpClient client, TimeProvider clock, string link)
    {
        const string Mark = "/authenticator/#activate=";
        var end = link.IndexOf(Mark, StringComparison.Ordinal);
        if (end < 0) throw new FormatException($"'{link}' activates nothing");
        (Client, _clock, _base, Ticket) = (client, clock, link[..end], link[(end + Mark.Length)..]);
        var address = new Uri(_base);
        Origin = address.IsDefaultPort ? $"{address.Scheme}://{address.IdnHost}" : $"{address.Scheme}://{address.IdnHost}:{address.Port}";
    }

    /// <summary>How it reaches the server: another node's client reaches that.</summary>
    public HttpClient Client { get; set; }
    /// <summary>Where the server is in truth, when the base leads elsewhere: what stands between the two is a proxy.</summary>
    public Uri? Server
    {
        get => _server is null ? null : new Uri(_server);
        set => _server = value?.AbsoluteUri.TrimEnd('/');
    }
    /// <summary>The ticket that it was given.</summary>
    public string Ticket { get; set; }
    /// <summary>Where it believes to be.</summary>
    public string Origin { get; set; }
    /// <summary>Its key.</summary>
    public ECDsa Key { get; set; } = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    /// <summary>Its clock's fault.</summary>
    public TimeSpan ClockFault { get; set; }
    /// <summary>Changes the texts of each statement before it is signed; the first is its kind.</summary>
    public Action<List<string>>? Spoils { get; set; }

    /// <summary>Its name.</summary>
    public string Name { get; set; } = "Inés’s phone";
    /// <summary>The nearer of the two types.</summary>
    public string DeviceType { get; set; } = "SmartPhone_Android";
    /// <summary>Its system.</summary>
    public string Platform { get; set; } = "ANDROID";
    /// <summary>The system's version.</summary>
    public string Version { get; set; } = "16";

    /// <summary>The user that it is bound to; empty before.</summary>
    public string User { get; set; } = "";
    /// <summary>The factor that it is bound to; empty before.</summary>
    public string Factor { get; set; } = "";
    /// <summary>Where Web Push is received.</summary>
    public PushReceiver Push { get; } = new();

    /// <summary>Asks what the ticket is for.</summary>
    public Task<Answer> LookAtTicketAsync() => SendAsync(HttpMethod.Post, $"{Path}/activation", new JsonObject { ["ticket"] = Ticket });

    /// <summary>Binds itself, and remembers to whom.</summary>
    public async Task<Answer> RegisterAsync(Action<JsonObject>? change = null)
    {
        var body = new JsonObject
        {
            ["ticket"] = Ticket,
            ["key"] = Key.ToJwk(),
            ["name"] = Name,
            ["deviceType"] = DeviceType,
            ["platform"] = Platform,
            ["version"] = Version,
            ["signature"] = Sign("register", Origin, Ticket, Key.Thumbprint(), Name, DeviceType, Platform, Version),
        };
        change?.Invoke(body);
        var answer = await SendAsync(HttpMethod.Post, $"{Path}/devices", body);
        if ((int)answer.Status == 201) (User, Factor) = ((string)answer.Json["user"]!, (string)answer.Json["factor"]!);
        return answer;
    }

    /// <summary>Asks what waits.</summary>
    public Task<Answer> RequestsAsync() => AsDeviceAsync(HttpMethod.Get, $"{Path}/requests");

    /// <summary>Asks what waits, and answers the newest request.</summary>
    public async Task<JsonNode> NewestAsync() => (await RequestsAsync()).Json["requests"]!.AsArray() is { Count: > 0 } waiting
        ? waiting[^1]!
        : throw new InvalidOperationException("nothing waits");

    /// <summary>Answers a request.</summary>
    /// <param name="request">The request as it came.</param>
    /// <param name="decision"><c>approve</c>, <c>deny</c> or <c>report</c>.</param>
    /// <param name="number">The two digits that the person typed or picked; null for none.</param>
    /// <param name="change">Changes the body before it is sent.</param>
    public Task<Answer> AnswerAsync(JsonNode request, string decision, string? number = null, Action<JsonObject>? change = null)
    {
        var body = AnswerTo(request, decision, number);
        change?.Invoke(body);
        return SendAnswerAsync((string)request["transactionId"]!, body);
    }

    /// <summary>The signed answer to a request, which <see cref="SendAnswerAsync"/> sends.</summary>
    public JsonObject AnswerTo(JsonNode request, string decision, string? number = null)
    {
        var signature = Sign("answer", Origin, User, Factor, Text("transactionId"), Text("createdAt"), Text("expiresAt"), Text("application"), Text("address"), Text("place"), Text("userAgent"),
            Text("number"), decision, number ?? "");
        var body = new JsonObject { ["user"] = User, ["factor"] = Factor, ["decision"] = decision, ["signature"] = signature };
        if (number is not null) body["number"] = number;
        return body;

        string Text(string member) => (string?)request[member] ?? "";
    }

    /// <summary>Sends a signed answer. The statement is the permission.</summary>
    public Task<Answer> SendAnswerAsync(string transaction, JsonObject body) => SendAsync(HttpMethod.Post, $"{Path}/requests/{transaction}", body);

    /// <summary>Opens the stream of what waits, for this device and others of the same app.</summary>
    public async Task<EventReader> OpenEventsAsync(params SoftwareDevice[] others)
    {
        var devices = new JsonArray([.. ((IEnumerable<SoftwareDevice>)[this, .. others]).Select(device => (JsonNode)device.Credential(HttpMethod.Post, $"{Path}/events", ""))]);
        using var request = new HttpRequestMessage(HttpMethod.Post, (_server ?? _base) + Path + "/events") { Content = Json(new JsonObject { ["devices"] = devices }.ToJsonString()) };
        return await EventReader.OpenAsync(Client, request);
    }

    /// <summary>Renames itself, or says its new version; null leaves what is.</summary>
    public Task<Answer> ChangeAsync(string? name, string? version = null)
    {
        var body = new JsonObject();
        if (name is not null) body["name"] = name;
        if (version is not null) body["version"] = version;
        return AsDeviceAsync(HttpMethod.Put, $"{Path}/device", body);
    }

    /// <summary>Removes itself.</summary>
    public Task<Answer> RemoveAsync() => AsDeviceAsync(HttpMethod.Delete, $"{Path}/device");

    /// <summary>Says where Web Push reaches it.</summary>
    public Task<Answer> SubscribeAsync(string endpoint) => AsDeviceAsync(HttpMethod.Put, $"{Path}/subscription", Push.Subscription(endpoint));

    /// <summary>Wants no Web Push any more.</summary>
    public Task<Answer> UnsubscribeAsync() => AsDeviceAsync(HttpMethod.Delete, $"{Path}/subscription");

    /// <summary>Sends a request that it has signed.</summary>
    public async Task<Answer> AsDeviceAsync(HttpMethod method, string path, JsonNode? body = null)
    {
        var text = body?.ToJsonString() ?? "";
        using var request = new HttpRequestMessage(method, (_server ?? _base) + path) { Content = body is null ? null : Json(text) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Device", Credential(method, path, text));
        using var response = await Client.SendAsync(request);
        return await Answer.ReadAsync(response);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Key.Dispose();
        Push.Dispose();
    }

    private string Credential(HttpMethod method, string path, string body)
    {
        var issuedAt = (_clock.GetUtcNow() + ClockFault).ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
        var hash = Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(body)));
        return $"{User}.{Factor}.{issuedAt}.{Sign("request", Origin, User, Factor, method.Method, path, issuedAt, hash)}";
    }

    private string Sign(params List<string> texts)
    {
        Spoils?.Invoke(texts);
        return Statement.Sign(Key, Statement.Write(texts));
    }

    private async Task<Answer> SendAsync(HttpMethod method, string path, JsonNode body)
    {
        using var request = new HttpRequestMessage(method, (_server ?? _base) + path) { Content = Json(body.ToJsonString()) };
        using var response = await Client.SendAsync(request);
        return await Answer.ReadAsync(response);
    }

    private static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");
}
