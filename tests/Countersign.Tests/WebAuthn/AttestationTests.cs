using System.Collections.Immutable;
using System.Text;
using Countersign.Testing.WebAuthn;
using Countersign.WebAuthn;
using Countersign.WebAuthn.Metadata;

namespace Countersign.Tests.WebAuthn;

public sealed class AttestationTests
{
    private const string Origin = "https://login.example.com", RpId = "example.com", Challenge = "pQ7xR2mVbN0sKfYc1LdT";
    private static readonly DateTimeOffset Now = new(2026, 3, 5, 9, 41, 7, TimeSpan.Zero);
    private static readonly RelyingParty Party = new() { RpIds = [RpId], Origins = ImmutableHashSet.Create(Origin) };

    [Theory]
    [InlineData(CoseAlgorithm.ES256)]
    [InlineData(CoseAlgorithm.ES384)]
    [InlineData(CoseAlgorithm.ES512)]
    [InlineData(CoseAlgorithm.EdDsa)]
    [InlineData(CoseAlgorithm.RS256)]
    [InlineData(CoseAlgorithm.PS256)]
    public void Every_algorithm_registers_and_asserts(CoseAlgorithm algorithm)
    {
        using var authenticator = new SoftwareAuthenticator(algorithm);
        var answer = authenticator.Register(Challenge, Origin, RpId, "packed");

        var (fault, credential) = Registration.Verify(new RegistrationInput(Challenge, answer.ClientData, answer.Attestation), Party, Now);

        Assert.Equal(WebAuthnFault.None, fault);
        var assertion = authenticator.Sign("c0XwM8nKz2VtRb5LqYdS", Origin, RpId);
        Assert.Equal(WebAuthnFault.None, CredentialPublicKey.TryRead(credential!.PublicKey, out var key));
        using (key)
        {
            var verdict = Assertion.Verify(Input(assertion, "c0XwM8nKz2VtRb5LqYdS"), key!, Party);
            Assert.Equal((WebAuthnFault.None, 1u), (verdict.Fault, verdict.SignCount));
        }
    }

    [Theory]
    [InlineData("in order", WebAuthnFault.None)]
    [InlineData("names the model", WebAuthnFault.None)]
    [InlineData("names another model", WebAuthnFault.Aaguid)]
    [InlineData("names the model as critical", WebAuthnFault.Aaguid)]
    [InlineData("is a CA's", WebAuthnFault.AttestationCertificate)]
    [InlineData("has no country", WebAuthnFault.AttestationCertificate)]
    [InlineData("has no organization", WebAuthnFault.AttestationCertificate)]
    [InlineData("has another unit", WebAuthnFault.AttestationCertificate)]
    [InlineData("has no name", WebAuthnFault.AttestationCertificate)]
    public void A_packed_attestations_certificate_must_be_as_it_is_asked_for(string certificate, WebAuthnFault expected)
    {
        using var authenticator = new SoftwareAuthenticator();
        using var by = new SoftwareAttestation(Now, certificate switch
        {
            "names the model" => new AttestationCertificate { Aaguid = authenticator.Aaguid },
            "names another model" => new AttestationCertificate { Aaguid = Guid.Empty },
            "names the model as critical" => new AttestationCertificate { Aaguid = authenticator.Aaguid, IsCritical = true },
            "is a CA's" => new AttestationCertificate { IsAuthority = true },
            "has no country" => new AttestationCertificate { Subject = "CN=Key, OU=Authenticator Attestation, O=Countersign" },
            "has no organization" => new AttestationCertificate { Subject = "CN=Key, OU=Authenticator Attestation, C=AT" },
            "has another unit" => new AttestationCertificate { Subject = "CN=Key, OU=Attestation, O=Countersign, C=AT" },
            "has no name" => new AttestationCertificate { Subject = "OU=Authenticator Attestation, O=Countersign, C=AT" },
            _ => null,
        });

        Assert.Equal(expected, Register(authenticator, "packed", by, Trusting(by)));
    }

