using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Countersign.Testing.Delivery;
using Microsoft.AspNetCore.WebUtilities;

namespace Countersign.Testing.Duo;

/// <summary>The Auth API.</summary>
public sealed partial class DuoCounterpart
{
    private readonly ConcurrentDictionary<string, (string Result, string Status)> _pushes = new();

    /// <summary>What Duo says of a user before it asks them.</summary>
    public string Preauth { get; set; } = "auth";

    /// <summary>The ids of the pushes that were sent, in order.</summary>
    public ConcurrentQueue<string> Pushes { get; } = new();

    /// <summary>The user answers the last push; or nobody does, and Duo gives up (<c>timeout</c>).</summary>
    /// <param name="result"><c>allow</c> or <c>deny</c>.</param>
    /// <param name="status">Duo's word for how; null: the result.</param>
    public void AnswerPush(string result, string? status = null) => _pushes[Pushes.Last()] = (result, status ?? result);

    private Reply AnswerAuthApi(ReceivedRequest request, string path)
    {
        if (SignatureFault(request, path) is { } fault) return Refuse(401, """{"stat":"FAIL","code":40103,"message":"Invalid signature in request credentials"}""", fault);
        var parameters = Parameters(request);
        return (request.Method, path) switch
        {
            ("POST", "/auth/v2/preauth") when Has(parameters, "username") => Preauth == "refuse"
                ? Refuse(400, """{"stat":"FAIL","code":40002,"message":"Invalid request parameters","message_detail":"username"}""", "username")
                : Ok($$"""{"result":"{{Preauth}}","status_msg":"Account is {{Preauth}}","devices":[{"device":"DP0123456789ABCDEFGH","type":"phone","capabilities":["auto","push"]}]}"""),
            ("POST", "/auth/v2/auth") when Has(parameters, "async", "device", "factor", "username")
                && (parameters["async"], parameters["device"], parameters["factor"]) == ("1", "auto", "push") => Push(),
            ("GET", "/auth/v2/auth_status") when Has(parameters, "txid") => _pushes.TryGetValue(parameters["txid"], out var push)
                ? Ok($$"""{"result":"{{push.Result}}","status":"{{push.Status}}","status_msg":"…"}""")
                : Refuse(400, """{"stat":"FAIL","code":40002,"message":"Invalid request parameters","message_detail":"txid"}""", "txid"),
            _ => Refuse(400, """{"stat":"FAIL","code":40001,"message":"Missing required request parameters"}""", "parameters"),
        };
    }

    private Reply Push()
    {
        var id = Guid.NewGuid().ToString();
        _pushes[id] = ("waiting", "pushed");
        Pushes.Enqueue(id);
        return Ok($$"""{"txid":"{{id}}"}""");
    }

    private string? SignatureFault(ReceivedRequest request, string path)
    {
        if (!DateTimeOffset.TryParseExact(request.Headers.GetValueOrDefault("Date"), "ddd, dd MMM yyyy HH:mm:ss '-0000'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date)
            || (date - _clock.GetUtcNow()).Duration() > Longest) return "Date";
        if (request.Method == "POST" && request.Headers.GetValueOrDefault("Content-Type")?.StartsWith("application/x-www-form-urlencoded", StringComparison.Ordinal) != true) return "Content-Type";
        var parameters = string.Join('&', Parameters(request).OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{Escape(pair.Key)}={Escape(pair.Value)}"));
        var canonical = $"{request.Headers["Date"]}\n{request.Method}\n{Host}\n{path}\n{parameters}";
        var signature = Convert.ToHexStringLower(HMACSHA512.HashData(Encoding.UTF8.GetBytes(SecretKey), Encoding.UTF8.GetBytes(canonical)));
        return request.Headers.GetValueOrDefault("Authorization") == $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"{IntegrationKey}:{signature}"))}" ? null : "Authorization";
    }

    private static Dictionary<string, string> Parameters(ReceivedRequest request)
    {
        var text = request.Method == "POST" ? request.Text : request.Target[(request.Target.IndexOf('?', StringComparison.Ordinal) + 1)..];
        return QueryHelpers.ParseQuery(text).ToDictionary(pair => pair.Key, pair => pair.Value.ToString(), StringComparer.Ordinal);
    }

    /// <summary>RFC 3986 §2.3: all but the unreserved characters.</summary>
    private static string Escape(string text) => string.Concat(Encoding.UTF8.GetBytes(text).Select(octet =>
        char.IsAsciiLetterOrDigit((char)octet) || (char)octet is '-' or '.' or '_' or '~' ? ((char)octet).ToString() : $"%{octet:X2}"));

    private static bool Has(Dictionary<string, string> parameters, params string[] names) => parameters.Keys.Order(StringComparer.Ordinal).SequenceEqual(names);

    private static Reply Ok(string response) => Reply.Json(200, $$"""{"stat":"OK","response":{{response}}}""");
}
