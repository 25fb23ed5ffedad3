using System.Collections.Immutable;
using System.Text;
using Countersign.WebAuthn;

namespace Countersign.Tests.WebAuthn;

public sealed class PublishedVectorTests
{
    private const string Ed448 = "packed-ed448";

    public static TheoryData<string> Ids => [.. PublishedVectors.All.Keys.Where(id => id != Ed448)];

    public static TheoryData<string, string> RegistrationSpoils => Cross(RegistrationFaults.Keys);

    public static TheoryData<string, string> AssertionSpoils => Cross(AssertionFaults.Keys);

    [Theory, MemberData(nameof(Ids))]
    public void A_registration_and_an_assertion_with_it_are_accepted(string id)
    {
        var vector = PublishedVectors.All[id];
        var party = Trusting(vector);

        var (fault, credential) = Registration.Verify(vector.Registration, party, PublishedVectors.Now);

        Assert.Equal(WebAuthnFault.None, fault);
        Assert.Equal(vector.CredentialId, credential!.Id.ToArray());
        Assert.Equal(vector.Aaguid, credential.Aaguid);
        Assert.Equal(vector.RegistrationFlags, credential.Flags);
        Assert.Equal(vector.Format, credential.Format);
        Assert.Equal(vector.IsCertified, credential.IsTrusted);
        Assert.Equal(0u, credential.SignCount);

        var verdict = Assert_(vector, credential, party);

        Assert.Equal(WebAuthnFault.None, verdict.Fault);
        Assert.Equal(vector.AssertionFlags, verdict.Flags);
        Assert.False(verdict.IsPossibleClone);
    }

    [Fact]
    public void An_algorithm_that_was_not_asked_for_is_refused()
        => Assert.Equal(WebAuthnFault.Algorithm, Registration.Verify(PublishedVectors.All[Ed448].Registration, PublishedVectors.Party, PublishedVectors.Now).Fault);

    [Theory, MemberData(nameof(Ids))]
    public void Where_the_user_must_be_verified_those_who_were_not_are_refused(string id)
    {
        var vector = PublishedVectors.All[id];
        var credential = Registered(vector);
        var strict = PublishedVectors.Party with { RequiresUserVerification = true };

        var registered = Registration.Verify(vector.Registration, strict, PublishedVectors.Now).Fault;
        var asserted = Assert_(vector, credential, strict).Fault;

        Assert.Equal(vector.RegistrationFlags.HasFlag(AuthenticatorFlags.UserVerified) ? WebAuthnFault.None : WebAuthnFault.UserNotVerified, registered);
        Assert.Equal(vector.AssertionFlags.HasFlag(AuthenticatorFlags.UserVerified) ? WebAuthnFault.None : WebAuthnFault.UserNotVerified, asserted);
    }

    [Theory]
    [InlineData("none-es256-crossOrigin")]
    [InlineData("none-es256-topOrigin")]
    public void A_page_in_a_frame_is_refused_unless_it_may(string id)
    {
        var vector = PublishedVectors.All[id];

        var none = Registration.Verify(vector.Registration, PublishedVectors.Party with { TopOrigins = null }, PublishedVectors.Now).Fault;
        var other = Registration.Verify(vector.Registration, PublishedVectors.Party with { TopOrigins = ImmutableHashSet.Create("https://other.example") }, PublishedVectors.Now).Fault;

        Assert.Equal(WebAuthnFault.CrossOrigin, none);
        Assert.Equal(id.EndsWith("topOrigin", StringComparison.Ordinal) ? WebAuthnFault.TopOrigin : WebAuthnFault.None, other);
    }

