using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Countersign.Outbox;
using Countersign.Sealing;

namespace Countersign.Factors.Codes;

/// <summary>
/// What all kinds share whose codes are brought to their owner: drawing a code, sending it, and accepting it once. The newest code alone counts, for one factor and one
/// purpose, and is stored as a keyed hash (contract 11.4).
/// </summary>
internal abstract class CodeFactor(IVault vault, CodeSettings settings) : FactorKind
{
    /// <summary>How the codes travel.</summary>
    protected abstract Channel Channel { get; }

    public override string Provider => "OKTA";

    public override bool LimitsActivations => true;

    /// <summary>How long a code holds; null when the request asks for something out of bounds.</summary>
    protected abstract TimeSpan? LifetimeOf(MessageRequest request);

    /// <summary>What is shown of where the codes go.</summary>
    protected abstract JsonObject? Profile(CodeData data);

    /// <summary>What a challenge shows of where its code goes.</summary>
    protected virtual JsonObject? ChallengeProfile(CodeData data) => Profile(data);

    public override FactorDecision Activate(Factor factor, VerifyRequest request, in FactorContext context)
    {
        if (string.IsNullOrEmpty(request.PassCode)) return FactorDecision.Refuse(Refusal.PasscodeMissing);
        var data = CodeData.Read(factor);
        if (!IsRight(data, factor.Id, MessagePurpose.Activation, request.PassCode, context.Now)) return FactorDecision.Wrong(Refusal.WrongPasscode);
        return new FactorDecision.Becomes(factor with
        {
            Status = FactorStatus.Active,
            LastUpdated = context.Now.ToWholeSeconds(),
            Data = (data with { Code = null }).Write(),
        });
    }

    public override FactorDecision Verify(Factor factor, VerifyRequest request, in FactorContext context)
    {
        var data = CodeData.Read(factor);
        if (string.IsNullOrEmpty(request.PassCode))
        {
            if (LifetimeOf(request.Message) is not { } lifetime) return FactorDecision.Refuse(Refusal.InvalidTokenLifetime);
            var (sent, message) = Send(factor, data, MessagePurpose.Verification, lifetime, request.Message, context.Now);
            return new FactorDecision.Answered(sent, new Verification(FactorResult.Challenge, ChallengeProfile(data)), message);
        }
        if (!IsRight(data, factor.Id, MessagePurpose.Verification, request.PassCode, context.Now)) return FactorDecision.Wrong(Refusal.WrongPasscode);
        return new FactorDecision.Answered(factor with { Data = (data with { Code = null }).Write() }, Verification.Success);
    }

    public override FactorDecision Resend(Factor factor, EnrollRequest request, in FactorContext context)
    {
        if (LifetimeOf(request.Message) is not { } lifetime) return FactorDecision.Refuse(Refusal.InvalidTokenLifetime);
        var (sent, message) = Send(factor, CodeData.Read(factor), MessagePurpose.Activation, lifetime, request.Message, context.Now);
        return new FactorDecision.Becomes(sent, message);
    }

    public override FactorView View(Factor factor, Organization.OrganizationSettings organization, Links.UserUrls urls)
        => new() { Profile = Profile(CodeData.Read(factor)), CanResend = true };

    /// <summary>The decision of an enrollment with checked data: active without a message, or pending with one.</summary>
    protected FactorDecision Enroll(CodeData data, EnrollRequest request, Factor? pending, DateTimeOffset now)
    {
        if (LifetimeOf(request.Message) is not { } lifetime) return FactorDecision.Refuse(Refusal.InvalidTokenLifetime);
        var factor = NewFactor(request.Activate ? FactorStatus.Active : FactorStatus.PendingActivation, data.Write(), now, pending?.Id);
        factor = factor with { Created = pending?.Created ?? factor.Created };
        if (request.Activate) return new FactorDecision.Becomes(factor);
        var (sent, message) = Send(factor, data, MessagePurpose.Activation, lifetime, request.Message, now);
        return new FactorDecision.Becomes(sent, message);
    }

    private (Factor Factor, CodeMessage Message) Send(Factor factor, CodeData data, MessagePurpose purpose, TimeSpan lifetime, MessageRequest request, DateTimeOffset now)
    {
        var code = Draw(settings.Digits);
        var expires = (now + lifetime).ToUnixTimeMilliseconds();
        var sent = factor with { Data = (data with { Code = new OutstandingCode(Hash(factor.Id, purpose, code, expires), expires) }).Write() };
        return (sent, new CodeMessage(Channel, data.Phone ?? data.Email!, data.Country, data.Extension, code, purpose, lifetime, request));
    }

    /// <summary>Every code of so many digits is as likely as any other.</summary>
    private static string Draw(int digits) => RandomNumberGenerator.GetString("0123456789", digits);

    private bool IsRight(CodeData data, FactorId factor, MessagePurpose purpose, string answer, DateTimeOffset now)
    {
        // No code, an ended one and a wrong one look and cost the same (contract 11.1).
        var outstanding = data.Code ?? new OutstandingCode("", 0);
        var hash = Hash(factor, purpose, answer, outstanding.Expires);
        return CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(hash), Encoding.ASCII.GetBytes(outstanding.Hash))
            && now.ToUnixTimeMilliseconds() < outstanding.Expires;
    }

    private string Hash(FactorId factor, MessagePurpose purpose, string code, long expires)
    {
        // What is no code of ours is hashed all the same, up to a length.
        Span<byte> input = stackalloc byte[256];
        var text = string.Create(CultureInfo.InvariantCulture, $"code/{factor.Value}/{(int)purpose}/{expires}/");
        var length = Encoding.UTF8.GetBytes(text, input);
        length += Encoding.UTF8.GetBytes(code.AsSpan(0, Math.Min(code.Length, 40)), input[length..]);
        return vault.Fingerprint(input[..length]);
    }
}
