using System.Security.Cryptography;
using System.Text;

namespace Countersign.Delivery.Radius;

/// <summary>An answer to an Access-Request, after all that must be true of it was checked.</summary>
/// <param name="Code">Accept, reject or challenge.</param>
/// <param name="State">What a challenge wants to have back; empty for nothing.</param>
/// <param name="Message">What the server says to the person, fit to be shown; null when it says nothing.</param>
internal sealed record AccessAnswer(RadiusCode Code, byte[] State, string? Message)
{
    /// <summary>The longest message that is kept, in characters.</summary>
    public const int LongestMessage = 200;

    /// <summary>Reads an answer and checks that it is one to this request, from somebody who knows the secret. Never throws.</summary>
    /// <param name="packet">What came; octets after the packet's own length are padding (RFC 2865 §3).</param>
    /// <param name="identifier">The request's identifier.</param>
    /// <param name="requestAuthenticator">The Request Authenticator.</param>
    /// <param name="secret">The secret shared with the server.</param>
    /// <param name="requiresMessageAuthenticator">Whether an answer without a Message-Authenticator is refused.</param>
    /// <param name="answer">The answer; null when something is wrong.</param>
    public static RadiusFault Read(
        ReadOnlySpan<byte> packet, byte identifier, ReadOnlySpan<byte> requestAuthenticator, ReadOnlySpan<byte> secret, bool requiresMessageAuthenticator, out AccessAnswer? answer)
    {
        answer = null;
        var length = RadiusPacket.LengthOf(packet);
        if (length == 0 || length > packet.Length) return RadiusFault.Length;
        packet = packet[..length];
        var code = (RadiusCode)packet[0];
        if (code is not (RadiusCode.AccessAccept or RadiusCode.AccessReject or RadiusCode.AccessChallenge)) return RadiusFault.Code;
        if (packet[1] != identifier) return RadiusFault.Identifier;

        int? checkAt = null;
        byte[]? state = null;
        List<byte> message = [];
        var attributes = new AttributeReader(packet);
        while (attributes.Read())
        {
            switch (attributes.Type)
            {
                case RadiusAttribute.MessageAuthenticator when attributes.Value.Length != RadiusCrypto.Size:
                    return RadiusFault.Attribute;
                case RadiusAttribute.MessageAuthenticator when checkAt is not null:
                case RadiusAttribute.State when state is not null:
                // We sent none, so what is here was not ours to return: the forged answers of CVE-2024-3596 carry their collision in it.
                case RadiusAttribute.ProxyState:
                    return RadiusFault.Unasked;
                case RadiusAttribute.MessageAuthenticator:
                    checkAt = attributes.ValueAt;
                    break;
                case RadiusAttribute.State:
                    state = attributes.Value.ToArray();
                    break;
                case RadiusAttribute.ReplyMessage:
                    message.AddRange(attributes.Value);
                    break;
            }
        }
        if (attributes.IsBroken) return RadiusFault.Attribute;

        Span<byte> expected = stackalloc byte[RadiusCrypto.Size];
        RadiusCrypto.ResponseAuthenticator(packet, requestAuthenticator, secret, expected);
        if (!CryptographicOperations.FixedTimeEquals(expected, packet.Slice(4, RadiusCrypto.Size))) return RadiusFault.Authenticator;
        if (checkAt is { } at)
        {
            RadiusCrypto.MessageAuthenticator(packet, at, requestAuthenticator, secret, expected);
            if (!CryptographicOperations.FixedTimeEquals(expected, packet.Slice(at, RadiusCrypto.Size))) return RadiusFault.MessageAuthenticator;
        }
        else if (requiresMessageAuthenticator) return RadiusFault.NoMessageAuthenticator;

        answer = new AccessAnswer(code, code == RadiusCode.AccessChallenge && state is not null ? state : [], Readable(message));
        return RadiusFault.None;
    }

    /// <summary>The text without what would do something else than be read.</summary>
    private static string? Readable(List<byte> message)
    {
        var text = new StringBuilder();
        foreach (var rune in Encoding.UTF8.GetString([.. message]).EnumerateRunes())
        {
            if (text.Length + rune.Utf16SequenceLength > LongestMessage) break;
            text.Append(Rune.IsControl(rune) || Rune.GetUnicodeCategory(rune) is System.Globalization.UnicodeCategory.Format or System.Globalization.UnicodeCategory.LineSeparator
                or System.Globalization.UnicodeCategory.ParagraphSeparator ? " " : rune.ToString());
        }
        return text.ToString().Trim() is { Length: > 0 } readable ? readable : null;
    }
}
