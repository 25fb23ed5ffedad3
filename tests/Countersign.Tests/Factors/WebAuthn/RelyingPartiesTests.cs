using Countersign.Factors.WebAuthn;
using Countersign.Settings;
using Countersign.Testing.WebAuthn;

namespace Countersign.Tests.Factors.WebAuthn;

public sealed class RelyingPartiesTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 5, 9, 41, 7, TimeSpan.Zero);

    [Theory]
    [InlineData("login.example.com", "example.com", null, "Origins")]
    [InlineData("https://login.example.com/", "example.com", null, "Origins")]
    [InlineData("https://login.example.net", "example.com", null, "Origins")]
    [InlineData("https://notexample.com", "example.com", null, "Origins")]
    [InlineData("http://10.0.0.7:8080", null, null, "Origins")]
    [InlineData("https://login.example.com", "Example.com", null, "RpIds")]
    [InlineData("https://login.example.com", "https://example.com", null, "RpIds")]
    [InlineData("https://login.example.com", "example.com", "not-an-aaguid-but-as-long-as-one-is!", "AllowedAaguids")]
    public void What_cannot_be_is_told_by_its_key(string origin, string? rpId, string? aaguid, string named)
    {
        var settings = new WebAuthnSettings { Origins = [origin], RpIds = rpId is null ? [] : [rpId], AllowedAaguids = aaguid is null ? [] : [aaguid] };

        Assert.Contains($"Countersign:WebAuthn:{named}: ", Assert.Throws<SettingsException>(() => RelyingParties.Make(settings, Now)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Files_that_cannot_be_read_or_relied_on_are_told_by_their_key()
    {
        var folder = Directory.CreateTempSubdirectory("countersign-webauthn-");
        try
        {
            using var service = new SoftwareAttestation(Now);
            var roots = Path.Combine(folder.FullName, "roots.pem");
            var blob = Path.Combine(folder.FullName, "blob.jwt");
            File.WriteAllText(roots, service.Root.ExportCertificatePem());
            File.WriteAllBytes(blob, service.SignJson("""{"no":7,"nextUpdate":"2026-04-01","entries":[]}"""));

            Assert.Equal(7, RelyingParties.Make(new WebAuthnSettings { MetadataFile = blob, MetadataRootFile = roots }, Now).Attestation.Metadata!.Number);
            Assert.Single(RelyingParties.Make(new WebAuthnSettings { AttestationRootsFile = roots }, Now).Attestation.Roots);

            Told("MetadataRootFile", new WebAuthnSettings { MetadataFile = blob });
            Told("MetadataFile", new WebAuthnSettings { MetadataFile = roots, MetadataRootFile = roots });
            Told("MetadataFile", new WebAuthnSettings { MetadataFile = blob + ".none", MetadataRootFile = roots });
            Told("AttestationRootsFile", new WebAuthnSettings { AttestationRootsFile = blob });
            using var other = new SoftwareAttestation(Now);
            File.WriteAllText(roots, other.Root.ExportCertificatePem());
            Told("MetadataFile", new WebAuthnSettings { MetadataFile = blob, MetadataRootFile = roots });
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void The_public_address_is_the_origin_where_none_is_set()
    {
        var party = RelyingParties.Make(new WebAuthnSettings { PublicUrl = new Uri("https://mfa.example.com/base") }, Now);

        Assert.Equal(["https://mfa.example.com"], party.Origins);
        Assert.Equal(["mfa.example.com"], party.RpIds);
        Assert.Equal(("https://mfa.example.com", false), (party.AppId, party.AllowsLocalhost));
    }

    [Fact]
    public void A_public_address_without_a_name_does_not_keep_the_server_from_starting()
        => Assert.Empty(RelyingParties.Make(new WebAuthnSettings { PublicUrl = new Uri("http://10.0.0.7:8080") }, Now).RpIds);

    private static void Told(string key, WebAuthnSettings settings)
        => Assert.Contains($"Countersign:WebAuthn:{key}: ", Assert.Throws<SettingsException>(() => RelyingParties.Make(settings, Now)).Message, StringComparison.Ordinal);
}
