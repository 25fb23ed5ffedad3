using System.Collections.Frozen;
using System.Text.Json;
using Countersign.Delivery.Http;
using Countersign.Factors.Duo;

namespace Countersign.Delivery.Duo;

/// <summary>Judges the token in which Duo says what the user answered, in the order of OpenID Connect Core §3.1.3.7.</summary>
internal static class DuoIdToken
{
    /// <summary>How far Duo's clock may be off.</summary>
    public static readonly TimeSpan Skew = TimeSpan.FromMinutes(1);

    /// <summary>Reasons for which Duo lets in whom it has asked nothing.</summary>
    private static readonly FrozenSet<string> Unasked =
        new[] { "bypass_user", "allow_unenrolled_user", "allow_unenrolled_user_on_trusted_network", "trusted_network", "trusted_location" }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>What the token says.</summary>
    /// <param name="token">The token.</param>
    /// <param name="secret">The client's secret.</param>
    /// <param name="issuer">Who must have issued it.</param>
    /// <param name="clientId">Whom it must be for.</param>
    /// <param name="question">What was asked.</param>
    /// <param name="now">The time.</param>
    /// <returns>The answer; or, when the token is not to be trusted, what is wrong with it.</returns>
    public static (DuoReply Reply, string? Fault) Judge(string? token, byte[] secret, string issuer, string clientId, DuoQuestion.Exchange question, DateTimeOffset now)
    {
        if (token is null || HmacToken.Read(token, secret) is not { } claims) return Fault("is not signed with the client's secret by HS512");
        if (claims.Text("iss") != issuer) return Fault("has another issuer");
        if (!IsFor(claims, clientId)) return Fault("is for another client");
        if (Instant(claims, "exp") is not { } expires || now >= expires + Skew) return Fault("has expired");
        if (Instant(claims, "iat") is not { } issued || issued > now + Skew) return Fault("was issued in the future");
        if (claims.Text("nonce") != question.Nonce) return Fault("has another nonce");
        if (claims.Text("preferred_username") != question.User) return Fault("is of another user");
        return claims.Property("auth_result")?.Text("result") switch
        {
            "allow" when claims.Property("auth_context")?.Text("reason") is { } reason && Unasked.Contains(reason) => Fault($"lets in a user whom Duo did not ask ({reason})"),
            "allow" => (new DuoReply.Allowed(), null),
            "deny" => (new DuoReply.Denied(), null),
            _ => Fault("says neither allow nor deny"),
        };
    }

    private static (DuoReply, string?) Fault(string fault) => (new DuoReply.Refused(), $"the id token {fault}");

    /// <summary>One audience, and that is the client (§3.1.3.7 3, 4).</summary>
    private static bool IsFor(JsonElement claims, string clientId)
        => claims.Text("aud") == clientId || (claims.Items("aud").ToList() is [{ ValueKind: JsonValueKind.String } only] && only.ValueEquals(clientId));

    private static DateTimeOffset? Instant(JsonElement claims, string name)
        => claims.Property(name) is { ValueKind: JsonValueKind.Number } number && number.TryGetDouble(out var seconds) && seconds is >= 0 and < 100_000_000_000
            ? DateTimeOffset.UnixEpoch + TimeSpan.FromSeconds(seconds) : null;
}
