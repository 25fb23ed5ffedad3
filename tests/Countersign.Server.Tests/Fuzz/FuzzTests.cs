using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Countersign.Testing;
using CsCheck;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.Server.Tests.Fuzz;

/// <summary>
/// Every operation of the API, found by the routes that there are, with addresses, queries, headers and bodies that nobody should send. Nothing fails inside, every refusal is
/// the contract's envelope, and what is refused changes nothing.
/// </summary>
public sealed partial class FuzzTests
{
    private const int RequestsAnOperation = 120;

    // All that a refused request must leave alone. Tries are counted, and refused tries are logged.
    private const string Snapshot = """
        SELECT (SELECT count(*) * 7 + coalesce(sum(length(document)), 0) FROM users) * 1000003 + (SELECT count(*) FROM user_attribute) * 10007
            + (SELECT coalesce(sum(json_array_length(CAST(state AS TEXT), '$.factors')), 0) FROM user_state) * 101
            + (SELECT count(*) FROM api_token) * 11 + (SELECT count(*) + coalesce(sum(length(document)), 0) FROM organization)
            + (SELECT count(*) * 13 + coalesce(sum(length(secret)), 0) FROM token)
            + (SELECT count(*) * 17 + coalesce(sum(length(document)), 0) FROM workflow_definition) + (SELECT count(*) * 19 + coalesce(sum(length(document)), 0) FROM task_definition)
            + (SELECT count(*) * 23 FROM workflow_execution)
        """;

    private static readonly string[] Names =
    [
        "profile", "login", "email", "firstName", "lastName", "credentials", "password", "value", "hash", "recovery_question", "question", "answer", "provider", "type", "id",
        "factorType", "passCode", "nextPassCode", "sharedSecret", "credentialId", "factorProfileId", "questionText", "name", "settings", "timeBased", "otpLength", "timeStep",
        "acceptableAdjacentIntervals", "encoding", "hmacAlgorithm", "default", "scopes", "expiresAt", "oldPassword", "newPassword", "groupIds", "revokeSessions", "phoneNumber",
        "serialNumber", "publicId", "privateId", "aesKey", "verify", "keyId",
        "version", "tasks", "taskReferenceName", "inputParameters", "workflowDef", "input", "correlationId", "priority", "idempotencyStrategy", "taskId", "status", "outputData", "logs", "keySecret",
    ];

    private static readonly string[] Parameters =
    [
        "limit", "after", "q", "filter", "search", "sortBy", "sortOrder", "since", "until", "activate", "sendEmail", "nextLogin", "provider", "strict", "expand", "updatePhone",
        "templateId", "tokenLifetimeSeconds", "tempPassword", "revokeSessions", "removeRecoveryEnrollment", "oauthTokens", "fields", "forDownload",
        "version", "start", "size", "sort", "freeText", "query", "count", "timeout", "overwrite", "priority", "taskType", "returnStrategy", "waitForSeconds",
    ];

    private static readonly string[] Oddities =
    [
        "", " ", "null", "true", "0", "-1", "1e9", "99999999999999999999", "0x10", "NaN", "\0", "\u202e", "😀", "'", "\"", "\\", "%", "%00", "..", "../../etc/passwd", "<script>",
        "' OR 1=1 --", "${jndi:ldap://x}", "status eq", "status eq \"ACTIVE\" and (", "((((((((", "profile.login sw \"", "ACTIVE", "id eq \"00u\"", "2026-01-01", "9999-12-31T23:59:59Z",
        "0001-01-01T00:00:00Z", "nobody", "ana@example.com", "token:software:totp", "question", "GOOGLE", "OKTA", "CUSTOM", "sms", new string('a', 300), new string('9', 5_000),
    ];

    private static readonly Gen<string> Text = Gen.OneOf(OneOf(Oddities), Gen.String, Gen.String.AlphaNumeric);