    [Theory, MemberData(nameof(RegistrationSpoils))]
    public void A_registration_spoiled_in_one_place_is_refused_for_that(string id, string spoil)
    {
        var vector = PublishedVectors.All[id];
        var (spoiled, expected) = RegistrationFaults[spoil](vector);
        if (spoiled is not { } input) return;   // this vector has not that place

        var party = spoil switch
        {
            "another RP id" => Trusting(vector) with { RpIds = ["other.example"] },
            "a root that nobody trusts" => Trusting(vector) with { Attestation = new AttestationPolicy { RequiresTrust = true } },
            "a model that is denied" => Trusting(vector) with { Attestation = PublishedVectors.Party.Attestation with { DeniedModels = ImmutableHashSet.Create(vector.Aaguid) } },
            "a model that is none of those allowed" => Trusting(vector) with { Attestation = PublishedVectors.Party.Attestation with { AllowedModels = ImmutableHashSet.Create(Guid.Empty) } },
            _ => Trusting(vector),
        };
        Assert.Equal(expected, Registration.Verify(input, party, spoil == "certificates that ended" ? PublishedVectors.Now.AddYears(2_000) : PublishedVectors.Now).Fault);
    }

    [Theory, MemberData(nameof(AssertionSpoils))]
    public void An_assertion_spoiled_in_one_place_is_refused_for_that(string id, string spoil)
    {
        var vector = PublishedVectors.All[id];
        var exchange = new Exchange(vector.AssertionChallenge, vector.AssertionClientData, vector.AssertionData, vector.Signature, "example.org", 0,
            vector.AssertionFlags.HasFlag(AuthenticatorFlags.BackupEligible));
        var (spoiled, expected) = AssertionFaults[spoil](exchange);
        Assert.Equal(WebAuthnFault.None, CredentialPublicKey.TryRead(Registered(spoil == "another key" ? PublishedVectors.All[id == "none-es256" ? "packed-es256" : "none-es256"] : vector).PublicKey, out var key));
        using (key) Assert.Equal(expected, spoiled.Verify(key!));
    }

