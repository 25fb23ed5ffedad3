using System.Collections.Frozen;
using System.Collections.Immutable;
using Countersign.Integrations.Secrets;

namespace Countersign.Integrations.Http;

/// <summary>What a redirect asks for (workflow contract 8.4). Pure.</summary>
internal static class Redirects
{
    /// <summary>The most that are followed.</summary>
    public const int Most = 5;

    /// <summary>Headers that say who sends a request: they go to no other origin, and are shown to nobody.</summary>
    public static readonly FrozenSet<string> Credentials = FrozenSet.Create(StringComparer.OrdinalIgnoreCase, "Authorization", "Cookie", "X-API-Key", "Api-Key", "X-Auth-Token", "X-Authorization", "Proxy-Authorization");

    /// <summary>Whether a status asks for one.</summary>
    public static bool IsRedirect(int statusCode) => statusCode is 301 or 302 or 303 or 307 or 308;

    /// <summary>The request that a redirect asks for; null and a fault when it is not followed.</summary>
    /// <param name="sent">The request that was answered.</param>
    /// <param name="statusCode">The answer's status.</param>
    /// <param name="location">The answer's <c>Location</c>.</param>
    /// <param name="secrets">Values that go to no other origin.</param>
    /// <param name="fault">Why it is not followed.</param>
    public static SentRequest? Follow(SentRequest sent, int statusCode, string location, IReadOnlyCollection<string> secrets, out HttpFault? fault)
    {
        fault = null;
        var from = $"The redirect ({statusCode}) of {RequestUri.Place(sent.Uri)}";
        if (Read(sent.Uri, location, out var wrong) is not { } target)
        {
            fault = HttpFault.Invalid($"{from} was not followed: its address {wrong}.");
            return null;
        }
        if (sent.Uri.Scheme == Uri.UriSchemeHttps && target.Scheme == Uri.UriSchemeHttp)
        {
            fault = HttpFault.Invalid($"{from} was not followed: it leads from https to http at {RequestUri.Place(target)}.");
            return null;
        }
        var becomesGet = statusCode == 303 ? sent.Method != "HEAD" : statusCode is 301 or 302 && sent.Method == "POST";
        var next = new SentRequest(becomesGet ? "GET" : sent.Method, target, sent.Headers, becomesGet ? null : sent.Body);
        if (becomesGet) next = next with { Headers = next.Headers.RemoveAll(static header => header.Key.StartsWith("Content-", StringComparison.OrdinalIgnoreCase)) };
        if (RequestUri.HaveSameOrigin(sent.Uri, target)) return next;
        if (next.Body is { Length: > 0 } body && new Scrubber(secrets).IsIn(body.Span))
        {
            fault = HttpFault.Invalid($"{from} was not followed: it leads to another origin, {RequestUri.Place(target)}, and the body has a secret.");
            return null;
        }
        return next with { Headers = WithoutSecrets(next.Headers, secrets), Uri = WithoutSecrets(target, secrets) };
    }

    private static Uri? Read(Uri from, string location, out string? wrong)
    {
        // An address with a scheme of its own is judged as it is written.
        var isAbsolute = location.Contains("://", StringComparison.Ordinal) && location.IndexOfAny(['/', '?', '#']) > location.IndexOf(':', StringComparison.Ordinal);
        if (!isAbsolute) location = Uri.TryCreate(new Uri(from.AbsoluteUri), location, out var combined) ? combined.AbsoluteUri : location;
        return RequestUri.TryRead(location, encode: true, out var target, out wrong) ? target : null;
    }

    private static ImmutableArray<KeyValuePair<string, string>> WithoutSecrets(ImmutableArray<KeyValuePair<string, string>> headers, IReadOnlyCollection<string> secrets)
        => headers.RemoveAll(header => Credentials.Contains(header.Key) || secrets.Any(secret => secret.Length > 0 && header.Value.Contains(secret, StringComparison.Ordinal)));

    private static Uri WithoutSecrets(Uri target, IReadOnlyCollection<string> secrets)
    {
        if (target.Query.Length < 2 || secrets.Count == 0) return target;
        var kept = target.Query[1..].Split('&').Where(pair => !secrets.Any(secret => secret.Length > 0 && (pair.Contains(secret, StringComparison.Ordinal) || Uri.UnescapeDataString(pair.Replace('+', ' ')).Contains(secret, StringComparison.Ordinal))));
        var query = string.Join('&', kept);
        var whole = target.OriginalString;
        return new Uri(whole[..whole.IndexOf('?', StringComparison.Ordinal)] + (query.Length > 0 ? "?" + query : ""), new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
    }
}