    private static readonly Gen<JsonNode?> Value = Gen.Recursive<JsonNode?>((depth, value) => depth > 3
        ? Text.Select(text => (JsonNode?)Whole(text))
        : Gen.OneOf(
            Text.Select(text => (JsonNode?)Whole(text)), Gen.Int.Select(number => (JsonNode?)number), Gen.Bool.Select(boolean => (JsonNode?)boolean), Gen.Const((JsonNode?)null),
            value.Array[0, 3].Select(items => (JsonNode?)new JsonArray([.. items.Select(item => item?.DeepClone())])),
            Gen.Select(OneOf(Names), value).Array[0, 5].Select(members => (JsonNode?)Members(members))));

    private static readonly Gen<byte[]> Body = Gen.Frequency(
        (6, Gen.Select(OneOf(Names), Value).Array[0, 6].Select(members => Encoding.UTF8.GetBytes(Members(members).ToJsonString()))),
        (1, Value.Select(value => Encoding.UTF8.GetBytes(value?.ToJsonString() ?? "null"))),
        (1, Gen.Byte.Array[0, 200]),
        (1, OneOf("", "{", "[", "{}", "nul", "{\"profile\":", "{\"profile\":{\"login\":\"\\ud800\"}}", "{\"a\":1,\"a\":2}", "\u0000", "{\"passCode\":\"123456\"}{}",
            new string('[', 5_000), $"{{\"passCode\":\"{new string('1', 100_000)}\"}}", new string(' ', 300_000)).Select(Encoding.UTF8.GetBytes)));

    private static readonly Gen<string> Query = Gen.Select(OneOf(Parameters), Text).Array[0, 3]
        .Select(parameters => string.Join('&', parameters.Select(parameter => $"{parameter.Item1}={Uri.EscapeDataString(Whole(parameter.Item2))}")));

    private static readonly Gen<(string Name, string Value)?> Header = Gen.OneOf(
        Gen.Const(((string, string)?)null),
        Gen.Select(OneOf("Content-Type", "Accept", "Accept-Language", "X-Forwarded-For", "If-Match", "Prefer", "User-Agent", "X-HTTP-Method-Override"), OneOf(Oddities))
            .Select(header => ((string, string)?)header));

    [Fact]
    public async Task No_operation_fails_inside_or_changes_what_it_refuses()
    {
        await using var app = new CountersignApp(Engine.Sqlite, new("Countersign:Hashing:MemoryKibibytes", "8192"), new("Countersign:Hashing:Passes", "1"));
        // Not recorded: what is accepted in spite of its oddities need not follow the published description.
        using var client = app.CreateDefaultClient();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("SSWS", CountersignApp.Token);
        var ids = new List<string>();
        await AddPeopleAsync(app, ids);
        var faults = new List<string>();
        var asked = 0;
        using var enough = new CancellationTokenSource();
        var passing = PassTimeAsync(app, enough.Token);
        foreach (var endpoint in app.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().Where(IsApi))
        {
            foreach (var method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods)
            {
                if (asked++ % 10 == 0) await AddPeopleAsync(app, ids);
                var requests = Gen.Select(Gen.OneOf(Gen.Int[0, 99].Select(i => ids[^(1 + (i % Math.Min(ids.Count, 40)))]), Text).Array[3], Query, Header, Body).Array[RequestsAnOperation].Single();
                foreach (var (places, query, header, body) in requests) await AskAsync(app, client, endpoint, method, places, query, header, body, faults);
            }
        }

        await enough.CancelAsync();
        await passing;
        Assert.True(asked > 50, $"only {asked} operations were found");
        Assert.Empty(faults);
        Assert.Equal(HttpStatusCode.OK, (await app.GetAsync("/api/v1/users/me")).Status);
    }

    private static async Task AskAsync(
        CountersignApp app, HttpClient client, RouteEndpoint endpoint, string method, string[] places, string query, (string Name, string Value)? header, byte[] body, List<string> faults)
    {
        var number = 0;
        var path = Place().Replace(endpoint.RoutePattern.RawText!, _ => Uri.EscapeDataString(Whole(places[number++ % places.Length]).Replace("\0", "", StringComparison.Ordinal)));
        if (path.Contains("/..", StringComparison.Ordinal) || path.Length > 7_000) path = Place().Replace(endpoint.RoutePattern.RawText!, "x");
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri($"{path}?{query}", UriKind.Relative));
        if (method is "POST" or "PUT") request.Content = new ByteArrayContent(body);
        if (header is { } odd && !odd.Value.Contains('\0', StringComparison.Ordinal)) (request.Content?.Headers.TryAddWithoutValidation(odd.Name, odd.Value) == true ? null : request.Headers)?.TryAddWithoutValidation(odd.Name, odd.Value);
        var before = await app.Store.SqlAsync(Snapshot);
        using var response = await client.SendAsync(request);
        var answer = await Answer.ReadAsync(response);

