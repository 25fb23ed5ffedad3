using System.Globalization;
using System.Text.Json.Nodes;

namespace Countersign.Integrations.Notations;

/// <summary>Reads the words of a curl command as the request of an HTTP task.</summary>
internal sealed class CurlReader(Findings findings)
{
    private static readonly string[] Ours = ["Host", "Content-Length", "Transfer-Encoding", "Connection", "Upgrade", "TE", "Trailer", "Expect", "Keep-Alive", "Accept-Encoding"];

    private readonly List<(string Name, Template Value)> _headers = [];
    private readonly List<CurlData> _data = [];
    private readonly List<CurlField> _fields = [];
    private readonly List<Template> _urls = [], _queries = [];
    private Template? _method, _accept, _contentType;
    private NotedAuthentication? _authentication;
    private bool _isGet, _isHead, _follows, _isJson;
    private long? _connect, _read;

    /// <summary>The request; null when there are faults.</summary>
    public NotedRequest? Read(List<Template> words)
    {
        var start = words is [{ Text: "$" or ">" or "PS>" }, ..] ? 1 : 0;
        if (words.Count <= start || !IsCurl(words[start].Text))
        {
            if (findings.Faults.Count == 0) findings.Fault("command: must begin with curl");
            return null;
        }
        for (var i = start + 1; i < words.Count && findings.Faults.Count < 20; i++) ReadWord(words, ref i);
        return findings.Faults.Count == 0 && Build() is { } request && findings.Faults.Count == 0 ? request : null;
    }

    private static bool IsCurl(string? word)
        => word is not null && word[(word.LastIndexOfAny(['/', '\\']) + 1)..] is var name && (name.Equals("curl", StringComparison.OrdinalIgnoreCase) || name.Equals("curl.exe", StringComparison.OrdinalIgnoreCase));

    private void ReadWord(List<Template> words, ref int i)
    {
        var word = words[i];
        var start = word.Pieces is [{ IsExpression: false } first, ..] ? first.Text : "";
        if (!start.StartsWith('-') || word.Text == "-") _urls.Add(word);
        else if (start.StartsWith("--", StringComparison.Ordinal))
        {
            var name = word.ToString()[2..];
            if (CurlOptions.Find(name) is { } option) Take(option, option.TakesValue ? Next(words, ref i, option) : null);
            else findings.Fault($"command: the option --{Findings.Shown(name)} is not known");
        }
        else
        {
            for (var at = 1; at < start.Length; at++)
            {
                if (CurlOptions.Find(start[at]) is not { } option)
                {
                    findings.Fault($"command: the option -{(char.IsAscii(start[at]) ? start[at] : '?')} of {Findings.Shown(word.ToString())} is not known");
                    return;
                }
                if (!option.TakesValue)
                {
                    Take(option, null);
                    continue;
                }
                // -XPOST: the value may follow at once.
                Take(option, at + 1 < start.Length || word.Pieces.Length > 1 ? word.Cut(at + 1) : Next(words, ref i, option));
                return;
            }
        }
    }

    private Template? Next(List<Template> words, ref int i, CurlOption option)
    {
        if (i + 1 < words.Count) return words[++i];
        findings.Fault($"command: the option {option.Shown} has no value");
        return null;
    }

    private void Take(CurlOption option, Template? value)
    {
        if (option.TakesValue && value is null) return;
        switch (option.Kind)
        {
            case CurlOptionKind.Refused:
                findings.Fault($"command: the option {option.Shown} cannot be taken over: {option.Reason}");
                break;
            case CurlOptionKind.LeftOut:
                findings.Warn($"The option {option.Shown} was left out: {option.Reason}.");
                _follows |= option.Name == "location-trusted";
                break;
            case CurlOptionKind.Read:
                Set(option.Name, value ?? Template.Empty);
                break;
        }
    }

    private void Set(string option, Template value)
    {
        switch (option)
        {
            case "request": _method = value; break;
            case "header": AddHeader(value); break;
            case "data" or "data-ascii" or "data-binary": AddData(value, isRaw: false); break;
            case "data-raw": AddData(value, isRaw: true); break;
            case "data-urlencode": AddEncoded(value, _data); break;
            case "json": AddData(value, isRaw: false); _isJson = true; break;
            case "user": _authentication = Basic(value); break;
            case "oauth2-bearer": _authentication = new NotedAuthentication("bearer") { Values = [("token", value)] }; break;
            case "get": _isGet = true; break;
            case "form" or "form-string": if (CurlField.TryRead(value, option == "form-string", findings) is { } field) _fields.Add(field); break;
            case "url": _urls.Add(value); break;
            case "url-query": AddQuery(value); break;
            case "head": _isHead = true; break;
            case "cookie": AddCookie(value); break;
            case "user-agent": _headers.Add(("User-Agent", value)); break;
            case "referer": _headers.Add(("Referer", value)); break;
            case "location": _follows = true; break;
            case "max-time": _read = Seconds(value, "max-time"); break;
            case "connect-timeout": _connect = Seconds(value, "connect-timeout"); break;
            default: throw new System.Diagnostics.UnreachableException(option);
        }
    }

