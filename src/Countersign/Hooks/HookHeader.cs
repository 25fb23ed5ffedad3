using System.Buffers;
using System.Collections.Frozen;
using System.Text.Json.Serialization;

namespace Countersign.Hooks;

/// <summary>A header that is sent to a hook's endpoint. Its value may be a secret.</summary>
/// <param name="Key">The header's name.</param>
/// <param name="Value">The value.</param>
public sealed record HookHeader(string Key, string Value)
{
    // RFC 9110 §5.6.2: a token.
    private static readonly SearchValues<char> NameCharacters = SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    // What frames the message, and what we say ourselves.
    private static readonly FrozenSet<string> Ours = FrozenSet.Create(StringComparer.OrdinalIgnoreCase,
        "Host", "Content-Length", "Content-Type", "Content-Encoding", "Transfer-Encoding", "Connection", "Keep-Alive", "Upgrade", "TE", "Trailer", "Expect",
        "Proxy-Connection", "Proxy-Authorization", "User-Agent", "X-Okta-Verification-Challenge");

    /// <summary>
    /// Whether the header can be sent: the name is a token (RFC 9110 §5.1) and none of those that belong to the transport, the value is visible ASCII with
    /// spaces inside. A value with a line break would smuggle further headers.
    /// </summary>
    [JsonIgnore]
    public bool IsSendable
        => Key.Length > 0 && !Key.AsSpan().ContainsAnyExcept(NameCharacters) && !Ours.Contains(Key)
            && !Value.AsSpan().ContainsAnyExceptInRange(' ', '~') && Value.AsSpan().Trim().Length == Value.Length;

    /// <summary>The name alone.</summary>
    public override string ToString() => Key;
}
