using System.Text;
using System.Text.Json.Nodes;
using Countersign.Links;
using Countersign.Organization;
using Countersign.Sealing;
using Countersign.Users;

namespace Countersign.Factors.BackEnds;

/// <summary>
/// What all kinds share whose passcodes somebody else checks (contract 9.12): the back end is asked in the step between load and decide, an open challenge is
/// continued by the next passcode, and no passcode that was accepted is accepted again, whatever the back end says.
/// </summary>
internal abstract class BackEndTokenFactor(ITokenBackEnd? backEnd, IVault vault) : FactorKind
{
    /// <summary>How long a challenge is open. Back ends forget theirs after about as much.</summary>
    public static readonly TimeSpan ChallengeLife = TimeSpan.FromMinutes(2);
    /// <summary>How long an accepted passcode is remembered: longer than the window of any such token.</summary>
    public static readonly TimeSpan PasscodeMemory = TimeSpan.FromMinutes(15);
    /// <summary>RFC 2865 §5.2: a password has at most 128 octets.</summary>
    public const int LongestPasscode = 128;
    /// <summary>RFC 2865 §5: an attribute has at most 253.</summary>
    public const int LongestCredentialId = 253;

    public override string FactorType => "token";
    public override bool IsAvailable => backEnd is not null;
    public override bool LimitsActivations => true;
    public override bool LimitsEnrollments => true;

    /// <summary>Whether an enrollment must show two consecutive passcodes.</summary>
    protected abstract bool EnrollsWithTwo { get; }

    public override FactorDecision Enroll(EnrollRequest request, Factor? pending, in FactorContext context)
    {
        if (!request.Profile.TryReadText("credentialId", 1, LongestCredentialId, out var sent) || sent?.Trim() is not { Length: > 0 } credentialId
            || Encoding.UTF8.GetByteCount(credentialId) > LongestCredentialId || credentialId.Any(char.IsControl)) return FactorDecision.Refuse(Refusal.InvalidProfile);
        var data = pending is null ? new TokenData(credentialId) : TokenData.Read(pending);
        // A challenge to another token's owner is none of this one's.
        if (data.CredentialId != credentialId) data = new TokenData(credentialId);
        return Set(pending, data, request.Verify ?? new VerifyRequest(), context);
    }

    public override FactorDecision Activate(Factor factor, VerifyRequest request, in FactorContext context) => Set(factor, TokenData.Read(factor), request, context);

    public override FactorDecision Verify(Factor factor, VerifyRequest request, in FactorContext context)
    {
        var data = TokenData.Read(factor);
        return Judge(factor, data, request, next: null, context, used => new FactorDecision.Answered(factor with { Data = used.Write() }, Verification.Success));
    }

    public override async ValueTask<object?> AskAsync(object question, CancellationToken cancellationToken) => question is TokenCheck check
        ? new Answered(check, backEnd is null ? new TokenAnswer.Refused() : await backEnd.CheckAsync(check, cancellationToken))
        : throw new ArgumentException($"{question.GetType().Name} is nothing that this kind asks", nameof(question));

    public override IReadOnlyList<SpentSecret> Spend(Factor factor)
        => [.. TokenData.Read(factor).Used.Select(used => new SpentSecret(used.Fingerprint, used.Until, used.Until))];

    public override FactorView View(Factor factor, OrganizationSettings organization, UserUrls urls)
        => new() { Profile = new JsonObject { ["credentialId"] = TokenData.Read(factor).CredentialId } };

    /// <summary>The factor active when its passcodes are right; pending while the back end wants more.</summary>
    private FactorDecision Set(Factor? pending, TokenData data, VerifyRequest request, in FactorContext context)
    {
        var now = context.Now;
        var next = string.IsNullOrEmpty(request.NextPassCode) ? null
            : request.NextPassCode.PadLeft(request.PassCode?.Length ?? 0, '0');   // as an integer it lost its zeros
        var isContinued = OpenChallenge(data, now) is not null;
        if (!EnrollsWithTwo || isContinued) next = null;
        else if (next is null && !string.IsNullOrEmpty(request.PassCode)) return FactorDecision.Refuse(Refusal.NextPasscodeMissing);
        return Judge(pending, data, request, next, context, used => new FactorDecision.Becomes(pending is null
            ? NewFactor(FactorStatus.Active, used.Write(), now)
            : pending with { Status = FactorStatus.Active, LastUpdated = now.ToWholeSeconds(), Data = used.Write() }));
    }