        var what = $"{method} {path}?{query} {Encoding.UTF8.GetString(body.AsSpan(..Math.Min(body.Length, 300)))} was answered {(int)answer.Status} {answer.Text}";
        if ((int)answer.Status >= 500 && answer.ErrorCode != "E0000060") faults.Add(what);
        if (answer.Text.Contains("Exception", StringComparison.Ordinal) || answer.Text.Contains("   at ", StringComparison.Ordinal)) faults.Add($"particulars of the inside: {what}");
        if (answer.Status < HttpStatusCode.BadRequest) return;
        if (answer.Headers["Content-Type"] != "application/json" || !HasForm(answer, path)) faults.Add($"no envelope: {what}");
        if (await app.Store.SqlAsync(Snapshot) != before) faults.Add($"a refused request changed something: {what}");
    }

    /// <summary>The envelope of the factors API, or the error of the workflow API (workflow contract 1.4).</summary>
    private static bool HasForm(Answer answer, string path) => path.StartsWith("/api/", StringComparison.Ordinal) && !path.StartsWith("/api/v1/", StringComparison.Ordinal)
        ? (int?)answer.Json["status"] == (int)answer.Status && answer.Json["message"] is not null && answer.Json["retryable"] is not null
        : answer.Json["errorCauses"] is JsonArray && answer.ErrorCode is not null;

    /// <summary>Lets time pass for requests that wait.</summary>
    private static async Task PassTimeAsync(CountersignApp app, CancellationToken enough)
    {
        while (!enough.IsCancellationRequested)
        {
            app.Clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(10, enough).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Users with a factor of each kind, for requests that find something.</summary>
    private static async Task AddPeopleAsync(CountersignApp app, List<string> ids)
    {
        var user = await app.AddUserAsync($"fuzz{ids.Count}@example.com");
        var (totp, _) = await app.AddTotpAsync(user);
        var question = await app.PostAsync($"/api/v1/users/{user}/factors", new JsonObject
        {
            ["factorType"] = "question",
            ["profile"] = new JsonObject { ["question"] = "disliked_food", ["answer"] = "broccoli" },
        });
        var key = new SoftwareYubiKey(ids.Count);
        var token = await app.PostAsync("/api/v1/org/factors/yubikey_token/tokens", new JsonObject
        {
            ["serialNumber"] = $"{key.Serial}",
            ["publicId"] = key.PublicId,
            ["privateId"] = key.PrivateId,
            ["aesKey"] = key.AesKey,
        });
        if (ids.Count % 8 == 0)
            await app.PostAsync($"/api/v1/users/{user}/factors", new JsonObject { ["factorType"] = "token:hardware", ["verify"] = new JsonObject { ["passCode"] = key.Touch() } });
        ids.AddRange([user, totp, token.Id, question.Id, $"fuzz{ids.Count}@example.com"]);
    }

    private static bool IsApi(RouteEndpoint endpoint) => endpoint.RoutePattern.RawText is { } path
        && (path.StartsWith("/api/", StringComparison.Ordinal) || path.StartsWith("/countersign/", StringComparison.Ordinal)) && endpoint.Metadata.GetMetadata<HttpMethodMetadata>() is not null;

    private static JsonObject Members((string Name, JsonNode? Value)[] members)
    {
        var document = new JsonObject();
        foreach (var (name, value) in members) document[name] = value?.DeepClone();
        return document;
    }

    private static Gen<string> OneOf(params string[] texts) => Gen.Int[0, texts.Length - 1].Select(i => texts[i]);

    /// <summary>The text without lone surrogates, which neither JSON nor addresses can carry; those are among the bodies written out.</summary>
    private static string Whole(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex Place();
}
