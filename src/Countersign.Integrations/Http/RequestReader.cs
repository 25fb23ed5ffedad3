using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using Countersign.Integrations.Expressions;

namespace Countersign.Integrations.Http;

/// <summary>Reads the input of an HTTP task, its expressions evaluated and its secrets put in (workflow contract 8.1). What is wrong is one sentence that names the field. Pure.</summary>
public sealed class RequestReader
{
    private const int MostHeaders = 200, LongestHeader = 64 * 1024, LongestBody = 3 * 1024 * 1024;
    private static readonly FrozenSet<string> Methods = FrozenSet.Create(StringComparer.Ordinal, "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE");
    private static readonly FrozenSet<string> Withheld = FrozenSet.Create(StringComparer.OrdinalIgnoreCase,
        "Host", "Content-Length", "Transfer-Encoding", "Connection", "Keep-Alive", "Upgrade", "TE", "Trailer", "Expect", "HTTP2-Settings");

    private static readonly Uri Nowhere = new("http://invalid/");

    private readonly JsonElement _input;
    private readonly List<string> _warnings = [];
    private string? _fault;

    private RequestReader(JsonElement input) => _input = input;

    /// <summary>The member of an input that alone counts when it is there.</summary>
    public const string Member = "http_request";

    /// <summary>The part of a task's input that describes the request.</summary>
    public static JsonElement Of(JsonElement input) => input.ValueKind == JsonValueKind.Object && input.TryGetProperty(Member, out var request) ? request : input;

    /// <summary>Reads a request.</summary>
    /// <param name="request">What <see cref="Of"/> gives.</param>
    /// <param name="settings">The request.</param>
    /// <param name="fault">What to change.</param>
    public static bool TryRead(JsonElement request, [NotNullWhen(true)] out HttpRequestSettings? settings, [NotNullWhen(false)] out string? fault)
    {
        var reader = new RequestReader(request);
        settings = reader.Read();
        fault = reader._fault;
        if (fault is not null) settings = null;
        return settings is not null;
    }

    /// <summary>The longest that a call takes by its time-outs, whatever else is wrong with the request.</summary>
    internal static TimeSpan LongestCallOf(JsonElement request)
    {
        var reader = new RequestReader(request);
        var isObject = request.ValueKind == JsonValueKind.Object;
        return new HttpRequestSettings
        {
            Method = "GET",
            Uri = Nowhere,
            ConnectTimeout = isObject ? reader.ReadConnectTimeout() : HttpRequestSettings.UsualConnectTimeout,
            ReadTimeout = isObject ? reader.ReadReadTimeout() : HttpRequestSettings.UsualReadTimeout,
        }.LongestCall;
    }

    private HttpRequestSettings? Read()
    {
        if (_input.ValueKind != JsonValueKind.Object) return Refuse<HttpRequestSettings>($"{Member} must be an object with uri and method.");
        var method = ReadMethod();
        var encode = Flag("encode") ?? true;
        var uri = ReadUri(encode);
        var headers = ReadHeaders();
        var contentType = Text("contentType") is { Length: > 0 } named ? named : "application/json";
        if (!IsValue(contentType)) Refuse("contentType has a character that no header may have.");
        var body = ReadBody(method, headers, contentType);
        AddAccept(headers);
        var settings = uri is null ? null : new HttpRequestSettings
        {
            Method = method,
            Uri = uri,
            Body = body,
            Headers = [.. headers],
            ConnectTimeout = ReadConnectTimeout(),
            ReadTimeout = ReadReadTimeout(),
            NamesReadTimeout = Value("readTimeOut") is not null,
            Accepted = ReadAccepted(),
            FollowsRedirects = Flag("followRedirects") ?? true,
            CompletesLater = Flag("asyncComplete"),
            Authentication = ReadAuthentication(),
        };
        return settings is null ? null : settings with { Warnings = [.. _warnings] };
    }

