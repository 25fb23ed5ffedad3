using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Countersign.Server.Settings;
using Countersign.Settings;
using Countersign.Testing;
using Countersign.Testing.BackEnds;
using Microsoft.Extensions.Configuration;

namespace Countersign.Server.Tests.Factors;

/// <summary>Tokens from the API to FreeRADIUS and to the VIP service, as the settings say.</summary>
public sealed class BackEndEndToEndTests
{
    [Theory]
    [InlineData(Engine.Sqlite, false)]
    [InlineData(Engine.Postgres, false)]
    [InlineData(Engine.Sqlite, true)]
    public async Task An_RSA_token_is_enrolled_and_verified_over_RADIUS(Engine engine, bool tls)
    {
        await using var server = await FreeRadius.StartAsync();
        await using var app = new CountersignApp(engine, Servers("Rsa", server, tls));

        var wrong = await app.EnrollAsync(Token("RSA", FreeRadius.Ines, "000000000000"));
        var enrolled = await app.EnrollAsync(Token("RSA", FreeRadius.Ines, FreeRadius.Passcode));
        var again = await app.VerifyAsync(enrolled.Id, FreeRadius.Passcode);
        var verified = await app.VerifyAsync(enrolled.Id, "123400000001");
        var refused = await app.VerifyAsync(enrolled.Id, "432100000001");

        Assert.Equal(("E0000068", "ACTIVE", "E0000082"), (wrong.ErrorCode, (string?)enrolled.Json["status"], again.ErrorCode));
        Assert.Equal(("SUCCESS", "E0000068"), (verified.FactorResult, refused.ErrorCode));
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task A_challenge_is_continued_on_another_node(Engine engine)
    {
        await using var server = await FreeRadius.StartAsync();
        using var store = new TestStore(engine);
        Answer asked, pending;
        await using (var one = new CountersignApp(store, Servers("Rsa", server)))
        {
            asked = await one.EnrollAsync(Token("RSA", FreeRadius.Next, "123400000000"));
            pending = await one.GetAsync(FactorClient.Factors);
        }
        await using var other = new CountersignApp(store, Servers("Rsa", server));
        var factor = (string)pending.Json[0]!["id"]!;

        var active = await other.ActivateAsync(factor, FreeRadius.Passcode);

        Assert.Equal((HttpStatusCode.Conflict, "E0000113", FreeRadius.Prompt), (asked.Status, asked.ErrorCode, asked.Cause));
        Assert.Equal((factor, "ACTIVE"), (active.Id, (string?)active.Json["status"]));
    }

    [Fact]
    public async Task A_Symantec_credential_is_enrolled_over_RADIUS_with_two_codes_that_are_right()
    {
        await using var server = await FreeRadius.StartAsync();
        await using var app = new CountersignApp(Engine.Sqlite, Servers("Symantec", server));

        var wrong = await app.EnrollAsync(Token("SYMANTEC", FreeRadius.Ines, "123400000000", "000000000000"));
        var enrolled = await app.EnrollAsync(Token("SYMANTEC", FreeRadius.Ines, "123400000001", "123400000002"));
        var unavailable = await app.EnrollAsync(Token("RSA", FreeRadius.Ines, FreeRadius.Passcode));

        Assert.Equal(("E0000068", "ACTIVE", "Factor not enabled."), (wrong.ErrorCode, (string?)enrolled.Json["status"], unavailable.Cause));
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task A_Symantec_credential_is_enrolled_and_verified_by_the_VIP_service(Engine engine)
    {
        await using var service = new VipCounterpart();
        await using var app = new CountersignApp(engine,
            new("Countersign:Symantec:Vip:Url", service.Url.ToString()), new("Countersign:Symantec:Vip:CaFile", service.Authority.CertificateFile),
            new("Countersign:Symantec:Vip:CertificateFile", service.ClientCertificate("pfx-password")), new("Countersign:Symantec:Vip:CertificatePassword", "pfx-password"));

        var apart = await app.EnrollAsync(Token("SYMANTEC", VipCounterpart.CredentialId, VipCounterpart.Code(40), VipCounterpart.Code(42)));
        var enrolled = await app.EnrollAsync(Token("SYMANTEC", VipCounterpart.CredentialId, VipCounterpart.Code(40), VipCounterpart.Code(41)));
        var verified = await app.VerifyAsync(enrolled.Id, VipCounterpart.Code(43));
        var old = await app.VerifyAsync(enrolled.Id, VipCounterpart.Code(42));
        var ahead = await app.VerifyAsync(enrolled.Id, VipCounterpart.Code(143));
        var continued = await app.VerifyAsync(enrolled.Id, VipCounterpart.Code(144));
        service.StateReason = "4879";
        var unavailable = await app.VerifyAsync(enrolled.Id, VipCounterpart.Code(145));

        Assert.Equal(("E0000068", "ACTIVE", "SUCCESS"), (apart.ErrorCode, (string?)enrolled.Json["status"], verified.FactorResult));
        Assert.Equal(("E0000068", "E0000113", "SUCCESS", "E0000074"), (old.ErrorCode, ahead.ErrorCode, continued.FactorResult, unavailable.ErrorCode));
        Assert.Empty(service.Faults);
    }

    [Theory]
    [InlineData("Countersign:Rsa:Radius:Servers:1:Secret: found nothing; over UDP a server needs one", "Countersign:Rsa:Radius:Servers:1:Host", "192.0.2.1")]
    [InlineData("Countersign:Rsa:Radius:Servers:1:Host: found nothing, allowed are 1 to 255 characters", "Countersign:Rsa:Radius:Servers:1:Secret", "a-secret")]
    [InlineData("Countersign:Rsa:Radius:Servers:1:Secret: found 3 characters, allowed are 6 to 128 characters", "Countersign:Rsa:Radius:Servers:1:Secret", "abc")]
    [InlineData("Countersign:Symantec:Radius:Servers: found a server called 'a b', allowed are up to 50 letters, digits, '-' and '_'", "Countersign:Symantec:Radius:Servers:a b:Host", "192.0.2.1")]
    [InlineData("Countersign:Symantec:Vip:CertificateFile: found beside Countersign:Symantec:Radius:Servers; allowed is one of the two",
        "Countersign:Symantec:Radius:Servers:1:Host", "192.0.2.1", "Countersign:Symantec:Vip:CertificateFile", "vip.pfx")]
    public void What_cannot_work_is_told_at_the_start(string fault, params string[] settings)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings.Chunk(2).Select(pair => new KeyValuePair<string, string?>(pair[0], pair[1]))).Build();
        var reader = new SettingsReader(configuration);

        Countersign.Server.Delivery.ConfiguredBackEnds.Read(reader);

        Assert.Contains(fault, Assert.Throws<SettingsException>(reader.ThrowIfWrong).Message.Split(Environment.NewLine));
    }

    private static KeyValuePair<string, string>[] Servers(string kind, FreeRadius server, bool tls = false)
    {
        var section = $"Countersign:{kind}:Radius:Servers:main";
        List<KeyValuePair<string, string>> settings =
        [
            new($"{section}:Host", "127.0.0.1"),
            new($"{section}:Port", (tls ? server.TlsPort : server.Port).ToString(CultureInfo.InvariantCulture)),
        ];
        if (!tls) return [.. settings, new($"{section}:Secret", FreeRadius.Secret)];
        return
        [
            .. settings, new($"{section}:Tls", "true"), new($"{section}:TlsHost", "localhost"), new($"{section}:CaFile", server.Authority.CertificateFile),
            new($"{section}:CertificateFile", server.ClientCertificate()),
        ];
    }

    private static JsonObject Token(string provider, string credentialId, string passCode, string? next = null)
    {
        var verify = new JsonObject { ["passCode"] = passCode };
        if (next is not null) verify["nextPassCode"] = next;
        return new JsonObject
        {
            ["factorType"] = "token",
            ["provider"] = provider,
            ["profile"] = new JsonObject { ["credentialId"] = credentialId },
            ["verify"] = verify,
        };
    }
}
