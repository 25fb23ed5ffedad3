using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Countersign.Testing.Delivery;

/// <summary>
/// Twilio, as far as messages and calls are made there: it takes what the published interface of 2010-04-01 takes, and refuses with Twilio's statuses and codes
/// what that does not: other paths, other credentials, other bodies, parameters that it has not or that are missing or out of bounds.
/// </summary>
public sealed partial class TwilioCounterpart : IAsyncDisposable
{
    /// <summary>The account.</summary>
    public const string AccountSid = "AC0123456789abcdef0123456789abcdef";
    /// <summary>The account's token.</summary>
    public const string AuthToken = "test-auth-token-0123456789abcdef";
    /// <summary>An API key.</summary>
    public const string ApiKeySid = "SK0123456789abcdef0123456789abcdef";
    /// <summary>The API key's secret.</summary>
    public const string ApiKeySecret = "test-api-secret-0123456789abcdef";
    /// <summary>The number that messages and calls come from.</summary>
    public const string From = "+15005550006";

    private const string Account = $"/2010-04-01/Accounts/{AccountSid}";
    private static readonly string[] MessageParameters = ["To", "From", "MessagingServiceSid", "Body", "StatusCallback", "ValidityPeriod"];
    private static readonly string[] CallParameters = ["To", "From", "Twiml", "SendDigits", "StatusCallback", "StatusCallbackEvent", "Timeout"];
    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789ABCD*#wW");

    private readonly LoopbackServer _server;
    private int _made;

    /// <summary>Starts.</summary>
    public TwilioCounterpart() => _server = new LoopbackServer(Answer);

    /// <summary>Where the interface is.</summary>
    public Uri BaseUrl => _server.Address;

    /// <summary>Answers the next requests with these, whatever they are.</summary>
    public void AnswerWith(params ReadOnlySpan<Reply> replies) => _server.AnswerWith(replies);

    /// <summary>Refuses the next request with one of Twilio's errors.</summary>
    public void RefuseNext(int status, int code, params (string Name, string Value)[] headers) => _server.AnswerWith(Error(status, code, headers));

    /// <summary>The next request that was taken or refused; waits for it, but not forever.</summary>
    public Task<ReceivedRequest> ReceiveAsync() => _server.ReceiveAsync();

    /// <summary>The request of a status callback, signed as Twilio signs.</summary>
    /// <param name="statusCallback">The address that the message or call was made with.</param>
    /// <param name="form">What Twilio says.</param>
    /// <param name="authToken">The token to sign with; the account's when null.</param>
    public static HttpRequestMessage Callback(string statusCallback, IReadOnlyDictionary<string, string> form, string? authToken = null)
    {
        var signed = statusCallback + string.Concat(form.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => pair.Key + pair.Value));
        var signature = HMACSHA1.HashData(Encoding.UTF8.GetBytes(authToken ?? AuthToken), Encoding.UTF8.GetBytes(signed));
        return new HttpRequestMessage(HttpMethod.Post, statusCallback)
        {
            Content = new FormUrlEncodedContent(form),
            Headers = { { "X-Twilio-Signature", Convert.ToBase64String(signature) } },
        };
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private Reply Answer(ReceivedRequest request)
    {
        if (!IsKnown(request.Headers.GetValueOrDefault("Authorization"))) return Error(401, 20003);
        return (request.Method, request.Target) switch
        {
            ("POST", $"{Account}/Messages.json") => Make(request, "SM", MessageParameters, MessageFault),
            ("POST", $"{Account}/Calls.json") => Make(request, "CA", CallParameters, CallFault),
            ("GET", $"{Account}.json") => Reply.Json(200, """{"status":"active","type":"Full"}"""),
            ("GET", $"{Account}/IncomingPhoneNumbers.json?PageSize=1") => Reply.Json(200, """{"incoming_phone_numbers":[]}"""),
            _ => Error(404, 20404),
        };
    }

    private Reply Make(ReceivedRequest request, string prefix, string[] parameters, Func<IReadOnlyDictionary<string, string>, int?> fault)
    {
        if (request.Headers.GetValueOrDefault("Content-Type") != "application/x-www-form-urlencoded") return Error(415, 20415);
        var form = request.Form;
        // Twilio itself overlooks parameters that it does not know; here they are faults.
        if (form.Keys.Except(parameters).Any()) return Error(400, 20001);
        if (fault(form) is { } code) return Error(400, code);
        return Reply.Json(201, $$"""{"sid":"{{prefix}}{{Interlocked.Increment(ref _made):d32}}","status":"queued","error_code":null}""");
    }

    private static int? MessageFault(IReadOnlyDictionary<string, string> form)
    {
        if (!form.TryGetValue("To", out var to)) return 21604;
        if (!E164().IsMatch(to)) return 21211;
        if (form.ContainsKey("From") == form.ContainsKey("MessagingServiceSid")) return 21603;
        if (!form.TryGetValue("Body", out var body) || body.Length == 0) return 21602;
        if (body.Length > 1_600) return 21617;
        if (form.TryGetValue("ValidityPeriod", out var validity) && !(int.TryParse(validity, out var seconds) && seconds is >= 1 and <= 36_000)) return 21624;
        return IsAddressOrNone(form) ? null : 21609;
    }

    private static int? CallFault(IReadOnlyDictionary<string, string> form)
    {
        if (!form.TryGetValue("To", out var to)) return 21201;
        if (!E164().IsMatch(to)) return 21217;
        if (!form.ContainsKey("From")) return 21213;
        if (!form.TryGetValue("Twiml", out var twiml) || twiml.Length > 4_000 || !IsSpeech(twiml)) return 21218;
        if (form.TryGetValue("SendDigits", out var digits) && digits.AsSpan().ContainsAnyExcept(Digits)) return 21206;
        if (form.TryGetValue("Timeout", out var timeout) && !(int.TryParse(timeout, out var seconds) && seconds is >= 1 and <= 600)) return 21208;
        return IsAddressOrNone(form) ? null : 21609;
    }

    private static bool IsSpeech(string twiml)
        => XElement.Parse(twiml) is { Name.LocalName: "Response" } response && response.Elements("Say").Any() && response.Elements().All(verb => verb.Name.LocalName is "Say" or "Pause");

    private static bool IsAddressOrNone(IReadOnlyDictionary<string, string> form)
        => !form.TryGetValue("StatusCallback", out var callback) || Uri.TryCreate(callback, UriKind.Absolute, out _);

    private static bool IsKnown(string? authorization)
        => authorization == Basic(AccountSid, AuthToken) || authorization == Basic(ApiKeySid, ApiKeySecret);

    private static string Basic(string user, string password) => $"Basic {Convert.ToBase64String(Encoding.ASCII.GetBytes($"{user}:{password}"))}";

    // Twilio's messages name the number.
    private static Reply Error(int status, int code, params (string Name, string Value)[] headers) => Reply.Json(status,
        $$"""{"code":{{code}},"message":"'To' number +14155550142 and so on","more_info":"https://www.twilio.com/docs/errors/{{code}}","status":{{status}}}""", headers);

    [GeneratedRegex(@"^\+[1-9][0-9]{6,14}$")]
    private static partial Regex E164();
}
