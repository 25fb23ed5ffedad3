using Countersign.Factors;
using Countersign.Factors.Otp;
using Countersign.Users;

namespace Countersign.HardwareTokens;

/// <summary>The kinds of token in the inventory.</summary>
public enum TokenKind
{
    /// <summary>YubiKeys in Yubico OTP mode (contract 12.3), for <c>token:hardware</c> factors.</summary>
    YubiKey,
    /// <summary>Tokens that compute passcodes by counter or by time (RFC 4226, RFC 6238), for <c>token:hotp</c> factors.</summary>
    Oath,
}

/// <summary>A token whose secret the organization knows. Whose it is, and how far it was used, is said by the claim on its secret.</summary>
public sealed record HardwareToken
{
    /// <summary>Its id: <c>ykk…</c> or <c>otk…</c>.</summary>
    public required string Id { get; init; }
    /// <summary>Its kind.</summary>
    public required TokenKind Kind { get; init; }
    /// <summary>Its serial number in the form of <see cref="TokenSeed.Serial"/>.</summary>
    public required string Serial { get; init; }
    /// <summary>Which of several keys of one device it is (RFC 6030 §4.3, <c>Id</c> of <c>Key</c>); empty for YubiKeys.</summary>
    public required string KeyId { get; init; }
    /// <summary>The id that a YubiKey types before each OTP, modhex; null for others.</summary>
    public string? PublicId { get; init; }
    /// <summary>How an OATH token computes; null for YubiKeys.</summary>
    public OathToken? Oath { get; init; }
    /// <summary>The secret as in <see cref="TokenSeed.Secret"/>, sealed for <see cref="Owner(string)"/>.</summary>
    public required ReadOnlyMemory<byte> Secret { get; init; }
    /// <summary>The key of the claim on its secret.</summary>
    public required string ClaimKey { get; init; }
    /// <summary>When it was first uploaded.</summary>
    public required DateTimeOffset Created { get; init; }
    /// <summary>When it was last uploaded.</summary>
    public required DateTimeOffset Updated { get; init; }
    /// <summary>Who has it; null while nobody has.</summary>
    public TokenHolder? Holder { get; init; }
    /// <summary>The highest counter, or time step, that was used, whoever had it; -1 for none.</summary>
    public required long UsedUntil { get; init; }

    /// <summary>When anything about it last changed.</summary>
    public DateTimeOffset LastUpdated => Holder is not { } holder ? Updated : Latest(Updated, holder.Since, holder.LastVerified ?? default);

    /// <summary>The owner's name that a token's secret is sealed for.</summary>
    public static string Owner(string id) => $"token/{id}";

    /// <summary>The first characters of the ids of a kind.</summary>
    public static string IdPrefix(TokenKind kind) => kind == TokenKind.YubiKey ? "ykk" : "otk";

    private static DateTimeOffset Latest(params ReadOnlySpan<DateTimeOffset> instants)
    {
        var latest = instants[0];
        foreach (var instant in instants) latest = instant > latest ? instant : latest;
        return latest;
    }
}

/// <summary>Who has a token.</summary>
/// <param name="User">The user.</param>
/// <param name="Factor">The factor.</param>
/// <param name="Since">Since when.</param>
/// <param name="LastVerified">When it was last verified with; null: not yet.</param>
/// <param name="Email">The user's address in lower case, where it was read with it: in lists.</param>
public sealed record TokenHolder(UserId User, FactorId Factor, DateTimeOffset Since, DateTimeOffset? LastVerified, string? Email = null);

/// <summary>How an OATH token computes its passcodes.</summary>
/// <param name="Digits">Digits of a passcode, 6 to 10.</param>
/// <param name="SecondsPerStep">Seconds of a time step, 10 to 300; 0: it counts.</param>
/// <param name="Algorithm">The hash.</param>
/// <param name="FirstCounter">The counter of its next passcode when it was delivered; 0 for those that go by time.</param>
/// <param name="Drift">The offset of its clock in steps when it was delivered; 0 for those that count.</param>
/// <param name="Manufacturer">Who made it; null where that is not said.</param>
public sealed record OathToken(int Digits, int SecondsPerStep, OtpAlgorithm Algorithm, long FirstCounter = 0, int Drift = 0, string? Manufacturer = null)
{
    /// <summary>By time, or by counter.</summary>
    public bool IsTimeBased => SecondsPerStep > 0;
}
