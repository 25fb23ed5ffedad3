using System.Collections.Immutable;
using System.Text;
using Countersign.Testing.WebAuthn;
using Countersign.WebAuthn;
using Countersign.WebAuthn.U2f;

namespace Countersign.Tests.WebAuthn;

/// <summary>The examples of FIDO U2F raw message formats v1.2 §8, and each spoiled in one place.</summary>
public sealed class U2fTests
{
    private const string Client = """
        {"typ":"TYPE","challenge":"CHALLENGE","cid_pubkey":{"kty":"EC","crv":"P-256","x":"HzQwlfXX7Q4S5MtCCnZUNBw3RMzPO9tOyWjBqRl4tJ8","y":"XVguGFLIZx1fXg3wNqfdbn75hi4-_7-BxhMljw42Ht4"},"origin":"http://example.com"}
        """;
    private const string RegistrationNonce = "vqrS6WXDe1JUs5_c3i4-LkKIHRr-3XVb3azuA5TifHo", AssertionNonce = "opsXqUifDriAAmWclinfbS0e-USY0CgyJHe_Otd7z8o";
    private const string AssertionAppId = "https://gstatic.com/securitykey/a/example.com";
    private static readonly DateTimeOffset Now = new(2013, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly byte[] Message = Convert.FromHexString(
        "0504b174bc49c7ca254b70d2e5c207cee9cf174820ebd77ea3c65508c26da51b657c1cc6b952f8621697936482da0a6d3d3826a59095daf6cd7c03e2e60385d2f6d9402a552dfdb7477ed65fd84133f86196"
        + "010b2215b57da75d315b7b9e8fe2e3925a6019551bab61d16591659cbaf00b4950f7abfe6660e2e006f76868b772d70c253082013c3081e4a003020102020a47901280001155957352300a06082a8648ce3d"
        + "0403023017311530130603550403130c476e756262792050696c6f74301e170d3132303831343138323933325a170d3133303831343138323933325a3031312f302d0603550403132650696c6f74476e7562"
        + "62792d302e342e312d34373930313238303030313135353935373335323059301306072a8648ce3d020106082a8648ce3d030107034200048d617e65c9508e64bcc5673ac82a6799da3c1446682c258c463f"
        + "ffdf58dfd2fa3e6c378b53d795c4a4dffb4199edd7862f23abaf0203b4b8911ba0569994e101300a06082a8648ce3d0403020347003044022060cdb6061e9c22262d1aac1d96d8c70829b2366531dda26883"
        + "2cb836bcd30dfa0220631b1459f09e6330055722c8d89b7f48883b9089b88d60d1d9795902b30410df304502201471899bcc3987e62e8202c9b39c33c19033f7340352dba80fcab017db9230e40221008267"
        + "7d673d891933ade6f617e5dbde2e247e70423fd5ad7804a6d3d3961ef871");
    private static readonly byte[] Key = Convert.FromHexString(
        "04d368f1b665bade3c33a20f1e429c7750d5033660c019119d29aa4ba7abc04aa7c80a46bbe11ca8cb5674d74f31f8a903f6bad105fb6ab74aefef4db8b0025e1d");
    private static readonly byte[] Answer = Convert.FromHexString(
        "0100000001304402204b5f0cd17534cedd8c34ee09570ef542a353df4436030ce43d406de870b847780220267bb998fac9b7266eb60e7cb0b5eabdfd5ba9614f53c7b22272ec10047a923f");

    [Fact]
    public void The_published_registration_is_accepted()
    {
        var (fault, key) = U2fRegistration.Verify(RegistrationNonce, ClientData(U2fRegistration.Type, RegistrationNonce), Message, Party("http://example.com"), Now);

        Assert.Equal(WebAuthnFault.None, fault);
        Assert.Equal(Message[1..66], key!.PublicKey.ToArray());
        Assert.Equal(Message[67..131], key.KeyHandle.ToArray());
    }

    [Theory]
    [InlineData("another nonce", WebAuthnFault.Challenge)]
    [InlineData("another ceremony", WebAuthnFault.Type)]
    [InlineData("another origin", WebAuthnFault.Origin)]
    [InlineData("another app id", WebAuthnFault.AttestationSignature)]
    [InlineData("another first byte", WebAuthnFault.U2fMessageMalformed)]
    [InlineData("a point off the curve", WebAuthnFault.PublicKey)]
    [InlineData("another handle", WebAuthnFault.AttestationSignature)]
    [InlineData("a handle that is too long", WebAuthnFault.U2fMessageMalformed)]
    [InlineData("no certificate", WebAuthnFault.U2fMessageMalformed)]
    [InlineData("another signature", WebAuthnFault.AttestationSignature)]
    [InlineData("no signature", WebAuthnFault.AttestationSignature)]
    [InlineData("cut off", WebAuthnFault.AttestationSignature)]
    [InlineData("empty", WebAuthnFault.U2fMessageMalformed)]
    public void A_registration_spoiled_in_one_place_is_refused_for_that(string spoil, WebAuthnFault expected)
    {
        var clientData = ClientData(spoil == "another ceremony" ? U2fAssertion.Type : U2fRegistration.Type, RegistrationNonce);
        var party = Party(spoil == "another app id" ? "http://example.net" : "http://example.com", spoil == "another origin" ? "http://example.net" : "http://example.com");
        byte[] message = spoil switch
        {
            "another first byte" => Flipped(Message, 0),
            "a point off the curve" => Flipped(Message, 65),
            "another handle" => Flipped(Message, 70),
            "a handle that is too long" => [.. Message[..66], 255, .. Message[67..200]],
            "no certificate" => Message[..131],
            "another signature" => Flipped(Message, Message.Length - 1),
            "no signature" => Message[..^71],
            "cut off" => Message[..^1],
            "empty" => [],
            _ => Message,
        };

        Assert.Equal(expected, U2fRegistration.Verify(spoil == "another nonce" ? AssertionNonce : RegistrationNonce, clientData, message, party, Now).Fault);
    }

    [Theory]
    [InlineData("as published", WebAuthnFault.None)]
    [InlineData("another nonce", WebAuthnFault.Challenge)]
    [InlineData("another ceremony", WebAuthnFault.Type)]
    [InlineData("another origin", WebAuthnFault.Origin)]
    [InlineData("another app id", WebAuthnFault.Signature)]
    [InlineData("nobody present", WebAuthnFault.UserNotPresent)]
    [InlineData("another counter", WebAuthnFault.Signature)]
    [InlineData("a counter that went back", WebAuthnFault.SignCount)]
    [InlineData("another signature", WebAuthnFault.Signature)]
    [InlineData("no signature", WebAuthnFault.U2fMessageMalformed)]
    public void An_answer_spoiled_in_one_place_is_refused_for_that(string spoil, WebAuthnFault expected)
    {
        var clientData = ClientData(spoil == "another ceremony" ? U2fRegistration.Type : U2fAssertion.Type, AssertionNonce);
        var party = Party(spoil == "another app id" ? "http://example.com" : AssertionAppId, spoil == "another origin" ? "http://example.net" : "http://example.com");
        var message = spoil switch
        {
            "nobody present" => Flipped(Answer, 0),
            "another counter" => Flipped(Answer, 3),
            "another signature" => Flipped(Answer, Answer.Length - 1),
            "no signature" => Answer[..5],
            _ => Answer,
        };
        using var key = U2fRegistration.Open(Key)!;

        var verdict = U2fAssertion.Verify(spoil == "another nonce" ? RegistrationNonce : AssertionNonce, clientData, message, key, spoil == "a counter that went back" ? 1u : 0u, party);

        Assert.Equal(expected, verdict.Fault);
        if (expected == WebAuthnFault.None) Assert.Equal(1u, verdict.SignCount);
    }

    [Fact]
    public void A_key_of_U2F_answers_a_browser_by_its_app_id()
    {
        using var authenticator = new SoftwareAuthenticator();
        using var by = new SoftwareAttestation(Now);
        var party = Party("http://example.com") with { RpIds = ["other.example"] };
        var (clientData, message) = authenticator.RegisterU2f(RegistrationNonce, "http://example.com", "http://example.com", by);
        Assert.Equal(WebAuthnFault.None, U2fRegistration.Verify(RegistrationNonce, clientData, message, party, Now).Fault);

        Assert.Equal(WebAuthnFault.None, Asserted("http://example.com", "http://example.com"));
        Assert.Equal(WebAuthnFault.RpIdHash, Asserted("http://example.net", "http://example.com"));
        // The app id is good for keys that are bound to it alone.
        Assert.Equal(WebAuthnFault.RpIdHash, Asserted("http://example.com", "other.example"));

        WebAuthnFault Asserted(string signedFor, string boundTo)
        {
            var answer = authenticator.Sign(AssertionNonce, "http://example.com", signedFor);
            Assert.Equal(WebAuthnFault.None, CredentialPublicKey.TryRead(authenticator.PublicKey, out var key));
            using (key)
            {
                return Assertion.Verify(new AssertionInput
                {
                    Challenge = AssertionNonce,
                    ClientData = answer.ClientData,
                    AuthenticatorData = answer.AuthenticatorData,
                    Signature = answer.Signature,
                    RpId = boundTo,
                    SignCount = 0,
                    IsBackupEligible = null,
                }, key!, party).Fault;
            }
        }
    }

    private static RelyingParty Party(string appId, string origin = "http://example.com") => new() { RpIds = ["example.com"], Origins = ImmutableHashSet.Create(origin), AppId = appId };

    private static byte[] ClientData(string type, string nonce)
        => Encoding.UTF8.GetBytes(Client.Trim().Replace("TYPE", type, StringComparison.Ordinal).Replace("CHALLENGE", nonce, StringComparison.Ordinal));

    private static byte[] Flipped(byte[] bytes, int at)
    {
        var changed = bytes.ToArray();
        changed[at] ^= 1;
        return changed;
    }
}