    private string ReadMethod()
    {
        if (Text("method") is not { } text || text.Trim().ToUpperInvariant() is not { Length: > 0 } method)
        {
            Refuse("method is missing.");
            return "";
        }
        if (!Methods.Contains(method)) Refuse($"method must be one of {string.Join(", ", Methods.Order(StringComparer.Ordinal))}.");
        return method;
    }

    private Uri? ReadUri(bool encode)
    {
        if (Text("uri") is not { Length: > 0 } text)
            return Refuse<Uri>(Value("vipAddress") is null ? "uri is missing." : "uri is missing: a vipAddress cannot be called, give the absolute address as uri.");
        return RequestUri.TryRead(text, encode, out var uri, out var wrong) ? uri : Refuse<Uri>($"uri {wrong}.");
    }

    private List<KeyValuePair<string, string>> ReadHeaders()
    {
        var headers = new List<KeyValuePair<string, string>>();
        if (Value("headers") is not { } map) return headers;
        if (map.ValueKind != JsonValueKind.Object)
        {
            Refuse("headers must be an object of names and values.");
            return headers;
        }
        foreach (var member in map.EnumerateObject())
        {
            var name = member.Name.Trim();
            if (member.Value.ValueKind == JsonValueKind.Null) continue;
            if (!IsName(name)) Refuse($"headers: '{Shown(name)}' is no name of a header.");
            else if (Withheld.Contains(name) || name.StartsWith("Proxy-", StringComparison.OrdinalIgnoreCase)) Refuse($"headers: {name} cannot be set, it is the connection's own.");
            else if (name.Equals("Accept-Encoding", StringComparison.OrdinalIgnoreCase)) _warnings.Add("The header Accept-Encoding was left out: packing is agreed on by the server itself.");
            else
            {
                // Of two spellings of one name the later counts: never are two sent.
                headers.RemoveAll(header => header.Key.Equals(name, StringComparison.OrdinalIgnoreCase));
                foreach (var value in member.Value.ValueKind == JsonValueKind.Array ? member.Value.EnumerateArray().AsEnumerable() : [member.Value])
                    if (value.ValueKind != JsonValueKind.Null) Add(headers, name, Template.TextOf(value));
            }
        }
        if (headers.Count > MostHeaders) Refuse($"headers: there are more than {MostHeaders}.");
        return headers;
    }

    private void Add(List<KeyValuePair<string, string>> headers, string name, string value)
    {
        value = value.Trim(' ', '\t');
        if (!IsValue(value)) Refuse($"headers: the value of {name} has a line break or another character that no header may have.");
        else if (value.Length > LongestHeader) Refuse($"headers: the value of {name} has more than {LongestHeader} characters.");
        else headers.Add(new(name, value));
    }

    private ReadOnlyMemory<byte>? ReadBody(string method, List<KeyValuePair<string, string>> headers, string contentType)
    {
        var takesBody = method is "POST" or "PUT" or "PATCH";
        if (Value("body") is not { } body)
        {
            if (takesBody) return ReadOnlyMemory<byte>.Empty;
            return null;
        }
        if (method is "GET" or "HEAD" or "TRACE")
        {
            _warnings.Add($"The body was left out: {method} has none.");
            return null;
        }
        var given = headers.FindIndex(header => header.Key.Equals("Content-Type", StringComparison.OrdinalIgnoreCase));
        var type = given >= 0 ? headers[given].Value : contentType;
        var bytes = RequestBody.TryWrite(body, type, out var fault);
        if (bytes is null)
        {
            Refuse($"body {fault}.");
            return null;
        }
        if (bytes.Length > LongestBody) Refuse($"body has {bytes.Length} bytes, which is more than {LongestBody}.");
        if (given < 0) headers.Add(new("Content-Type", type));
        return bytes;
    }

