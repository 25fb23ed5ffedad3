using System.Collections.Immutable;

namespace Countersign.Integrations.Http;

/// <summary>The request of an HTTP task, read and checked (workflow contract 8.1): what is sent, but for what authentication adds.</summary>
public sealed record HttpRequestSettings
{
    /// <summary>The connection's time-out when none is given: 3 seconds.</summary>
    public static readonly TimeSpan UsualConnectTimeout = TimeSpan.FromSeconds(3);
    /// <summary>The longest that a connection may take: 1 minute.</summary>
    public static readonly TimeSpan LongestConnectTimeout = TimeSpan.FromMinutes(1);
    /// <summary>The longest silence when none is given: 30 seconds.</summary>
    public static readonly TimeSpan UsualReadTimeout = TimeSpan.FromSeconds(30);
    /// <summary>The longest silence that may be asked for: 10 minutes.</summary>
    public static readonly TimeSpan LongestReadTimeout = TimeSpan.FromMinutes(10);

    /// <summary>The method, in capitals.</summary>
    public required string Method { get; init; }
    /// <summary>The address: http or https, its host in ASCII, without user info and fragment.</summary>
    public required Uri Uri { get; init; }
    /// <summary>The headers, <c>Accept</c> and <c>Content-Type</c> among them; a name may occur several times.</summary>
    public ImmutableArray<KeyValuePair<string, string>> Headers { get; init; } = [];
    /// <summary>The body; null when none is sent.</summary>
    public ReadOnlyMemory<byte>? Body { get; init; }
    /// <summary>How long looking up, connecting and TLS may take.</summary>
    public TimeSpan ConnectTimeout { get; init; } = UsualConnectTimeout;
    /// <summary>How long the other side may be silent.</summary>
    public TimeSpan ReadTimeout { get; init; } = UsualReadTimeout;
    /// <summary>Whether the request itself says how long the other side may be silent.</summary>
    public bool NamesReadTimeout { get; init; }
    /// <summary>What counts as success.</summary>
    public AcceptedCodes Accepted { get; init; } = AcceptedCodes.Success;
    /// <summary>Whether redirects are followed.</summary>
    public bool FollowsRedirects { get; init; } = true;
    /// <summary>Whether a successful call leaves the task in progress; null: as the task of the definition says.</summary>
    public bool? CompletesLater { get; init; }
    /// <summary>How the request says who it is from; null: as its headers do.</summary>
    public HttpAuthentication? Authentication { get; init; }
    /// <summary>What was left out, for people.</summary>
    public ImmutableArray<string> Warnings { get; init; } = [];

    /// <summary>The longest that the whole call takes, redirects and the fetching of tokens included: the time to connect, twice the silence, and 10 seconds.</summary>
    public TimeSpan LongestCall => ConnectTimeout + (2 * ReadTimeout) + TimeSpan.FromSeconds(10);

    /// <summary>Whether a second call does no harm that one did not do (RFC 9110 §9.2.2).</summary>
    public bool IsRepeatable => IsRepeatableMethod(Method);

    /// <summary>Whether a method may be repeated.</summary>
    public static bool IsRepeatableMethod(string? method) => method?.ToUpperInvariant() is "GET" or "HEAD" or "OPTIONS" or "TRACE" or "PUT" or "DELETE";
}