    private static readonly Dictionary<string, Func<Vector, (RegistrationInput?, WebAuthnFault)>> RegistrationFaults = new()
    {
        ["another challenge"] = vector => (vector.Registration with { Challenge = "AAAA" }, WebAuthnFault.Challenge),
        ["another ceremony"] = vector => (vector.Registration with { ClientData = Replaced(vector.Registration.ClientData, "webauthn.create", "webauthn.get") }, WebAuthnFault.Type),
        ["another origin"] = vector => (vector.Registration with { ClientData = Replaced(vector.Registration.ClientData, "https://example.org", "https://example.net") }, WebAuthnFault.Origin),
        ["a longer origin"] = vector => (vector.Registration with { ClientData = Replaced(vector.Registration.ClientData, "https://example.org", "https://example.org.evil.example") }, WebAuthnFault.Origin),
        ["client data that is cut off"] = vector => (vector.Registration with { ClientData = vector.Registration.ClientData[..^1] }, WebAuthnFault.ClientDataMalformed),
        ["client data that goes on"] = vector => (vector.Registration with { ClientData = Joined(vector.Registration.ClientData, (byte)'}') }, WebAuthnFault.ClientDataMalformed),
        ["a challenge said twice"] = vector => (vector.Registration with { ClientData = Replaced(vector.Registration.ClientData, "\"origin\"", "\"challenge\":\"AAAA\",\"origin\"") }, WebAuthnFault.ClientDataMalformed),
        ["other client data"] = vector => (vector.Registration with { ClientData = Replaced(vector.Registration.ClientData, "{\"", "{ \"") }, Unsigned(vector)),
        ["another RP id"] = vector => (vector.Registration, WebAuthnFault.RpIdHash),
        ["another RP id hash"] = vector => (WithData(vector, data => Flipped(data, 0)), WebAuthnFault.RpIdHash),
        ["nobody present"] = vector => (WithData(vector, data => Changed(data, 32, flags => flags & ~1)), WebAuthnFault.UserNotPresent),
        ["backed up and not eligible"] = vector => (WithData(vector, data => Changed(data, 32, flags => flags & ~0x08 | 0x10)), WebAuthnFault.BackupState),
        ["a flag of verification more or less"] = vector => (WithData(vector, data => Changed(data, 32, flags => flags ^ 0x04)), vector.Format == "fido-u2f" ? WebAuthnFault.None : Unsigned(vector)),
        ["no flag for the credential"] = vector => (WithData(vector, data => Changed(data, 32, flags => flags & ~0x40)), WebAuthnFault.AuthenticatorDataMalformed),
        ["a flag for extensions that are not there"] = vector => (WithData(vector, data => Changed(data, 32, flags => flags | 0x80)), WebAuthnFault.AuthenticatorDataMalformed),
        ["no credential"] = vector => (WithData(vector, data => Changed(data[..37], 32, flags => flags & ~0x40)), WebAuthnFault.AttestedCredentialData),
        ["another counter"] = vector => (WithData(vector, data => Flipped(data, 36)), vector.Format == "fido-u2f" ? WebAuthnFault.None : Unsigned(vector)),
        ["another model"] = vector => (WithData(vector, data => Flipped(data, 37)), vector.Format == "fido-u2f" ? WebAuthnFault.None : Unsigned(vector)),
        ["another credential id"] = vector => (WithData(vector, data => Flipped(data, 55)), Unsigned(vector)),
        ["a longer credential id"] = vector => (WithData(vector, data => Flipped(data, 53)), WebAuthnFault.AuthenticatorDataMalformed),
        ["data that is cut off"] = vector => (WithData(vector, data => data[..^1]), WebAuthnFault.AuthenticatorDataMalformed),
        ["data that goes on"] = vector => (WithData(vector, data => [.. data, 0]), WebAuthnFault.AuthenticatorDataMalformed),
        ["a point off its curve"] = vector => (vector.Algorithm is -7 or -35 or -36 ? WithData(vector, data => Flipped(data, data.Length - 1)) : null, WebAuthnFault.PublicKey),
        ["an attestation object that is cut off"] = vector => (vector.Registration with { AttestationObject = vector.Registration.AttestationObject[..^1] }, WebAuthnFault.AttestationObjectMalformed),
        ["an attestation object that goes on"] = vector => (vector.Registration with { AttestationObject = Joined(vector.Registration.AttestationObject, 0) }, WebAuthnFault.AttestationObjectMalformed),
        ["an unknown format"] = vector => (With(vector, Respelled.Attestation(vector.Registration.AttestationObject, format: "compound")), WebAuthnFault.AttestationFormat),
        ["a legacy format"] = vector => (With(vector, Respelled.Attestation(vector.Registration.AttestationObject, format: "android-safetynet")), WebAuthnFault.AttestationFormat),
        ["no format's statement"] = vector => (vector.Format == "none" ? null : With(vector, Respelled.Attestation(vector.Registration.AttestationObject, format: "none")), WebAuthnFault.AttestationMalformed),
        ["another signature"] = vector => (vector.Format is "none" or "apple" ? null
            : With(vector, Respelled.Attestation(vector.Registration.AttestationObject, member: "sig", value: signature => Flipped(signature, signature.Length - 1))), WebAuthnFault.AttestationSignature),
        ["another certificate"] = vector => (!vector.IsCertified ? null
            : With(vector, Respelled.Attestation(vector.Registration.AttestationObject, member: "x5c", value: _ => PublishedVectors.Party.Attestation.Roots[0].RawData)),
            vector.Format == "apple" ? WebAuthnFault.AttestationCertificate : WebAuthnFault.AttestationSignature),
        ["no certificate"] = vector => (!vector.IsCertified ? null
            : With(vector, Respelled.Attestation(vector.Registration.AttestationObject, member: "x5c", value: _ => [0x30, 0x00])), WebAuthnFault.AttestationMalformed),
        ["another TPM's statement"] = vector => (vector.Format != "tpm" ? null
            : With(vector, Respelled.Attestation(vector.Registration.AttestationObject, member: "certInfo", value: info => Flipped(info, info.Length - 50))), WebAuthnFault.AttestationSignature),
        ["a statement that no TPM made"] = vector => (vector.Format != "tpm" ? null
            : With(vector, Respelled.Attestation(vector.Registration.AttestationObject, member: "certInfo", value: info => Flipped(info, 0))), WebAuthnFault.AttestationMalformed),
        ["another key in the TPM"] = vector => (vector.Format != "tpm" ? null
            : With(vector, Respelled.Attestation(vector.Registration.AttestationObject, member: "pubArea", value: area => Flipped(area, area.Length - 1))), WebAuthnFault.AttestationContent),
        ["a root that nobody trusts"] = vector => (vector.Registration, WebAuthnFault.AttestationUntrusted),
        ["certificates that ended"] = vector => (vector.IsCertified ? vector.Registration : null, WebAuthnFault.AttestationUntrusted),
        ["a model that is denied"] = vector => (vector.Registration, WebAuthnFault.AuthenticatorNotAllowed),
        ["a model that is none of those allowed"] = vector => (vector.Registration, vector.IsCertified ? WebAuthnFault.AuthenticatorNotAllowed : WebAuthnFault.AttestationUntrusted),
    };