    private void AddAccept(List<KeyValuePair<string, string>> headers)
    {
        if (headers.Exists(header => header.Key.Equals("Accept", StringComparison.OrdinalIgnoreCase))) return;
        var accept = Value("accept") switch
        {
            null => "application/json",
            { ValueKind: JsonValueKind.String } text => text.GetString()!,
            { ValueKind: JsonValueKind.Array } list when list.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String) => string.Join(", ", list.EnumerateArray().Select(item => item.GetString())),
            _ => null,
        };
        if (accept is null || !IsValue(accept)) Refuse("accept must be a text or a list of texts.");
        else if (accept.Length > 0) headers.Add(new("Accept", accept));
    }

    private TimeSpan ReadConnectTimeout() => Timeout("connectionTimeOut", HttpRequestSettings.UsualConnectTimeout, HttpRequestSettings.LongestConnectTimeout);

    private TimeSpan ReadReadTimeout() => Timeout("readTimeOut", HttpRequestSettings.UsualReadTimeout, HttpRequestSettings.LongestReadTimeout);

    private TimeSpan Timeout(string name, TimeSpan usual, TimeSpan longest)
    {
        if (Value(name) is not { } value) return usual;
        var text = value.ValueKind is JsonValueKind.String or JsonValueKind.Number ? Template.TextOf(value).Trim() : "";
        if (!double.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var milliseconds) || !double.IsFinite(milliseconds))
        {
            Refuse($"{name} must be a number of milliseconds, 0 or more.");
            return usual;
        }
        return milliseconds < 1 ? (milliseconds == 0 ? longest : TimeSpan.FromMilliseconds(1)) : TimeSpan.FromMilliseconds(Math.Min(milliseconds, longest.TotalMilliseconds));
    }

    private AcceptedCodes ReadAccepted()
    {
        if (Value("acceptedStatusCodes") is not { } list) return AcceptedCodes.Success;
        return AcceptedCodes.TryRead(list) ?? Refuse<AcceptedCodes>("acceptedStatusCodes must be a list of numbers, or of texts such as 2xx, 200-204, 404.") ?? AcceptedCodes.Success;
    }

    private HttpAuthentication? ReadAuthentication()
    {
        if (Value("authentication") is not { } value) return null;
        var authentication = HttpAuthentication.TryRead(value, out var fault);
        if (fault is not null) return Refuse<HttpAuthentication>(fault);
        return authentication switch
        {
            HttpAuthentication.Bearer bearer when !IsValue(bearer.Token) => Refuse<HttpAuthentication>("authentication.token has a character that no header may have."),
            HttpAuthentication.ApiKey { InQuery: false } key when !IsName(key.Name) || Withheld.Contains(key.Name) || !IsValue(key.Value) => Refuse<HttpAuthentication>("authentication.name or value cannot be sent as a header."),
            _ => authentication,
        };
    }

    private bool? Flag(string name)
    {
        switch (Value(name))
        {
            case null: return null;
            case { ValueKind: JsonValueKind.True }: return true;
            case { ValueKind: JsonValueKind.False }: return false;
            case { ValueKind: JsonValueKind.String } text when bool.TryParse(text.GetString(), out var flag): return flag;
            default:
                Refuse($"{name} must be true or false.");
                return null;
        }
    }

    private string? Text(string name)
    {
        switch (Value(name))
        {
            case null: return null;
            case { ValueKind: JsonValueKind.String } text: return text.GetString();
            default:
                Refuse($"{name} must be a text.");
                return null;
        }
    }

    private JsonElement? Value(string name) => _input.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private T? Refuse<T>(string fault) where T : class
    {
        Refuse(fault);
        return null;
    }

    private void Refuse(string fault) => _fault ??= fault;

    /// <summary>RFC 9110 §5.6.2: a token.</summary>
    internal static bool IsName(string name) => name.Length is > 0 and <= 256 && name.All(character => char.IsAsciiLetterOrDigit(character) || "!#$%&'*+-.^_`|~".Contains(character, StringComparison.Ordinal));

    internal static bool IsValue(string value) => !value.Any(character => character != '\t' && char.IsControl(character));

    private static string Shown(string name) => new([.. name.Take(100).Select(character => char.IsControl(character) ? '�' : character)]);
}