    [Theory]
    [InlineData("packed", CoseAlgorithm.ES256)]
    [InlineData("packed", CoseAlgorithm.ES384)]
    [InlineData("packed", CoseAlgorithm.ES512)]
    [InlineData("fido-u2f", CoseAlgorithm.ES256)]
    public void An_attestation_is_trusted_when_it_leads_to_a_root_that_is(string format, CoseAlgorithm algorithm)
    {
        using var authenticator = new SoftwareAuthenticator();
        using var by = new SoftwareAttestation(Now, algorithm: algorithm);
        using var other = new SoftwareAttestation(Now);

        Assert.Equal(WebAuthnFault.None, Register(authenticator, format, by, Trusting(by)));
        Assert.Equal(WebAuthnFault.AttestationUntrusted, Register(authenticator, format, by, Trusting(other)));
        Assert.Equal(WebAuthnFault.None, Register(authenticator, format, by, Party));
    }

    [Theory]
    [InlineData("in order", WebAuthnFault.None)]
    [InlineData("not switched on", WebAuthnFault.AttestationFormat)]
    [InlineData("another host", WebAuthnFault.AttestationCertificate)]
    [InlineData("a device that is not in order", WebAuthnFault.AttestationContent)]
    [InlineData("of an hour ago", WebAuthnFault.AttestationContent)]
    [InlineData("nobody's root", WebAuthnFault.AttestationUntrusted)]
    public void SafetyNet_vouches_for_a_device(string what, WebAuthnFault expected)
    {
        using var authenticator = new SoftwareAuthenticator();
        using var by = new SoftwareAttestation(what == "of an hour ago" ? Now.AddHours(-1) : Now, new AttestationCertificate { Host = what == "another host" ? "attest.example.com" : "attest.android.com" })
        {
            CtsProfileMatch = what != "a device that is not in order",
        };
        var party = Party with { Attestation = new AttestationPolicy { RequiresTrust = true, AllowsSafetyNet = what != "not switched on", Roots = what == "nobody's root" ? [] : [by.Root] } };

        Assert.Equal(expected, Register(authenticator, "android-safetynet", by, party));
    }

    [Fact]
    public void Metadata_names_a_model_and_gives_the_roots_that_it_is_trusted_by()
    {
        using var authenticator = new SoftwareAuthenticator();
        using var by = new SoftwareAttestation(Now);
        var party = Party with { Attestation = new AttestationPolicy { RequiresTrust = true, AllowedModels = ImmutableHashSet.Create(authenticator.Aaguid), Metadata = Blob(authenticator.Aaguid, by) } };
        var answer = authenticator.Register(Challenge, Origin, RpId, "packed", by);

        var (fault, credential) = Registration.Verify(new RegistrationInput(Challenge, answer.ClientData, answer.Attestation), party, Now);

        Assert.Equal(WebAuthnFault.None, fault);
        Assert.True(credential!.IsTrusted);
        Assert.Equal("Test Key 5 NFC", credential.ModelName);
    }

    [Theory]
    [InlineData("REVOKED")]
    [InlineData("USER_KEY_REMOTE_COMPROMISE")]
    [InlineData("ATTESTATION_KEY_COMPROMISE")]
    public void A_model_that_the_metadata_reports_as_compromised_is_refused(string status)
    {
        using var authenticator = new SoftwareAuthenticator();
        using var by = new SoftwareAttestation(Now);
        var party = Party with { Attestation = new AttestationPolicy { Metadata = Blob(authenticator.Aaguid, by, status) } };

        Assert.Equal(WebAuthnFault.AuthenticatorCompromised, Register(authenticator, "packed", by, party));
    }

    [Fact]
    public void Metadata_finds_U2F_keys_by_their_attestation_key()
    {
        using var authenticator = new SoftwareAuthenticator { Aaguid = Guid.Empty };
        using var by = new SoftwareAttestation(Now);
        var party = Party with { Attestation = new AttestationPolicy { RequiresTrust = true, Metadata = Blob(null, by) } };

        Assert.Equal(WebAuthnFault.None, Register(authenticator, "fido-u2f", by, party));
    }