    private static readonly Dictionary<string, Func<Exchange, (Exchange, WebAuthnFault)>> AssertionFaults = new()
    {
        ["another challenge"] = exchange => (exchange with { Challenge = "AAAA" }, WebAuthnFault.Challenge),
        ["another ceremony"] = exchange => (exchange with { ClientData = Replaced(exchange.ClientData, "webauthn.get", "webauthn.create") }, WebAuthnFault.Type),
        ["another origin"] = exchange => (exchange with { ClientData = Replaced(exchange.ClientData, "https://example.org", "http://example.org") }, WebAuthnFault.Origin),
        ["other client data"] = exchange => (exchange with { ClientData = Replaced(exchange.ClientData, "{\"", "{ \"") }, WebAuthnFault.Signature),
        ["client data that is no JSON"] = exchange => (exchange with { ClientData = "hello"u8.ToArray() }, WebAuthnFault.ClientDataMalformed),
        ["another RP id hash"] = exchange => (exchange with { Data = Flipped(exchange.Data, 31) }, WebAuthnFault.RpIdHash),
        ["a credential of another RP id"] = exchange => (exchange with { RpId = "sub.example.org" }, WebAuthnFault.RpIdHash),
        ["nobody present"] = exchange => (exchange with { Data = Changed(exchange.Data, 32, flags => flags & ~1) }, WebAuthnFault.UserNotPresent),
        ["a flag of verification more or less"] = exchange => (exchange with { Data = Changed(exchange.Data, 32, flags => flags ^ 0x04) }, WebAuthnFault.Signature),
        ["backed up and not eligible"] = exchange => (exchange with { Data = Changed(exchange.Data, 32, flags => flags & ~0x08 | 0x10) }, WebAuthnFault.BackupState),
        ["eligible for backup and not before"] = exchange => (exchange with { IsBackupEligible = !exchange.IsBackupEligible }, WebAuthnFault.BackupEligibility),
        ["a flag for a credential that is not there"] = exchange => (exchange with { Data = Changed(exchange.Data, 32, flags => flags | 0x40) }, WebAuthnFault.AuthenticatorDataMalformed),
        ["another counter"] = exchange => (exchange with { Data = Flipped(exchange.Data, 36) }, WebAuthnFault.Signature),
        ["a counter that went back"] = exchange => (exchange with { SignCount = 5 }, WebAuthnFault.SignCount),
        ["data that is cut off"] = exchange => (exchange with { Data = exchange.Data[..^1] }, WebAuthnFault.AuthenticatorDataMalformed),
        ["data that goes on"] = exchange => (exchange with { Data = [.. exchange.Data, 0] }, WebAuthnFault.AuthenticatorDataMalformed),
        ["another signature"] = exchange => (exchange with { Signature = Flipped(exchange.Signature, exchange.Signature.Length - 1) }, WebAuthnFault.Signature),
        ["a signature that is cut off"] = exchange => (exchange with { Signature = exchange.Signature[..^1] }, WebAuthnFault.Signature),
        ["a signature that goes on"] = exchange => (exchange with { Signature = [.. exchange.Signature, 0] }, WebAuthnFault.Signature),
        ["no signature"] = exchange => (exchange with { Signature = [] }, WebAuthnFault.Signature),
        ["another key"] = exchange => (exchange, WebAuthnFault.Signature),
    };

