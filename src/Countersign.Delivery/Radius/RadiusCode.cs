namespace Countersign.Delivery.Radius;

/// <summary>The kinds of packet that matter here (RFC 2865 §4).</summary>
internal enum RadiusCode : byte
{
    AccessRequest = 1,
    AccessAccept = 2,
    AccessReject = 3,
    AccessChallenge = 11,
}

/// <summary>The attributes that matter here (RFC 2865 §5, RFC 3579 §3).</summary>
internal enum RadiusAttribute : byte
{
    /// <summary>Who is to be authenticated (RFC 2865 §5.1).</summary>
    UserName = 1,
    /// <summary>The password or passcode, hidden (RFC 2865 §5.2).</summary>
    UserPassword = 2,
    /// <summary>Text to show to the person (RFC 2865 §5.18).</summary>
    ReplyMessage = 18,
    /// <summary>What the server wants to have back unchanged (RFC 2865 §5.24).</summary>
    State = 24,
    /// <summary>Where the person comes from (RFC 2865 §5.31).</summary>
    CallingStationId = 31,
    /// <summary>Who asks (RFC 2865 §5.32).</summary>
    NasIdentifier = 32,
    /// <summary>What proxies add for themselves (RFC 2865 §5.33). We send none, so no answer may have any.</summary>
    ProxyState = 33,
    /// <summary>The kind of port that the person is at (RFC 2865 §5.41).</summary>
    NasPortType = 61,
    /// <summary>HMAC-MD5 over the packet (RFC 3579 §3.2).</summary>
    MessageAuthenticator = 80,
}

/// <summary>What was wrong with an answer, so that it was passed over.</summary>
internal enum RadiusFault
{
    None,
    /// <summary>Shorter or longer than a packet can be, or than it says itself (RFC 2865 §3).</summary>
    Length,
    /// <summary>Of a kind that answers no Access-Request.</summary>
    Code,
    /// <summary>To another request.</summary>
    Identifier,
    /// <summary>An attribute is not well formed (RFC 2865 §5).</summary>
    Attribute,
    /// <summary>The Response Authenticator is not that of somebody who knows the secret (RFC 2865 §3).</summary>
    Authenticator,
    /// <summary>There is no Message-Authenticator, though it is required.</summary>
    NoMessageAuthenticator,
    /// <summary>The Message-Authenticator is wrong (RFC 3579 §3.2).</summary>
    MessageAuthenticator,
    /// <summary>An attribute is there more often than it may be, or must not be there at all (RFC 2865 §5.44).</summary>
    Unasked,
}
