namespace Countersign.Factors.BackEnds;

/// <summary>What a back end is asked about a token. It prints none of the passcodes.</summary>
public sealed class TokenCheck
{
    /// <summary>The kind's provider, for example <c>RSA</c>.</summary>
    public required string Provider { get; init; }
    /// <summary>The token's owner or the token, as the back end knows it.</summary>
    public required string CredentialId { get; init; }
    /// <summary>The passcode.</summary>
    public required string PassCode { get; init; }
    /// <summary>The passcode after it, which must be right as well; null when only one is asked about.</summary>
    public string? NextPassCode { get; init; }
    /// <summary>What the back end's last challenge asked to have back with the next passcode; empty when none is open.</summary>
    public ReadOnlyMemory<byte> State { get; init; }
    /// <summary>The address that the person came from; null when it is not known.</summary>
    public string? ClientAddress { get; init; }

    /// <summary>Whether an answer to <paramref name="other"/> answers this as well: the same passcodes of the same token.</summary>
    public bool IsSame(TokenCheck other)
        => Provider == other.Provider && CredentialId == other.CredentialId && PassCode == other.PassCode && NextPassCode == other.NextPassCode;
}

/// <summary>What a back end said about a passcode. Closed: nothing outside this file can add a case.</summary>
public abstract record TokenAnswer
{
    private TokenAnswer() { }

    /// <summary>The passcode is right.</summary>
    public sealed record Accepted : TokenAnswer;

    /// <summary>The passcode is wrong, or the token may not be used: which of the two is not told.</summary>
    public sealed record Rejected : TokenAnswer;

    /// <summary>The back end wants something more before it decides: the token's next code, or a new PIN.</summary>
    /// <param name="State">What it wants to have back with it, at most <see cref="LongestState"/> bytes; may be empty.</param>
    /// <param name="Prompt">What it says to the person, fit to be shown; null when it says nothing.</param>
    public sealed record Challenged(ReadOnlyMemory<byte> State, string? Prompt) : TokenAnswer;

    /// <summary>No answer came in time.</summary>
    public sealed record Silent : TokenAnswer;

    /// <summary>The back end does not serve us, or says what cannot be understood.</summary>
    public sealed record Refused : TokenAnswer;

    /// <summary>The longest state of a challenge, in bytes.</summary>
    public const int LongestState = 300;
}