    [Theory]
    [InlineData("another root")]
    [InlineData("another payload")]
    [InlineData("no JWS")]
    [InlineData("no entries")]
    [InlineData("after its certificate ended")]
    public void Metadata_that_is_not_signed_by_whom_it_must_be_is_refused(string spoil)
    {
        using var by = new SoftwareAttestation(Now);
        using var service = new SoftwareAttestation(Now);
        using var other = new SoftwareAttestation(Now);
        var jws = service.SignJson(spoil == "no entries" ? """{"no":1,"nextUpdate":"2026-04-01"}""" : Payload(Guid.Empty, by));
        if (spoil == "another payload")
        {
            var text = Encoding.ASCII.GetString(jws).Split('.');
            text[1] = System.Buffers.Text.Base64Url.EncodeToString(Encoding.UTF8.GetBytes(Payload(Guid.NewGuid(), by)));
            jws = Encoding.ASCII.GetBytes(string.Join('.', text));
        }
        if (spoil == "no JWS") jws = "hello"u8.ToArray();

        Assert.Throws<FormatException>(() => MetadataBlob.Read(jws, [spoil == "another root" ? other.Root : service.Root], spoil == "after its certificate ended" ? Now.AddYears(6) : Now));
    }

    [Fact]
    public void A_counter_that_drops_to_zero_does_not_erase_what_was_seen()
    {
        using var authenticator = new SoftwareAuthenticator { SignCount = null };
        var answer = authenticator.Sign(Challenge, Origin, RpId);
        Assert.Equal(WebAuthnFault.None, CredentialPublicKey.TryRead(authenticator.PublicKey, out var key));
        using (key)
        {
            Assert.Equal(WebAuthnFault.SignCount, Assertion.Verify(Input(answer, Challenge, signCount: 7), key!, Party).Fault);
            var told = Assertion.Verify(Input(answer, Challenge, signCount: 7), key!, Party with { AcceptsPossibleClones = true });
            Assert.Equal((WebAuthnFault.None, 7u, true), (told.Fault, told.SignCount, told.IsPossibleClone));
            // A synced passkey has no counter.
            Assert.Equal(WebAuthnFault.None, Assertion.Verify(Input(answer, Challenge, signCount: 0), key!, Party).Fault);
        }
    }

    private static WebAuthnFault Register(SoftwareAuthenticator authenticator, string format, SoftwareAttestation by, RelyingParty party)
    {
        var answer = authenticator.Register(Challenge, Origin, RpId, format, by);
        return Registration.Verify(new RegistrationInput(Challenge, answer.ClientData, answer.Attestation), party, Now).Fault;
    }

    private static RelyingParty Trusting(SoftwareAttestation by) => Party with { Attestation = new AttestationPolicy { RequiresTrust = true, Roots = [by.Root] } };

    private static MetadataBlob Blob(Guid? aaguid, SoftwareAttestation by, string status = "FIDO_CERTIFIED")
    {
        using var service = new SoftwareAttestation(Now);
        return MetadataBlob.Read(service.SignJson(Payload(aaguid, by, status)), [service.Root], Now);
    }

    private static string Payload(Guid? aaguid, SoftwareAttestation by, string status = "FIDO_CERTIFIED")
    {
        var keyId = new System.Security.Cryptography.X509Certificates.X509SubjectKeyIdentifierExtension(by.Certificate.PublicKey, false).SubjectKeyIdentifier!.ToLowerInvariant();
        var name = aaguid is { } model ? $"\"aaguid\":\"{model}\"" : $"\"attestationCertificateKeyIdentifiers\":[\"{keyId}\"]";
        return $$$"""{"legalHeader":"","no":42,"nextUpdate":"2026-04-01","entries":[{{{{name}}},"metadataStatement":{"description":"Test Key 5 NFC","attestationRootCertificates":["{{{Convert.ToBase64String(by.Root.RawData)}}}"]},"statusReports":[{"status":"{{{status}}}","effectiveDate":"2026-01-01"}]}]}""";
    }

    private static AssertionInput Input(SoftwareAssertion answer, string challenge, uint signCount = 0) => new()
    {
        Challenge = challenge,
        ClientData = answer.ClientData,
        AuthenticatorData = answer.AuthenticatorData,
        Signature = answer.Signature,
        RpId = RpId,
        SignCount = signCount,
        IsBackupEligible = false,
    };
}
