using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Countersign.Delivery.Radius;

/// <summary>What is asked of a RADIUS server (RFC 2865 §4.1). It prints no password.</summary>
internal sealed class AccessRequest
{
    /// <summary>RFC 2865 §5.41: not at any port that could be told.</summary>
    private const uint VirtualPort = 5;

    /// <summary>The user's name; at most 253 octets in UTF-8.</summary>
    public required string UserName { get; init; }
    /// <summary>The passcode; at most 128 octets in UTF-8.</summary>
    public required string Password { get; init; }
    /// <summary>Who asks; 1 to 253 octets in UTF-8.</summary>
    public required string NasIdentifier { get; init; }
    /// <summary>Where the person comes from; null when it is not known.</summary>
    public string? CallingStationId { get; init; }
    /// <summary>The State of the challenge that this answers (RFC 2865 §5.24); empty for none. At most 253 octets.</summary>
    public ReadOnlyMemory<byte> State { get; init; }

    /// <summary>Writes the packet.</summary>
    /// <param name="identifier">Tells its answer from others.</param>
    /// <param name="authenticator">16 octets that cannot be guessed (RFC 2865 §3) and are used once.</param>
    /// <param name="secret">The secret shared with the server.</param>
    public byte[] Write(byte identifier, ReadOnlySpan<byte> authenticator, ReadOnlySpan<byte> secret)
    {
        var packet = new byte[RadiusPacket.LongestLength];
        packet[0] = (byte)RadiusCode.AccessRequest;
        packet[1] = identifier;
        authenticator.CopyTo(packet.AsSpan(4));
        var end = RadiusPacket.HeaderLength;
        // First of all, before anything that somebody on the way could choose: what comes before it could be the beginning of a collision of MD5
        // (draft-ietf-radext-deprecating-radius §5).
        var checkAt = end + 2;
        Add(RadiusAttribute.MessageAuthenticator, new byte[RadiusCrypto.Size]);
        Add(RadiusAttribute.UserName, Encoding.UTF8.GetBytes(UserName));
        var password = Encoding.UTF8.GetBytes(Password);
        var hidden = new byte[RadiusCrypto.HiddenLength(password.Length)];
        RadiusCrypto.Hide(password, secret, authenticator, hidden);
        CryptographicOperations.ZeroMemory(password);
        Add(RadiusAttribute.UserPassword, hidden);
        Add(RadiusAttribute.NasIdentifier, Encoding.UTF8.GetBytes(NasIdentifier));
        var port = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(port, VirtualPort);
        Add(RadiusAttribute.NasPortType, port);
        if (CallingStationId is { Length: > 0 } from) Add(RadiusAttribute.CallingStationId, Encoding.UTF8.GetBytes(from));
        if (!State.IsEmpty) Add(RadiusAttribute.State, State.Span);
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), (ushort)end);
        RadiusCrypto.MessageAuthenticator(packet.AsSpan(0, end), checkAt, authenticator, secret, packet.AsSpan(checkAt, RadiusCrypto.Size));
        return packet[..end];

        void Add(RadiusAttribute type, ReadOnlySpan<byte> value)
        {
            if (value.Length is 0 or > RadiusPacket.LongestValue) throw new ArgumentException($"{type} of {value.Length} octets; allowed are 1 to {RadiusPacket.LongestValue}");
            packet[end] = (byte)type;
            packet[end + 1] = (byte)(value.Length + 2);
            value.CopyTo(packet.AsSpan(end + 2));
            end += value.Length + 2;
        }
    }
}
