using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Countersign.Claims;
using Countersign.HardwareTokens;
using Countersign.Links;
using Countersign.Organization;
using Countersign.Sealing;

namespace Countersign.Factors.YubiKey;

/// <summary>
/// YubiKeys that type OTPs (contract 9.11). Enrolling takes the key out of the inventory by an OTP of it; the highest counter used is kept with the factor, and with the claim
/// on the key's secret, where it stays when the factor goes: no OTP counts a second time, whoever has the key next.
/// </summary>
internal sealed class YubiKeyFactor(IVault vault, IHardwareTokenStore tokens) : FactorKind
{
    public override string FactorType => "token:hardware";
    public override string Provider => "YUBICO";
    public override string OrgFactor => "yubikey_token";
    public override string IdPrefix => "ykf";
    public override int ListOrder => 95;
    public override string DisplayName => "YubiKey";
    public override string LogName => "YUBIKEY_FACTOR";
    public override bool LimitsEnrollments => true;

    public override FactorDecision Enroll(EnrollRequest request, Factor? pending, in FactorContext context)
    {
        if (request.Verify?.PassCode is not { Length: > 0 } passCode) return FactorDecision.Refuse(Refusal.PasscodeMissing);
        if (context.Answer is not FoundKey found || found.PassCode != passCode) return new FactorDecision.Ask(new FindKey(passCode));
        // Whose key it is, and whether there is one, is nobody's business: it all looks like a wrong OTP.
        if (found.Token is not { } token) return FactorDecision.Wrong(Refusal.WrongPasscode, "No key of the inventory made it");
        if (token.Holder is not null) return FactorDecision.Wrong(Refusal.WrongPasscode, "The key is assigned");
        if (found.Counter <= token.UsedUntil) return FactorDecision.Wrong(Refusal.Replayed, "The OTP, or a later one, was used before");
        var factor = NewFactor(FactorStatus.Active, default, context.Now);
        var data = new YubiKeyData
        {
            TokenId = token.Id,
            Serial = token.Serial,
            PublicId = token.PublicId!,
            Secret = vault.Seal(found.Secret, context.User.Id, factor.Id),
            ClaimKey = token.ClaimKey,
            Counter = found.Counter,
        };
        return new FactorDecision.Becomes(factor with { Data = data.Write() })
        {
            Claim = new FactorClaim(new ClaimChange.Take(token.ClaimKey, factor.Id, token.UsedUntil, found.Counter), new FactorDecision.Ask(new FindKey(passCode))),
        };
    }

    public override FactorDecision Verify(Factor factor, VerifyRequest request, in FactorContext context)
    {
        if (string.IsNullOrEmpty(request.PassCode)) return FactorDecision.Refuse(Refusal.PasscodeMissing);
        var data = YubiKeyData.Read(factor);
        Span<byte> buffer = stackalloc byte[SealedSecret.MaxLength];
        var secret = vault.Open(data.Secret, context.User.Id, factor.Id, buffer);
        var isOwn = TryOpen(request.PassCode, secret, out var otp, out var block) && otp!.PublicId == data.PublicId;
        CryptographicOperations.ZeroMemory(secret);
        if (!isOwn) return FactorDecision.Wrong(Refusal.WrongPasscode);
        if (block.Counter <= data.Counter) return FactorDecision.Wrong(Refusal.Replayed);
        return new FactorDecision.Answered(factor with { Data = (data with { Counter = block.Counter }).Write() }, Verification.Success)
        {
            Claim = new FactorClaim(new ClaimChange.Touch(data.ClaimKey, factor.Id, block.Counter), FactorDecision.Wrong(Refusal.WrongPasscode)),
        };
    }

    /// <summary>Looks for the key that made an OTP, and opens that.</summary>
    public override async ValueTask<object?> AskAsync(object question, CancellationToken cancellationToken)
    {
        var passCode = ((FindKey)question).PassCode;
        var token = YubiKeyOtp.TryParse(passCode, out var otp) ? await tokens.FindByPublicIdAsync(otp.PublicId, cancellationToken) : null;
        var secret = new byte[TokenSeed.YubiKeySecretLength];
        if (token is not null) vault.Open(token.Secret.Span, HardwareToken.Owner(token.Id), secret);
        // An OTP of an unknown key is opened too, with no key's secret, so that it costs the same.
        return TryOpen(passCode, secret, out _, out var block) && token is not null
            ? new FoundKey(passCode, token, secret, block.Counter) : new FoundKey(passCode, null, secret, -1);
    }

    public override FactorView View(Factor factor, OrganizationSettings organization, UserUrls urls)
        => new() { Profile = new JsonObject { ["credentialId"] = YubiKeyData.Read(factor).Serial } };

    /// <summary>Opens an OTP with a secret. What is no OTP at all costs as much as one.</summary>
    private static bool TryOpen(string passCode, ReadOnlySpan<byte> secret, out YubiKeyOtp? otp, out YubiKeyBlock block)
    {
        Span<byte> nothing = stackalloc byte[YubiKeyBlock.Length];
        nothing.Clear();
        var isOtp = YubiKeyOtp.TryParse(passCode, out otp);
        return YubiKeyBlock.TryOpen(isOtp ? otp!.Block.Span : nothing, TokenSeed.AesKeyOf(secret), TokenSeed.PrivateIdOf(secret), out block) & isOtp;
    }

    private sealed record FindKey(string PassCode);

    private sealed record FoundKey(string PassCode, HardwareToken? Token, byte[] Secret, long Counter);
}
