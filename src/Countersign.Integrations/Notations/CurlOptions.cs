using System.Collections.Frozen;

namespace Countersign.Integrations.Notations;

/// <summary>What an option of curl means for an HTTP task.</summary>
internal enum CurlOptionKind
{
    /// <summary>It is read: <see cref="CurlReader"/> knows how.</summary>
    Read,
    /// <summary>It changes nothing about the request, or what it asks for is done anyway.</summary>
    Harmless,
    /// <summary>It is left out, and said so.</summary>
    LeftOut,
    /// <summary>The request would not be the same without it.</summary>
    Refused,
}

/// <summary>An option of curl.</summary>
/// <param name="Name">The long name, without its hyphens.</param>
/// <param name="Short">The short name; null when it has none.</param>
/// <param name="TakesValue">Whether the next word is its value.</param>
/// <param name="Kind">What it means here.</param>
/// <param name="Reason">Why it is refused or left out.</param>
internal sealed record CurlOption(string Name, char? Short, bool TakesValue, CurlOptionKind Kind, string Reason = "")
{
    /// <summary>The option as people write it.</summary>
    public string Shown => Short is { } letter ? $"-{letter}/--{Name}" : $"--{Name}";
}

/// <summary>The options that are known (curl 8).</summary>
internal static class CurlOptions
{
    private const string Files = "files of your machine are not read: put the text in the command", Certificates = "client certificates are not supported",
        Proxies = "whether requests go through a proxy is a setting of the server", Verified = "certificates are always verified: let the server's system trust the authority instead",
        Schemes = "this way of signing in is not supported", Addresses = "the address is always looked up by its name", Output = "where the answer goes is not part of the request";

