using System.Security.Cryptography;
using System.Text;
using Countersign.Factors.Otp;
using Countersign.HardwareTokens;
using Countersign.HardwareTokens.Pskc;
using Countersign.Testing;
using CsCheck;

namespace Countersign.Tests.HardwareTokens;

public sealed class PskcReaderTests
{
    private static readonly PskcSecrets None = new();
    private static readonly PskcSecrets Rfc = new(Convert.FromHexString(Rfc6030.PreSharedKey), Rfc6030.Password);
    private static readonly byte[] Secret = Convert.FromHexString(PskcFile.Secret);

    public static readonly TheoryData<int, string[]> Figures = new()
    {
        { 2, ["12345678/12345678: 6 digits by counter, 31323334"] },
        { 3, [$"987654321/12345678: 8 digits by counter, {PskcFile.Secret}"] },
        { 4, ["987654321 refused: the secret is missing"] },   // the key is derived from one that the reader is to have
        { 5, [$"987654321/12345678: 8 digits by counter, {PskcFile.Secret}", "987654321 refused: its algorithm is not supported: allowed are HOTP and TOTP"] },   // the second is a PIN
        { 6, [$"987654321/12345678: 8 digits by counter, {PskcFile.Secret}"] },
        { 7, [$"987654321/123456: 8 digits by counter, {PskcFile.Secret}"] },
        { 8, ["987654321 refused: it is encrypted with the key of a certificate, which is not supported"] },
        { 9, [$"0755225266/123: 6 digits by counter, {PskcFile.Secret}"] },
        { 10, [.. new[] { "654321/1", "123456/2", "9999999/3", "9999999/4" }.Select(name => $"{name}: 8 digits by counter, {PskcFile.Secret}")] },
    };

    [Theory, MemberData(nameof(Figures))]
    public void The_examples_of_the_specification_are_read(int figure, string[] expected)
        => Assert.Equal(expected, Read(Rfc6030.Figure(figure), Rfc).Select(Text));

    [Theory]
    [InlineData(6, "it is encrypted with a pre-shared key, and none was given")]
    [InlineData(7, "it is encrypted with a password, and none was given")]
    public void An_encrypted_file_needs_its_key_or_password(int figure, string reason)
        => Assert.Equal([$"987654321 refused: the MAC key: {reason}"], Read(Rfc6030.Figure(figure), None).Select(Text));

    [Fact]
    public void With_another_key_or_password_nothing_opens()
    {
        var wrong = new PskcSecrets(Convert.FromHexString("12345678901234567890123456789013"), "qwertz");

        Assert.All(new[] { 6, 7 }, figure => Assert.IsType<ImportRow.Refused>(Assert.Single(Read(Rfc6030.Figure(figure), wrong))));
    }

    [Theory]
    [InlineData("AAECAwQFBgcICQoLDA0OD+cI", "AAECAwQFBgcICQoLDA0OD+cJ", "the MAC of the secret is wrong: it was changed, or the key or password is another")]
    [InlineData("Su+NvtQfmvfJzF6bmQiJqoLRExc=", "Su+NvtQfmvfJzF6bmQiJqoLREhc=", "the MAC of the secret is wrong: it was changed, or the key or password is another")]
    [InlineData("ESIzRFVmd4iZABEiM0RVZgKn", "ESIzRFVmd4iZABEiM0RVZgKm", null)]
    [InlineData("xmldsig#hmac-sha1", "xmldsig#hmac-md5", "the MAC algorithm is not supported: allowed are HMAC-SHA1, -SHA256, -SHA384, -SHA512")]
    [InlineData("<ValueMAC>Su+NvtQfmvfJzF6bmQiJqoLRExc=\n                    </ValueMAC>", "", "the secret has no MAC (RFC 6030 §6.1.1)")]
    [InlineData("AAECAwQFBgcICQoLDA0OD+cI", "AAECAwQFBgcICQoLDA0OD", "the secret is no base64")]
    [InlineData("AAECAwQFBgcICQoLDA0OD+cIHItlB3Wra1DUpxVvOx2lef1VmNPCMl8jwZqIUqGv", "AAECAwQFBgcICQoLDA0OD+cI", "the MAC of the secret is wrong: it was changed, or the key or password is another")]
    public void An_encrypted_secret_that_was_changed_is_refused(string before, string after, string? reason)
    {
        var refused = Assert.IsType<ImportRow.Refused>(Assert.Single(Read(Rfc6030.Figure(6).Replace(before, after, StringComparison.Ordinal), Rfc)));

        if (reason is not null) Assert.Equal(reason, refused.Reason);
    }

