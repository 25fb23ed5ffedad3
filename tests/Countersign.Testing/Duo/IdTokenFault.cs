namespace Countersign.Testing.Duo;

/// <summary>The one thing that is wrong with an id token.</summary>
public enum IdTokenFault
{
    /// <summary>Nothing.</summary>
    None,
    /// <summary>It is signed with another secret.</summary>
    Signature,
    /// <summary>A claim was changed after it was signed.</summary>
    Claims,
    /// <summary>It says that it is not signed, and is not.</summary>
    AlgorithmNone,
    /// <summary>It is signed with the right secret by HS256, and says so.</summary>
    AlgorithmHs256,
    /// <summary>It has a critical header that nobody knows.</summary>
    CriticalHeader,
    /// <summary>It has two parts.</summary>
    TwoParts,
    /// <summary>It is no text.</summary>
    Missing,
    /// <summary>Another host issued it.</summary>
    Issuer,
    /// <summary>It is for another client.</summary>
    Audience,
    /// <summary>It is for several clients.</summary>
    Audiences,
    /// <summary>It has expired.</summary>
    Expired,
    /// <summary>It says nothing of its end.</summary>
    NoExpiry,
    /// <summary>It was issued in the future.</summary>
    IssuedLater,
    /// <summary>It says nothing of its beginning.</summary>
    NoIssue,
    /// <summary>Its nonce is another's.</summary>
    Nonce,
    /// <summary>It has no nonce.</summary>
    NoNonce,
    /// <summary>It is of another user.</summary>
    User,
    /// <summary>It is of nobody.</summary>
    NoUser,
    /// <summary>It says nothing of what was answered.</summary>
    NoResult,
    /// <summary>It says something else than allow or deny.</summary>
    OtherResult,
    /// <summary>It lets in a user whom Duo has asked nothing.</summary>
    Bypass,
}