    private static readonly CurlOption[] All =
    [
        Read("request", 'X', true), Read("header", 'H', true), Read("data", 'd', true), Read("data-ascii", null, true), Read("data-raw", null, true), Read("data-binary", null, true),
        Read("data-urlencode", null, true), Read("json", null, true), Read("user", 'u', true), Read("get", 'G', false), Read("form", 'F', true), Read("form-string", null, true),
        Read("url", null, true), Read("url-query", null, true), Read("head", 'I', false), Read("cookie", 'b', true), Read("user-agent", 'A', true), Read("referer", 'e', true), Read("location", 'L', false),
        Read("oauth2-bearer", null, true), Read("max-time", 'm', true), Read("connect-timeout", null, true),
        Harmless("compressed"), Harmless("silent", 's'), Harmless("show-error", 'S'), Harmless("verbose", 'v'), Harmless("include", 'i'), Harmless("show-headers"), Harmless("progress-bar", '#'),
        Harmless("no-progress-meter"), Harmless("progress-meter"), Harmless("globoff", 'g'), Harmless("fail", 'f'), Harmless("fail-with-body"), Harmless("fail-early"), Harmless("no-buffer", 'N'),
        Harmless("buffer"), Harmless("basic"), Harmless("http1.1"), Harmless("http1.0", '0'), Harmless("http2"), Harmless("http2-prior-knowledge"), Harmless("http3"), Harmless("tcp-nodelay"),
        Harmless("keepalive"), Harmless("tlsv1", '1'), Harmless("tlsv1.2"), Harmless("tlsv1.3"), Harmless("ssl-reqd"), Harmless("disable", 'q'), Harmless("styled-output"), Harmless("sessionid"),
        Harmless("path-as-is"), Harmless("alpn"), Harmless("tr-encoding"), Harmless("raw"), Harmless("ipv4", '4'), Harmless("ipv6", '6'),
        LeftOut("output", 'o', true, Output), LeftOut("remote-name", 'O', false, Output), LeftOut("remote-header-name", 'J', false, Output), LeftOut("write-out", 'w', true, Output),
        LeftOut("dump-header", 'D', true, Output), LeftOut("cookie-jar", 'c', true, "cookies are not kept"), LeftOut("junk-session-cookies", 'j', false, "cookies are not kept"),
        LeftOut("retry", null, true, "use retryCount of the task's definition"), LeftOut("retry-delay", null, true, "use retryDelaySeconds of the task's definition"),
        LeftOut("retry-max-time", null, true, "use totalTimeoutSeconds of the task's definition"), LeftOut("retry-all-errors", null, false, "use retryCount of the task's definition"),
        LeftOut("retry-connrefused", null, false, "use retryCount of the task's definition"), LeftOut("max-redirs", null, true, "at most 5 redirects are followed"),
        LeftOut("location-trusted", null, false, "to another host no credentials are sent"), LeftOut("post301", null, false, "after 301 a GET is sent"),
        LeftOut("post302", null, false, "after 302 a GET is sent"), LeftOut("post303", null, false, "after 303 a GET is sent"), LeftOut("limit-rate", null, true, "the rate is not limited"),
        LeftOut("max-filesize", null, true, "the server limits answers"), LeftOut("speed-limit", 'Y', true, "use readTimeOut"), LeftOut("speed-time", 'y', true, "use readTimeOut"),
        LeftOut("expect100-timeout", null, true, "nothing is waited for"), LeftOut("keepalive-time", null, true, "the server keeps connections"), LeftOut("trace", null, true, Output),
        LeftOut("trace-ascii", null, true, Output), LeftOut("trace-time", null, false, Output), LeftOut("stderr", null, true, Output), LeftOut("create-dirs", null, false, Output),
        Refused("insecure", 'k', false, Verified), Refused("upload-file", 'T', true, Files), Refused("config", 'K', true, Files), Refused("netrc", 'n', false, Files), Refused("netrc-file", null, true, Files),
        Refused("netrc-optional", null, false, Files), Refused("variable", null, true, Files), Refused("next", ':', false, "a task sends one request"), Refused("parallel", 'Z', false, "a task sends one request"),
        Refused("cert", 'E', true, Certificates), Refused("cert-type", null, true, Certificates), Refused("key", null, true, Certificates), Refused("key-type", null, true, Certificates),
        Refused("pass", null, true, Certificates), Refused("cacert", null, true, Verified), Refused("capath", null, true, Verified), Refused("pinnedpubkey", null, true, Verified),
        Refused("ciphers", null, true, Verified), Refused("proxy", 'x', true, Proxies), Refused("proxy-user", 'U', true, Proxies), Refused("proxy-header", null, true, Proxies),
        Refused("proxytunnel", 'p', false, Proxies), Refused("preproxy", null, true, Proxies), Refused("socks5", null, true, Proxies), Refused("socks5-hostname", null, true, Proxies),
        Refused("socks4", null, true, Proxies), Refused("socks4a", null, true, Proxies), Refused("noproxy", null, true, Proxies), Refused("digest", null, false, Schemes), Refused("ntlm", null, false, Schemes),
        Refused("negotiate", null, false, Schemes), Refused("anyauth", null, false, Schemes), Refused("aws-sigv4", null, true, Schemes), Refused("delegation", null, true, Schemes),
        Refused("resolve", null, true, Addresses), Refused("connect-to", null, true, Addresses), Refused("interface", null, true, Addresses), Refused("unix-socket", null, true, Addresses),
        Refused("abstract-unix-socket", null, true, Addresses), Refused("dns-servers", null, true, Addresses), Refused("doh-url", null, true, Addresses), Refused("local-port", null, true, Addresses),
        Refused("range", 'r', true, "write the header Range instead"), Refused("continue-at", 'C', true, "write the header Range instead"), Refused("time-cond", 'z', true, "write the header If-Modified-Since instead"),
        Refused("request-target", null, true, "the address says what is asked for"), Refused("haproxy-protocol", null, false, Proxies),
    ];

    private static readonly FrozenDictionary<string, CurlOption> ByName = All.ToFrozenDictionary(option => option.Name, StringComparer.Ordinal);
    private static readonly FrozenDictionary<char, CurlOption> ByLetter = All.Where(option => option.Short is not null).ToFrozenDictionary(option => option.Short!.Value);

    /// <summary>The option of a long name; one that is switched off by <c>no-</c> changes nothing.</summary>
    public static CurlOption? Find(string name)
        => ByName.TryGetValue(name, out var option) ? option
            : name.StartsWith("no-", StringComparison.Ordinal) && ByName.TryGetValue(name[3..], out var off) && !off.TakesValue ? new CurlOption(name, null, TakesValue: false, CurlOptionKind.Harmless) : null;

    /// <summary>The option of a short name.</summary>
    public static CurlOption? Find(char letter) => ByLetter.GetValueOrDefault(letter);

    private static CurlOption Read(string name, char? letter, bool takesValue) => new(name, letter, takesValue, CurlOptionKind.Read);
    private static CurlOption Harmless(string name, char? letter = null) => new(name, letter, TakesValue: false, CurlOptionKind.Harmless);
    private static CurlOption LeftOut(string name, char? letter, bool takesValue, string reason) => new(name, letter, takesValue, CurlOptionKind.LeftOut, reason);
    private static CurlOption Refused(string name, char? letter, bool takesValue, string reason) => new(name, letter, takesValue, CurlOptionKind.Refused, reason);
}