    [Theory, InlineData(16), InlineData(24), InlineData(32)]
    public void Keys_of_every_length_open_what_they_sealed(int length)
    {
        var (key, macKey) = (RandomNumberGenerator.GetBytes(length), RandomNumberGenerator.GetBytes(32));
        var file = PskcFile.Of(PskcFile.PreShared(key, macKey), PskcFile.Package("1", PskcFile.Encrypted(key, macKey, Secret)));

        Assert.Equal(Secret, Assert.IsType<ImportRow.Read>(Assert.Single(Read(file, new PskcSecrets(key)))).Seed.Secret);
    }

    /// <summary>RFC 3394 §4.1, §4.2, §4.3.</summary>
    [Theory]
    [InlineData("kw-aes128", "000102030405060708090a0b0c0d0e0f", "1fa68b0a8112b447aef34bd8fb5a7b829d3e862371d2cfe5")]
    [InlineData("kw-aes192", "000102030405060708090a0b0c0d0e0f1011121314151617", "96778b25ae6ca435f92b5b97c050aed2468ab8a17ad84e5d")]
    [InlineData("kw-aes256", "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f", "64e8c3f9ce0f5ba263e9777905818a2a93c8191e7d6e8ae7")]
    public void A_wrapped_secret_needs_no_mac(string cipher, string key, string wrapped)
    {
        var file = PskcFile.Of("<EncryptionKey><ds:KeyName>Pre-shared-key</ds:KeyName></EncryptionKey>", PskcFile.Package("1", $"""
            <EncryptedValue><xenc:EncryptionMethod Algorithm="http://www.w3.org/2001/04/xmlenc#{cipher}"/>
            <xenc:CipherData><xenc:CipherValue>{Convert.ToBase64String(Convert.FromHexString(wrapped))}</xenc:CipherValue></xenc:CipherData></EncryptedValue>
            """));

        Assert.Equal("00112233445566778899AABBCCDDEEFF", Convert.ToHexString(Assert.IsType<ImportRow.Read>(Assert.Single(Read(file, new PskcSecrets(Convert.FromHexString(key))))).Seed.Secret));
        var other = Convert.FromHexString(key);
        other[0] ^= 1;
        Assert.Equal("the key or password does not open it", Assert.IsType<ImportRow.Refused>(Assert.Single(Read(file, new PskcSecrets(other)))).Reason);
    }

    /// <summary>What the file does not say otherwise was agreed on: the MAC's key is the encryption key.</summary>
    [Fact]
    public void Without_a_key_of_its_own_the_mac_is_made_with_the_encryption_key()
    {
        var key = RandomNumberGenerator.GetBytes(16);
        var file = PskcFile.Of("<EncryptionKey/><MACMethod Algorithm=\"http://www.w3.org/2001/04/xmldsig-more#hmac-sha256\"/>", PskcFile.Package("1", PskcFile.Encrypted(key, key, Secret)));

        Assert.Equal(Secret, Assert.IsType<ImportRow.Read>(Assert.Single(Read(file, new PskcSecrets(key)))).Seed.Secret);
    }

    /// <summary>Time-based tokens as one vendor delivers them: no suite, a clock of 60 seconds, dates.</summary>
    [Fact]
    public void A_vendors_time_based_tokens_are_read()
    {
        var file = PskcFile.Of(PskcFile.Key("2600124809778", algorithm: "totp", data: "<Time><PlainValue>0</PlainValue></Time><TimeInterval><PlainValue>60</PlainValue></TimeInterval>",
            rest: "<Policy><StartDate>2012-08-01T00:00:00Z</StartDate><ExpiryDate>2037-12-31T00:00:00Z</ExpiryDate></Policy>"));

        Assert.Equal(new OathToken(6, 60, OtpAlgorithm.Sha1, Manufacturer: "Acme"), Assert.IsType<ImportRow.Read>(Assert.Single(Read(file, None))).Seed.Oath);
    }