    private sealed record Exchange(string Challenge, byte[] ClientData, byte[] Data, byte[] Signature, string RpId, uint SignCount, bool IsBackupEligible)
    {
        public WebAuthnFault Verify(CredentialPublicKey key) => Assertion.Verify(new AssertionInput
        {
            Challenge = Challenge,
            ClientData = ClientData,
            AuthenticatorData = Data,
            Signature = Signature,
            RpId = RpId,
            SignCount = SignCount,
            IsBackupEligible = IsBackupEligible,
        }, key, PublishedVectors.Party).Fault;
    }

    private static TheoryData<string, string> Cross(IEnumerable<string> spoils)
    {
        var data = new TheoryData<string, string>();
        foreach (var id in PublishedVectors.All.Keys.Where(id => id != Ed448))
            foreach (var spoil in spoils) data.Add(id, spoil);
        return data;
    }

    /// <summary>What is said of data that its attestation does not cover: without a statement nothing is, and it is not noticed.</summary>
    private static WebAuthnFault Unsigned(Vector vector) => vector.Format switch
    {
        "none" => WebAuthnFault.None,
        "tpm" or "apple" => WebAuthnFault.AttestationContent,
        _ => WebAuthnFault.AttestationSignature,
    };

    private static RelyingParty Trusting(Vector vector)
        => PublishedVectors.Party with { Attestation = PublishedVectors.Party.Attestation with { RequiresTrust = vector.IsCertified } };

    private static RegisteredCredential Registered(Vector vector)
    {
        var (fault, credential) = Registration.Verify(vector.Registration, PublishedVectors.Party, PublishedVectors.Now);
        Assert.Equal(WebAuthnFault.None, fault);
        return credential!;
    }

    private static AssertionVerdict Assert_(Vector vector, RegisteredCredential credential, RelyingParty party)
    {
        Assert.Equal(WebAuthnFault.None, CredentialPublicKey.TryRead(credential.PublicKey, out var key));
        using (key)
        {
            return Assertion.Verify(new AssertionInput
            {
                Challenge = vector.AssertionChallenge,
                ClientData = vector.AssertionClientData,
                AuthenticatorData = vector.AssertionData,
                Signature = vector.Signature,
                RpId = credential.RpId,
                SignCount = credential.SignCount,
                IsBackupEligible = credential.Flags.HasFlag(AuthenticatorFlags.BackupEligible),
            }, key!, party);
        }
    }

    private static RegistrationInput? WithData(Vector vector, Func<byte[], byte[]> change) => With(vector, Respelled.Attestation(vector.Registration.AttestationObject, change));

    private static RegistrationInput? With(Vector vector, byte[] attestation) => vector.Registration with { AttestationObject = attestation };

    private static byte[] Replaced(ReadOnlyMemory<byte> text, string what, string with) => Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(text.Span).Replace(what, with, StringComparison.Ordinal));

    private static byte[] Joined(ReadOnlyMemory<byte> bytes, byte more) => [.. bytes.Span, more];

    private static byte[] Flipped(byte[] bytes, int at) => Changed(bytes, at, value => value ^ 1);

    private static byte[] Changed(byte[] bytes, int at, Func<int, int> change)
    {
        var changed = bytes.ToArray();
        changed[at] = (byte)change(changed[at]);
        return changed;
    }
}