    private void AddHeader(Template value)
    {
        if (value.Text?.StartsWith('@') == true)
        {
            findings.Fault("command: -H @file cannot be taken over: files of your machine are not read");
            return;
        }
        var (name, content) = value.SplitAt(':') is { } parts ? (parts.Before.Text?.Trim(), parts.After.Trim())
            : value.Text?.TrimEnd() is { } text && text.EndsWith(';') ? (text[..^1].Trim(), Template.Empty) : (null, Template.Empty);
        if (name is null || !HeaderText.IsName(name)) findings.Fault($"command: {Findings.Shown(value.ToString())} is no header");
        else if (content.Pieces.Any(piece => !piece.IsExpression && piece.Text.AsSpan().IndexOfAny('\r', '\n') >= 0)) findings.Fault($"command: the header {Findings.Shown(name)} has a line break in its value");
        else if (content.IsEmpty && value.SplitAt(':') is not null) findings.Warn($"The header {Findings.Shown(name)} is usual and cannot be left out.");
        else if (Ours.Contains(name, StringComparer.OrdinalIgnoreCase) || name.StartsWith("Proxy-", StringComparison.OrdinalIgnoreCase)) findings.Warn($"The header {Findings.Shown(name)} was left out: it is made with the request.");
        else if (name.Equals("Accept", StringComparison.OrdinalIgnoreCase)) _accept = content;
        else if (name.Equals("Content-Type", StringComparison.OrdinalIgnoreCase)) _contentType = content;
        else _headers.Add((name, content));
    }

    private void AddData(Template value, bool isRaw)
    {
        if (!isRaw && value.Pieces is [{ IsExpression: false } first, ..] && first.Text.StartsWith('@'))
            findings.Fault($"command: {Findings.Shown(value.ToString())} cannot be taken over: files of your machine are not read");
        else _data.Add(new CurlData(value, null));
    }

    private void AddEncoded(Template value, List<CurlData> to)
    {
        var (name, content) = value.SplitAt('=') is { } parts ? (parts.Before, parts.After) : (Template.Empty, value);
        if (value.SplitAt('=') is null && value.SplitAt('@') is not null) findings.Fault($"command: {Findings.Shown(value.ToString())} cannot be taken over: files of your machine are not read");
        else to.Add(new CurlData(name, content));
    }

    private void AddQuery(Template value)
    {
        if (value.Pieces is [{ IsExpression: false } first, ..] && first.Text.StartsWith('+')) _queries.Add(value.Cut(1));
        else
        {
            var parts = new List<CurlData>();
            AddEncoded(value, parts);
            _queries.AddRange(parts.Select(part => part.ToText()));
        }
    }

    private void AddCookie(Template value)
    {
        if (value.SplitAt('=') is null) findings.Fault($"command: -b {Findings.Shown(value.ToString())} cannot be taken over: files of your machine are not read");
        else if (_headers.FindIndex(header => header.Name == "Cookie") is >= 0 and var i) _headers[i] = ("Cookie", _headers[i].Value + Template.Literal("; ") + value);
        else _headers.Add(("Cookie", value));
    }

    private NotedAuthentication Basic(Template value)
    {
        if (value.SplitAt(':') is not { } parts)
        {
            findings.Warn("The option -u names no password; it was taken as empty.");
            return new NotedAuthentication("basic") { Values = [("username", value), ("password", Template.Empty)] };
        }
        return new NotedAuthentication("basic") { Values = [("username", parts.Before), ("password", parts.After)] };
    }