    /// <summary>As another does: prefixed names, a suite, a drift, eight digits, extensions.</summary>
    [Fact]
    public void Another_vendors_tokens_with_prefixed_names_and_a_suite_are_read()
    {
        const string File = """
            <p:KeyContainer Version="1.0" xmlns:p="urn:ietf:params:xml:ns:keyprov:pskc" xmlns:v="http://vendor.example/">
              <p:KeyPackage><p:DeviceInfo><p:Manufacturer>oath.Vendor</p:Manufacturer><p:SerialNo>VN-00:17/4</p:SerialNo><p:Model>C200</p:Model></p:DeviceInfo>
                <p:Key Id="urn:vendor:key:17" Algorithm="urn:ietf:params:xml:ns:keyprov:pskc:totp">
                  <p:AlgorithmParameters><p:Suite>HMAC-SHA256</p:Suite><p:ResponseFormat Length="8" Encoding="DECIMAL"/></p:AlgorithmParameters>
                  <p:Data><p:Secret><p:PlainValue><![CDATA[MTIzNDU2Nzg5MDEyMzQ1Njc4OTA=]]></p:PlainValue></p:Secret>
                    <p:TimeInterval><p:PlainValue>30</p:PlainValue></p:TimeInterval><p:TimeDrift><p:PlainValue>-4</p:PlainValue></p:TimeDrift></p:Data>
                  <p:Extensions><v:Secret><v:PlainValue>AAAA</v:PlainValue></v:Secret></p:Extensions></p:Key></p:KeyPackage>
            </p:KeyContainer>
            """;

        var seed = Assert.IsType<ImportRow.Read>(Assert.Single(Read(File, None))).Seed;

        Assert.Equal(("VN-00:17/4", "urn:vendor:key:17"), (seed.Serial, seed.KeyId));
        Assert.Equal(new OathToken(8, 30, OtpAlgorithm.Sha256, Drift: -4, Manufacturer: "oath.Vendor"), seed.Oath);
        Assert.Equal(Secret, seed.Secret);
    }

    [Fact]
    public void A_counter_goes_on_where_it_was_also_when_it_is_encrypted()
    {
        var key = RandomNumberGenerator.GetBytes(16);
        var file = PskcFile.Of(PskcFile.PreShared(key, key),
            PskcFile.Key("1", data: "<Counter><PlainValue>1234567890123</PlainValue></Counter>"),
            PskcFile.Key("2", data: $"<Counter>{PskcFile.Encrypted(key, key, [0, 0, 0, 0, 0x31, 0xf0, 0x46, 0x03])}</Counter>"));

        Assert.Equal([1_234_567_890_123, 0x31f04603], Read(file, new PskcSecrets(key)).Select(row => Assert.IsType<ImportRow.Read>(row).Seed.Oath!.FirstCounter));
    }

    [Theory]
    [InlineData("totp", "<TimeInterval><PlainValue>1</PlainValue></TimeInterval>", null, null, "TimeInterval is no number from 10 to 300")]
    [InlineData("totp", "<TimeDrift><PlainValue>soon</PlainValue></TimeDrift>", null, null, "TimeDrift is no number from -1000 to 1000")]
    [InlineData("hotp", "<Counter><PlainValue>-1</PlainValue></Counter>", null, null, "Counter is no number from 0 to 4611686018427387903")]
    [InlineData("hotp", "<Counter/>", null, null, "Counter is missing")]
    [InlineData("ocra", "", null, null, "its algorithm is not supported: allowed are HOTP and TOTP")]
    [InlineData("hotp", "", "<ResponseFormat Length=\"5\" Encoding=\"DECIMAL\"/>", null, "the length of its passcodes is no number from 6 to 10")]
    [InlineData("hotp", "", "<ResponseFormat Length=\"8\" Encoding=\"HEXADECIMAL\"/>", null, "its passcodes are no decimal digits, which is not supported")]
    [InlineData("hotp", "", "<ResponseFormat Length=\"8\" Encoding=\"DECIMAL\" CheckDigits=\"true\"/>", null, "its passcodes have a check digit, which is not supported")]
    [InlineData("totp", "", "<Suite>HMAC-MD5</Suite>", null, "its hash is not supported: allowed are SHA-1, SHA-256, SHA-512")]
    [InlineData("hotp", "", "", "<Policy><KeyUsage>CR</KeyUsage></Policy>", "its policy does not permit passcodes")]
    [InlineData("hotp", "", "", "<Policy><PINPolicy PINUsageMode=\"Append\"/></Policy>", "its passcodes are made with a PIN, which is not supported")]
    public void A_key_that_cannot_be_used_is_refused_and_stops_no_other(string algorithm, string data, string? parameters, string? rest, string reason)
    {
        var file = PskcFile.Of(PskcFile.Key("1"), PskcFile.Key("2", algorithm: algorithm, data: data, parameters: parameters ?? "", rest: rest ?? ""), PskcFile.Key("3"));

        var rows = Read(file, None);

        Assert.Equal(["1", "3"], rows.OfType<ImportRow.Read>().Select(row => row.Seed.Serial));
        Assert.Equal(("2", reason), Assert.Single(rows.OfType<ImportRow.Refused>().Select(row => (row.Serial!, row.Reason))));
        Assert.Equal(3, rows.Count);
    }

