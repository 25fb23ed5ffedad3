using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Countersign.Delivery.Tests.Smpp;

public sealed class SmppTlsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("smpp").FullName;
    private readonly X509Certificate2 _authority, _certificate;
    private readonly string _caFile;

    public SmppTlsTests()
    {
        using var authorityKey = RSA.Create(2048);
        var authority = new CertificateRequest("CN=Authority of the tests", authorityKey, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        authority.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        authority.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        var now = TimeProvider.System.GetUtcNow();
        _authority = authority.CreateSelfSigned(now.AddDays(-1), now.AddDays(2));
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=smsc.test", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("smsc.test");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var signed = request.Create(_authority, now.AddDays(-1), now.AddDays(1), [1, 2, 3]);
        _certificate = signed.CopyWithPrivateKey(key);
        _caFile = Path.Combine(_folder, "ca.pem");
        File.WriteAllText(_caFile, _authority.ExportCertificatePem());
    }

    public void Dispose()
    {
        _authority.Dispose();
        _certificate.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("smsc.test", true)]
    [InlineData("other.test", false)]
    public async Task With_its_authority_pinned_a_server_is_known_by_the_name_in_its_certificate(string name, bool isTrusted)
    {
        await using var exchange = new SmppExchange(settings => (settings.Tls, settings.CaFile, settings.TlsHost) = (true, _caFile, name), new SmppServer(_certificate));

        Assert.Equal(isTrusted, await exchange.SendAsync() is DeliveryResult.Accepted);
    }

    [Fact]
    public async Task Where_it_is_set_the_name_is_not_checked_but_the_authority_is()
    {
        await using var exchange = new SmppExchange(
            settings => (settings.Tls, settings.CaFile, settings.TlsHost, settings.TlsHostCheck) = (true, _caFile, "other.test", false), new SmppServer(_certificate));
        Assert.IsType<DeliveryResult.Accepted>(await exchange.SendAsync());

        await using var wrong = new SmppExchange(
            settings => (settings.Tls, settings.CaFile, settings.TlsHostCheck) = (true, OtherAuthority(), false), new SmppServer(_certificate));
        Assert.StartsWith("not bound: the connection could not be encrypted", Assert.IsType<DeliveryResult.Failed>(await wrong.SendAsync()).Reason, StringComparison.Ordinal);
    }

    private string OtherAuthority()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=Another authority", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var other = request.CreateSelfSigned(_authority.NotBefore, _authority.NotAfter);
        var file = Path.Combine(_folder, "other.pem");
        File.WriteAllText(file, other.ExportCertificatePem());
        return file;
    }

    [Fact]
    public async Task A_certificate_of_an_authority_that_is_not_trusted_is_refused()
    {
        await using var exchange = new SmppExchange(settings => settings.Tls = true, new SmppServer(_certificate));

        Assert.StartsWith("not bound: the connection could not be encrypted", Assert.IsType<DeliveryResult.Failed>(await exchange.SendAsync()).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_file_of_authorities_is_said()
    {
        await using var exchange = new SmppExchange(settings => (settings.Tls, settings.CaFile) = (true, Path.Combine(_folder, "none.pem")), new SmppServer(_certificate));

        Assert.Contains("CaFile could not be read", Assert.IsType<DeliveryResult.Failed>(await exchange.SendAsync()).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Encrypted_sessions_carry_messages_receipts_and_the_parting()
    {
        await using var exchange = new SmppExchange(settings => (settings.Tls, settings.CaFile) = (true, _caFile), new SmppServer(_certificate));
        await exchange.SendAsync(new string('a', 1000));
        var peer = await exchange.Server.PeerAsync();
        Assert.Equal(0u, await peer.AskAsync(0x05, Deliveries.Receipt("m2", "DELIVRD"), inPieces: true));

        await exchange.Provider.DisposeAsync();

        await peer.Unbound.WaitAsync(Signals.Limit);
    }
}