    private long? Seconds(Template value, string option)
    {
        if (value.Text is { } text && decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) && seconds is >= 0 and < 1_000_000) return (long)(seconds * 1000);
        findings.Fault($"command: the value of --{option} must be a number of seconds");
        return null;
    }

    private NotedRequest? Build()
    {
        _urls.RemoveAll(url => url.Trim().IsEmpty);
        if (_urls is not [var url])
        {
            findings.Fault(_urls.Count == 0 ? "command: the address is missing" : $"command: a task sends one request, and there are {_urls.Count} addresses");
            return null;
        }
        if (_data.Count > 0 && _fields.Count > 0) findings.Fault("command: -F and -d do not go together");
        var uri = Address(url.Trim());
        var data = _isGet ? [] : _data;
        if (_isGet) _queries.InsertRange(0, _data.Select(part => part.ToText()));
        foreach (var query in _queries) uri = WithQuery(uri, query);
        var method = _method?.Text?.ToUpperInvariant() ?? (_method is not null ? "" : _isHead ? "HEAD" : data.Count > 0 || _fields.Count > 0 ? "POST" : "GET");
        if (method is not ("GET" or "HEAD" or "POST" or "PUT" or "PATCH" or "DELETE" or "OPTIONS" or "TRACE")) findings.Fault($"command: the method {Findings.Shown(_method?.ToString() ?? "")} is not supported");
        var (type, body) = Content(data);
        if (body is not null && !NotedRequest.TakesBody(method))
        {
            findings.Warn($"With {method} no body is sent: it was left out.");
            (type, body) = (null, null);
        }
        return new NotedRequest
        {
            Method = method,
            Uri = uri,
            Headers = [.. _headers],
            Accept = _accept ?? Template.Literal(_isJson ? NotedRequest.Json : "*/*"),
            ContentType = type,
            Body = body,
            Authentication = _authentication,
            FollowsRedirects = _follows,
            ConnectionTimeOut = _connect,
            ReadTimeOut = _read,
        };
    }

    private (Template? Type, JsonNode? Body) Content(List<CurlData> data)
    {
        if (_fields.Count > 0)
        {
            var (boundary, text) = CurlField.Write(_fields);
            return (_contentType ?? Template.Literal($"multipart/form-data; boundary={boundary}"), JsonValue.Create(text.ToString()));
        }
        if (data.Count == 0) return (null, null);
        var type = _contentType ?? Template.Literal(_isJson ? NotedRequest.Json : FormTemplate.MediaType);
        var media = type.Text?.Split(';')[0].Trim().ToLowerInvariant();
        if (media == FormTemplate.MediaType && CurlData.Pairs(data) is { } pairs && FormTemplate.Body(pairs) is { } form && !(form.Count == 1 && form.ContainsKey("base64"))) return (type, form);
        var builder = new Template.Builder();
        foreach (var (index, part) in data.Index())
        {
            if (index > 0 && !_isJson) builder.Literal('&');
            builder.Append(part.ToText());
        }
        return (type, Bodies.Of(media, builder.ToTemplate()));
    }

    private Template Address(Template url)
    {
        var text = url.Pieces is [{ IsExpression: false } first, ..] ? first.Text : "";
        if (text.Length > 0 && !text.Contains("://", StringComparison.Ordinal))
        {
            findings.Warn("The address names no scheme: http:// was put before it.");
            url = Template.Literal("http://") + url;
        }
        else if (text.Length > 0 && !text.StartsWith("http://", StringComparison.OrdinalIgnoreCase) && !text.StartsWith("https://", StringComparison.OrdinalIgnoreCase))
            findings.Fault("command: the address must begin with http:// or https://");
        return WithoutUser(url).MapLiterals(UriText.Encode);
    }

    /// <summary>Takes the name and password out of the address: a task refuses them there.</summary>
    private Template WithoutUser(Template url)
    {
        if (url.Pieces is not [{ IsExpression: false } first, ..] || first.Text.IndexOf("://", StringComparison.Ordinal) is not (>= 0 and var scheme)) return url;
        var start = scheme + 3;
        var end = first.Text.IndexOfAny(['/', '?', '#'], start) is >= 0 and var slash ? slash : first.Text.Length;
        if (first.Text.LastIndexOf('@', end - 1, end - start) is not (>= 0 and var at)) return url;
        string[] user = first.Text[start..at].Split(':', 2);
        if (user.Select(part => FormTemplate.TryDecode(part, plusIsBlank: false)).ToArray() is not [{ } name, .. var rest] || rest is [null]) return url;
        findings.Warn("The name and password of the address became the authentication.");
        _authentication ??= new NotedAuthentication("basic") { Values = [("username", Template.Literal(name)), ("password", Template.Literal(rest is [{ } password] ? password : ""))] };
        return Template.Literal(first.Text[..start]) + url.Cut(at + 1);
    }

    private static Template WithQuery(Template uri, Template query)
    {
        if (query.IsEmpty) return uri;
        var (before, fragment) = uri.SplitAt('#') is { } parts ? (parts.Before, Template.Literal("#") + parts.After) : (uri, Template.Empty);
        var separator = before.SplitAt('?') is not { } split ? "?" : split.After.IsEmpty ? "" : "&";
        return before + Template.Literal(separator) + query.MapLiterals(UriText.Encode) + fragment;
    }
}