    [Theory]
    [InlineData("<PlainValue>***</PlainValue>", "the secret is no base64")]
    [InlineData("<PlainValue></PlainValue>", "the secret is missing")]
    [InlineData("", "the secret is missing")]
    [InlineData("<EncryptedValue/>", "the file does not say how it is encrypted")]
    public void A_key_without_a_usable_secret_is_refused(string secret, string reason)
        => Assert.Equal([$"1 refused: {reason}", $"2/2: 6 digits by counter, {PskcFile.Secret}"], Read(PskcFile.Of(PskcFile.Package("1", secret), PskcFile.Key("2")), None).Select(Text));

    [Fact]
    public void What_comes_before_the_break_of_a_file_is_read()
    {
        var whole = PskcFile.Of(PskcFile.Key("1"), PskcFile.Key("2"));
        var rows = Read(whole[..whole.LastIndexOf("<Data>", StringComparison.Ordinal)], None);

        Assert.Equal("1", Assert.IsType<ImportRow.Read>(rows[0]).Seed.Serial);
        Assert.IsType<ImportRow.Unreadable>(rows[1]);
        Assert.Equal(2, rows.Count);
    }

    [Theory]
    [InlineData("")]
    [InlineData("no XML")]
    [InlineData("<html/>")]
    [InlineData("<KeyContainer xmlns=\"urn:other\"/>")]
    [InlineData("<!DOCTYPE KeyContainer [<!ENTITY a \"b\">]><KeyContainer xmlns=\"urn:ietf:params:xml:ns:keyprov:pskc\"/>")]
    [InlineData("<?xml version=\"1.0\" encoding=\"klingon\"?><KeyContainer xmlns=\"urn:ietf:params:xml:ns:keyprov:pskc\"/>")]
    public void What_is_no_key_container_is_said_to_be_none(string file) => Assert.IsType<ImportRow.Unreadable>(Assert.Single(Read(file, None)));

    /// <summary>A name that was never met before, a million times.</summary>
    [Fact]
    public void Names_are_not_remembered_without_bound()
    {
        var file = PskcFile.Of(Enumerable.Range(0, 60_000).Select(number => $"<name{number}/>"));

        Assert.Contains("names", Assert.IsType<ImportRow.Unreadable>(Assert.Single(Read(file, None))).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Deriving_a_key_is_not_endless()
        => Assert.Equal(["987654321 refused: the MAC key: IterationCount is no number from 1 to 10000000"],
            Read(Rfc6030.Figure(7).Replace(">1000<", ">2147483647<", StringComparison.Ordinal), Rfc).Select(Text));

    [Fact]
    public void No_bytes_make_reading_throw() => Gen.Select(Gen.Int[2, 10], Gen.Select(Gen.Int[0, 5_000], Gen.Byte).Array[0, 6], Gen.Int[0, 6_000]).Sample((figure, changes, cut) =>
    {
        var bytes = Encoding.UTF8.GetBytes(Rfc6030.Figure(figure));
        foreach (var (at, value) in changes) bytes[at % bytes.Length] = value;
        using var file = new MemoryStream(bytes, 0, Math.Min(cut, bytes.Length));
        Assert.InRange(PskcReader.Read(file, Rfc).Count(), 0, 8);
    }, iter: 3_000);

    [Theory]
    [InlineData("12345678901234567890123456789012\n", "12345678901234567890123456789012")]
    [InlineData("12 34 56 78 90 12 34 56\r\n78 90 12 34 56 78 90 12", "12345678901234567890123456789012")]
    [InlineData("EjRWeJASNFZ4kBI0VniQEg==", "12345678901234567890123456789012")]
    [InlineData("0123456789abcdef", "30313233343536373839616263646566")]
    [InlineData("12345678", null)]
    [InlineData("", null)]
    public void A_key_file_is_hexadecimal_base64_or_the_bytes_themselves(string text, string? key)
    {
        Assert.Equal(key is not null, PskcSecrets.TryKey(Encoding.UTF8.GetBytes(text), out var read));
        Assert.Equal(key, read is null ? null : Convert.ToHexStringLower(read));
    }

    private static List<ImportRow> Read(string file, PskcSecrets secrets)
    {
        using var stream = PskcFile.Stream(file);
        return [.. PskcReader.Read(stream, secrets)];
    }

    private static string Text(ImportRow row) => row switch
    {
        ImportRow.Read { Seed: var seed } => $"{seed.Serial}/{seed.KeyId}: {seed.Oath!.Digits} digits by {(seed.Oath.IsTimeBased ? "time" : "counter")}, {Convert.ToHexStringLower(seed.Secret)}",
        ImportRow.Refused refused => $"{refused.Serial} refused: {refused.Reason}",
        ImportRow.Unreadable rest => $"unreadable: {rest.Reason}",
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}