    private FactorDecision Judge(Factor? factor, TokenData data, VerifyRequest request, string? next, in FactorContext context, Func<TokenData, FactorDecision> accept)
    {
        if (string.IsNullOrEmpty(request.PassCode)) return FactorDecision.Refuse(Refusal.PasscodeMissing);
        if (backEnd is null) return FactorDecision.Refuse(Refusal.BackEndRefused);
        if (!IsPasscode(request.PassCode) || next is not null && !IsPasscode(next)) return FactorDecision.Wrong(Refusal.WrongPasscode);
        var now = context.Now;
        string[] fingerprints = next is null ? [Fingerprint(data, request.PassCode)] : [Fingerprint(data, request.PassCode), Fingerprint(data, next)];
        foreach (var fingerprint in fingerprints)
        {
            // Of copies of one passcode that were asked about at the same time, all but the first that is committed end here.
            if (data.HasUsed(fingerprint, now) || context.User.SpentUntil(fingerprint) > now.ToUnixTimeSeconds()) return FactorDecision.Wrong(Refusal.Replayed);
        }
        var challenge = OpenChallenge(data, now);
        var check = new TokenCheck
        {
            Provider = Provider,
            CredentialId = data.CredentialId,
            PassCode = request.PassCode,
            NextPassCode = next,
            State = challenge?.State is { } state && factor is not null ? Open(state, context, factor.Id) : default,
            ClientAddress = context.By?.IpAddress,
        };
        if (context.Answer is not Answered answered || !answered.Check.IsSame(check)) return new FactorDecision.Ask(check);
        return answered.Answer switch
        {
            TokenAnswer.Accepted => accept(data.Use(fingerprints, now, PasscodeMemory)),
            // A challenge that was answered wrongly is over.
            TokenAnswer.Rejected => new FactorDecision.Refused(Refusal.WrongPasscode, Counts: true)
            {
                Factor = factor is null || data.Challenge is null ? null : factor with { Data = (data with { Challenge = null }).Write() },
            },
            TokenAnswer.Challenged wanted => Challenge(factor, data, wanted, context),
            TokenAnswer.Silent => FactorDecision.Refuse(Refusal.BackEndSilent),
            _ => FactorDecision.Refuse(Refusal.BackEndRefused),
        };
    }

    /// <summary>Refused for now, and the factor keeps what the next passcode goes with. A new one is pending until then.</summary>
    private FactorDecision.Refused Challenge(Factor? factor, TokenData data, TokenAnswer.Challenged wanted, in FactorContext context)
    {
        var kept = factor ?? NewFactor(FactorStatus.PendingActivation, default, context.Now);
        SealedSecret? state = wanted.State.IsEmpty ? null : vault.Seal(wanted.State.Span, context.User.Id, kept.Id);
        var open = data with { Challenge = new TokenChallenge(state, (context.Now + ChallengeLife).ToUnixTimeSeconds()) };
        return new FactorDecision.Refused(Refusal.NextCodeNeeded, Counts: false) { Factor = kept with { Data = open.Write() }, Prompt = wanted.Prompt };
    }

    private static TokenChallenge? OpenChallenge(TokenData data, DateTimeOffset now)
        => data.Challenge is { } challenge && challenge.Until > now.ToUnixTimeSeconds() ? challenge : null;

    private byte[] Open(SealedSecret state, in FactorContext context, FactorId factor)
    {
        Span<byte> buffer = stackalloc byte[SealedSecret.MaxLength];
        return vault.Open(state, context.User.Id, factor, buffer).ToArray();
    }

    private string Fingerprint(TokenData data, string passCode) => vault.Fingerprint(Encoding.UTF8.GetBytes($"{Provider}\n{data.CredentialId}\n{passCode}"));

    /// <summary>What no back end can be asked about is wrong without being asked about.</summary>
    private static bool IsPasscode(string text) => text.Length <= LongestPasscode && Encoding.UTF8.GetByteCount(text) <= LongestPasscode && !text.Any(char.IsControl);

    private sealed record Answered(TokenCheck Check, TokenAnswer Answer);
}
