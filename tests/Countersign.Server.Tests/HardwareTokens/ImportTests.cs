using System.Net;
using System.Text.Json.Nodes;
using Countersign.Server.Tests.Factors;
using Countersign.Testing;

namespace Countersign.Server.Tests.HardwareTokens;

/// <summary><c>countersign import</c> as a person runs it, beside a running server.</summary>
public sealed class ImportTests
{
    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task Keys_of_several_shapes_are_imported_enrolled_and_verified(Engine engine)
    {
        await using var app = new CountersignApp(engine);
        await app.GetAsync("/api/v1/users/me");
        SoftwareYubiKey[] keys = [new(1_001), new(1_002) { PublicId = "vvccccccevdc" }, new(1_003) { PublicId = "cbdefghijkln" }];
        var file = $"""
            LOGGING START,11/25/2013 10:05
            Yubico OTP,11/25/2013 10:05,1,{keys[0].PublicId},{keys[0].PrivateId},{keys[0].AesKey},,,0,0,0,0,0,0,0,0,0,0
            OATH-HOTP,11.12.13 18:55,1,cccccccccccc,,916821d3a138bf855e70069605559a206ba854cd,,,0,0,0,6,0,0,0,0,0,0
            1002,{keys[1].PublicId},{keys[1].PrivateId},{keys[1].AesKey},,2021-03-25T12:00:00,
            1004,ccccccccccdd,{keys[1].PrivateId},{keys[1].AesKey[..^1]},,2021-03-25T12:00:00,
            serialNumber,publicId,privateId,aesKey
            1003,{keys[2].PublicId},{keys[2].PrivateId},{keys[2].AesKey}
            """;

        var first = await app.ImportAsync("yubikey", file);
        var again = await app.ImportAsync("yubikey", file);

        Assert.Equal((1, "3 added, 0 replaced, 0 unchanged, 2 refused"), (first.ExitCode, first.Output.Trim()));
        Assert.Equal((1, "0 added, 0 replaced, 3 unchanged, 2 refused"), (again.ExitCode, again.Output.Trim()));
        Assert.Equal(["line 3, no serial number: refused: it is no configuration for Yubico OTP", "line 5, token 1004: refused: the AES key is malformed: allowed are 32 hexadecimal digits"],
            first.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Trim()));
        foreach (var (key, number) in keys.Select((key, number) => (key, number)))
        {
            var user = await app.AddUserAsync($"user{number}@example.com", password: null);
            var enrolled = await app.EnrollYubiKeyAsync(user, key.Touch());
            Assert.Equal(key.PaddedSerial, (string?)enrolled.Json["profile"]?["credentialId"]);
            Assert.Equal("SUCCESS", (await app.VerifyAsync(user, enrolled.Id, key.Touch())).FactorResult);
        }
        Assert.Contains("YubiKey CSV: 3 added, 0 replaced", (await app.GetAsync("/api/v1/logs?q=hardware_token.import")).Text, StringComparison.Ordinal);
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task Tokens_of_the_specifications_files_are_imported_and_their_passcodes_verify(Engine engine)
    {
        await using var app = new CountersignApp(engine);
        await app.GetAsync("/api/v1/users/me");
        var (keyFile, passwordFile) = (await app.FileAsync(Rfc6030.PreSharedKey + "\n"), await app.FileAsync(Rfc6030.Password + "\n"));

        var plain = await app.ImportAsync("pskc", Rfc6030.Figure(3));
        var shared = await app.ImportAsync("pskc", Rfc6030.Figure(6), "--key-file", keyFile);
        var password = await app.ImportAsync("pskc", Rfc6030.Figure(7), "--password-file", passwordFile);
        var locked = await app.ImportAsync("pskc", Rfc6030.Figure(7));
        var bulk = await app.ImportAsync("pskc", Rfc6030.Figure(10));
        var shortSecret = await app.ImportAsync("pskc", Rfc6030.Figure(2));

        Assert.Equal([0, 0, 0, 1, 0, 0], new[] { plain, shared, password, locked, bulk, shortSecret }.Select(run => run.ExitCode));
        Assert.Equal("0 added, 0 replaced, 1 unchanged, 0 refused", shared.Output.Trim());   // the same token, another way
        Assert.Contains("none was given", locked.Errors, StringComparison.Ordinal);
        Assert.Contains("shorter than the 128 bits", shortSecret.Errors, StringComparison.Ordinal);
        var user = await app.AddUserAsync("ana@example.com", password: null);
        Assert.Equal("E0000001", (await app.EnrollOathAsync(user, "987654321")).ErrorCode);   // there are two with this number
        var enrolled = await app.EnrollOathAsync(user, "987654321", keyId: "12345678");
        var passcodes = await Oathtool.HotpAsync(PskcFile.Secret, 0, 2, digits: 8);
        Assert.Equal(("ACTIVE", "Manufacturer", "987654321"), ((string?)enrolled.Json["status"], (string?)enrolled.Json["vendorName"], (string?)enrolled.Json["profile"]!["serialNumber"]));
        Assert.Equal("SUCCESS", (await app.VerifyAsync(user, enrolled.Id, passcodes[0])).FactorResult);
        Assert.Equal("E0000082", (await app.VerifyAsync(user, enrolled.Id, passcodes[0])).ErrorCode);
        // All the examples share one secret, and a secret is one user's.
        Assert.Equal("E0000001", (await app.EnrollOathAsync(await app.AddUserAsync("ben@example.com", password: null), "654321")).ErrorCode);
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task A_tokens_passcodes_stay_used_when_it_is_given_to_somebody_else(Engine engine)
    {
        await using var app = new CountersignApp(engine);
        await app.GetAsync("/api/v1/users/me");
        var (ana, ben) = (await app.AddUserAsync("ana@example.com", password: null), await app.AddUserAsync("ben@example.com", password: null));
        var file = PskcFile.Of(PskcFile.Key("T-1", data: "<Counter><PlainValue>100</PlainValue></Counter>"));
        await app.ImportAsync("pskc", file);
        var passcodes = await Oathtool.HotpAsync(PskcFile.Secret, 99, 8);

        var first = (await app.EnrollOathAsync(ana, "T-1")).Id;
        var tooEarly = await app.VerifyAsync(ana, first, passcodes[0]);
        var right = await app.VerifyAsync(ana, first, passcodes[3]);
        var token = Assert.Single((await app.GetAsync(TokenClient.OathTokens)).Json.AsArray())!;
        var inUse = await app.DeleteAsync($"{TokenClient.OathTokens}/{token["id"]}");
        await app.DeleteAsync($"/api/v1/users/{ana}/factors/{first}");
        var removed = await app.DeleteAsync($"{TokenClient.OathTokens}/{token["id"]}");
        var again = await app.ImportAsync("pskc", file);
        var second = (await app.EnrollOathAsync(ben, "T-1")).Id;

        Assert.Equal(("E0000082", "SUCCESS"), (tooEarly.ErrorCode, right.FactorResult));
        Assert.Equal((ana, first, "T-1", "Acme", "ACTIVE", 6, false), ((string?)token["userId"], (string?)token["factorId"], (string?)token["serialNumber"], (string?)token["manufacturer"],
            (string?)token["status"], (int)token["otpLength"]!, (bool)token["timeBased"]!));
        Assert.Equal(("E0000102", HttpStatusCode.NoContent, "1 added, 0 replaced, 0 unchanged, 0 refused"), (inUse.ErrorCode, removed.Status, again.Output.Trim()));
        Assert.Equal(["E0000082", "E0000082", null], new[] { await app.VerifyAsync(ben, second, passcodes[3]), await app.VerifyAsync(ben, second, passcodes[1]), await app.VerifyAsync(ben, second, passcodes[4]) }.Select(answer => answer.ErrorCode));
    }

    [Fact]
    public async Task A_time_based_token_computes_as_its_file_says_and_a_profile_must_agree()
    {
        await using var app = new CountersignApp();
        await app.GetAsync("/api/v1/users/me");
        var user = await app.AddUserAsync("ana@example.com", password: null);
        await app.ImportAsync("pskc", PskcFile.Of(PskcFile.Key("T-60", algorithm: "totp", data: "<TimeInterval><PlainValue>60</PlainValue></TimeInterval>",
            parameters: "<Suite>HMAC-SHA256</Suite><ResponseFormat Length=\"8\" Encoding=\"DECIMAL\"/>")));
        var unlike = await app.PostAsync(FactorClient.Profiles, new JsonObject { ["name"] = "Six digits" });
        var alike = await app.PostAsync(FactorClient.Profiles, new JsonObject
        {
            ["name"] = "Cards",
            ["settings"] = new JsonObject { ["otpLength"] = 8, ["timeStep"] = 60, ["hmacAlgorithm"] = "HMacSHA256", ["acceptableAdjacentIntervals"] = 5 },
        });

        var refused = await app.EnrollOathAsync(user, "T-60", profileId: unlike.Id);
        var unknown = await app.EnrollOathAsync(user, "T-61");
        var enrolled = await app.EnrollOathAsync(user, "T-60", profileId: alike.Id);
        var passcodes = await Oathtool.TotpAsync("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", app.Clock.GetUtcNow().AddMinutes(-5), 6, digits: 8, secondsPerStep: 60, algorithm: "sha256");

        Assert.Equal(("E0000001", "E0000001", "Cards"), (refused.ErrorCode, unknown.ErrorCode, (string?)enrolled.Json["vendorName"]));
        Assert.Equal("SUCCESS", (await app.VerifyAsync(user, enrolled.Id, passcodes[0])).FactorResult);
        Assert.Equal("SUCCESS", (await app.VerifyAsync(user, enrolled.Id, passcodes[5])).FactorResult);
        Assert.Equal("E0000082", (await app.VerifyAsync(user, enrolled.Id, passcodes[5])).ErrorCode);
    }

    [Fact]
    public async Task A_broken_entry_stops_nothing_else_and_a_broken_file_is_told_apart()
    {
        await using var app = new CountersignApp();
        await app.GetAsync("/api/v1/users/me");
        var many = Enumerable.Range(1, 250).Select(number => PskcFile.Key($"N{number}", secret: $"{number:x40}", algorithm: number % 100 == 0 ? "ocra" : "hotp")).ToList();

        var mixed = await app.ImportAsync("pskc", PskcFile.Of(many));
        var cut = await app.ImportAsync("pskc", PskcFile.Of([.. many, PskcFile.Key("N251")])[..^100]);
        var missing = await CountersignCommand.RunAsync(app.Store, "import", "pskc", Path.Combine(app.Store.Directory, "missing.xml"));
        var noKey = await app.ImportAsync("pskc", PskcFile.Of(many), "--key-file", await app.FileAsync("short"));

        Assert.Equal((1, "248 added, 0 replaced, 0 unchanged, 2 refused"), (mixed.ExitCode, mixed.Output.Trim()));
        Assert.Equal((2, "0 added, 0 replaced, 248 unchanged, 2 refused"), (cut.ExitCode, cut.Output.Trim()));
        Assert.Contains("cannot be read from here on", cut.Errors, StringComparison.Ordinal);
        Assert.Equal([2, 2], new[] { missing, noKey }.Select(run => run.ExitCode));
        Assert.All(new[] { mixed, cut, missing, noKey }, run => Assert.DoesNotContain("   at ", run.Errors + run.Output, StringComparison.Ordinal));
        Assert.Equal(200, (await app.GetAsync(TokenClient.OathTokens)).Json.AsArray().Count);
    }
}
