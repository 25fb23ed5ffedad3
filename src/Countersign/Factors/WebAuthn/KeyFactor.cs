using System.Text.Json.Nodes;
using Countersign.Claims;
using Countersign.Links;
using Countersign.Organization;
using Countersign.WebAuthn;

namespace Countersign.Factors.WebAuthn;

/// <summary>
/// What <c>webauthn</c> and <c>u2f</c> share: a challenge, the newest alone, once; an answer that is verified outside of any transaction, because that takes its time,
/// and counts only if nothing about the factor changed meanwhile; a credential that belongs to one factor of one user.
/// </summary>
internal abstract class KeyFactor(WebAuthnSettings settings) : FactorKind
{
    public override string Provider => "FIDO";

    public override bool AllowsSeveral => true;

    public override FactorDecision Enroll(EnrollRequest request, Factor? pending, in FactorContext context)
    {
        var data = new KeyData().Challenged(context.Now, settings.ChallengeLifetime).Write();
        var factor = NewFactor(FactorStatus.PendingActivation, data, context.Now, pending?.Id);
        return new FactorDecision.Becomes(factor with { Created = pending?.Created ?? factor.Created });
    }

    public override FactorDecision Activate(Factor factor, VerifyRequest request, in FactorContext context)
    {
        var data = KeyData.Read(factor);
        if (ReadRegistration(data, request) is not { } question) return Wrong(WebAuthnFault.ClientDataMalformed);
        if (data.OpenChallenge(context.Now) is null) return Wrong(WebAuthnFault.Challenge);
        if (context.Answer is not Registered registered || registered.Asked != data) return new FactorDecision.Ask(question with { Now = context.Now });
        if (registered.Key is not { } key) return Wrong(registered.Fault);
        return new FactorDecision.Becomes(factor with { Status = FactorStatus.Active, LastUpdated = context.Now.ToWholeSeconds(), Data = key.Write() })
        {
            Claim = new(new ClaimChange.Take(KeyData.ClaimOf(key.CredentialBytes), factor.Id), Wrong(WebAuthnFault.CredentialTaken)),
        };
    }

    public override FactorDecision Verify(Factor factor, VerifyRequest request, in FactorContext context)
    {
        var data = KeyData.Read(factor);
        if (request is { ClientData: null, AuthenticatorData: null, SignatureData: null })
        {
            data = data.Challenged(context.Now, settings.ChallengeLifetime);
            return new FactorDecision.Answered(factor with { Data = data.Write() }, new Verification(FactorResult.Challenge, Profile(data), new JsonObject { ["challenge"] = Challenge(data) }));
        }
        if (ReadAssertion(data, request) is not { } question) return Wrong(WebAuthnFault.ClientDataMalformed);
        if (data.OpenChallenge(context.Now) is null) return Wrong(WebAuthnFault.Challenge);
        if (context.Answer is not Asserted asserted || asserted.Asked != data) return new FactorDecision.Ask(question);
        var verdict = asserted.Verdict;
        if (verdict.Fault != WebAuthnFault.None) return Wrong(verdict.Fault);
        var used = data with { Challenge = null, SignCount = verdict.SignCount, IsBackedUp = data.IsBackedUp is null ? null : verdict.Flags.HasFlag(AuthenticatorFlags.BackedUp) };
        return new FactorDecision.Answered(factor with { Data = used.Write() }, new Verification(FactorResult.Success, Profile(data)))
        {
            Remark = verdict.IsPossibleClone ? nameof(WebAuthnFault.SignCount) : null,
        };
    }

    public override ValueTask<object?> AskAsync(object question, CancellationToken cancellationToken)
    {
        switch (question)
        {
            case RegistrationQuestion registration:
                var (fault, key) = Verify(registration);
                return new(new Registered(registration.Asked, fault, key));
            case AssertionQuestion assertion:
                return new(new Asserted(assertion.Asked, Verify(assertion)));
            default:
                throw new ArgumentException($"{question.GetType().Name} is nothing that this kind asks", nameof(question));
        }
    }

    public override FactorView View(Factor factor, OrganizationSettings organization, UserUrls urls)
        => new() { Profile = KeyData.Read(factor) is { CredentialId: not null } data ? FullProfile(data) : null };

    /// <summary>Reads the answer of an activation; null when something is missing or is no base64.</summary>
    protected abstract RegistrationQuestion? ReadRegistration(KeyData data, VerifyRequest request);

    /// <summary>Reads the answer of a challenge; null when something is missing or is no base64.</summary>
    protected abstract AssertionQuestion? ReadAssertion(KeyData data, VerifyRequest request);

    /// <summary>Verifies a registration; the new key, or what is wrong.</summary>
    protected abstract (WebAuthnFault Fault, KeyData? Key) Verify(RegistrationQuestion question);

    /// <summary>Verifies an assertion.</summary>
    protected abstract AssertionVerdict Verify(AssertionQuestion question);

    /// <summary>The profile in answers of verifications.</summary>
    protected abstract JsonObject Profile(KeyData data);

    /// <summary>The profile of the factor.</summary>
    protected virtual JsonObject FullProfile(KeyData data) => Profile(data);

    /// <summary><c>_embedded.challenge</c>.</summary>
    protected abstract JsonObject Challenge(KeyData data);

    private static FactorDecision Wrong(WebAuthnFault fault) => FactorDecision.Wrong(Refusal.WrongPasscode, fault.ToString());

    /// <summary>What a registration is verified with.</summary>
    protected sealed record RegistrationQuestion(KeyData Asked, byte[] ClientData, byte[] Registration, DateTimeOffset Now = default);

    /// <summary>What an assertion is verified with; a U2F key answers without authenticator data.</summary>
    protected sealed record AssertionQuestion(KeyData Asked, byte[] ClientData, byte[]? AuthenticatorData, byte[] Signature);

    private sealed record Registered(KeyData Asked, WebAuthnFault Fault, KeyData? Key);
    private sealed record Asserted(KeyData Asked, AssertionVerdict Verdict);
}
