using System.Net;
using System.Text.Json.Nodes;
using Countersign.Factors.Otp;
using Countersign.Testing;

namespace Countersign.Server.Tests.Factors;

public sealed class HotpTests
{
    private const string Secret = "3132333435363738393031323334353637383930";   // RFC 4226 appendix D
    private static readonly JsonObject Counting = new() { ["timeBased"] = false, ["encoding"] = "hexadecimal", ["acceptableAdjacentIntervals"] = 3 };

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task A_counter_moves_forward_only(Engine engine)
    {
        await using var app = new CountersignApp(engine);
        var factor = (await app.EnrollHotpAsync((JsonObject)Counting.DeepClone(), Secret)).Id;

        var answers = new List<string?>();
        foreach (var counter in new[] { 0, 0, 2, 1, 6, 11 })
        {
            var answer = await app.VerifyAsync(factor, Passcode(counter));
            answers.Add(answer.ErrorCode ?? answer.FactorResult);
        }

        // 6 is the last that a look-ahead of 3 reaches from 3; 11 lies beyond it.
        Assert.Equal(["SUCCESS", "E0000082", "SUCCESS", "E0000082", "SUCCESS", "E0000068"], answers);
    }

    [Fact]
    public async Task Two_consecutive_passcodes_resynchronize_a_token_that_ran_ahead()
    {
        await using var app = new CountersignApp();
        var factor = (await app.EnrollHotpAsync((JsonObject)Counting.DeepClone(), Secret)).Id;

        var alone = await app.VerifyAsync(factor, Passcode(500));
        var apart = await app.VerifyAsync(factor, Passcode(500), Passcode(502));
        var both = await app.VerifyAsync(factor, Passcode(500), Passcode(501));
        var again = await app.VerifyAsync(factor, Passcode(501));
        var next = await app.VerifyAsync(factor, Passcode(502));

        Assert.Equal(("E0000068", "E0000068"), (alone.ErrorCode, apart.ErrorCode));
        Assert.Equal(("SUCCESS", "E0000082", "SUCCESS"), (both.FactorResult, again.ErrorCode, next.FactorResult));
    }

    [Fact]
    public async Task A_counters_passcodes_stay_used_when_its_secret_is_enrolled_again()
    {
        await using var app = new CountersignApp();
        var factor = (await app.EnrollHotpAsync((JsonObject)Counting.DeepClone(), Secret)).Id;
        await app.VerifyAsync(factor, Passcode(0));
        await app.DeleteAsync($"{FactorClient.Factors}/{factor}");
        app.Clock.Advance(TimeSpan.FromDays(20));

        var again = (await app.EnrollHotpAsync((JsonObject)Counting.DeepClone(), Secret)).Id;

        Assert.Equal("E0000082", (await app.VerifyAsync(again, Passcode(0))).ErrorCode);
        Assert.Equal("SUCCESS", (await app.VerifyAsync(again, Passcode(1))).FactorResult);
    }

    [Theory]
    [InlineData("HMacSHA1", OtpAlgorithm.Sha1, 6, 15)]
    [InlineData("HMacSHA256", OtpAlgorithm.Sha256, 8, 30)]
    [InlineData("HMacSHA512", OtpAlgorithm.Sha512, 10, 60)]
    public async Task A_profile_says_how_passcodes_are_computed(string name, OtpAlgorithm algorithm, int digits, int timeStep)
    {
        await using var app = new CountersignApp();
        var enrolled = await app.EnrollHotpAsync(new JsonObject
        {
            ["timeBased"] = true,
            ["encoding"] = "base32",
            ["hmacAlgorithm"] = name,
            ["otpLength"] = digits,
            ["timeStep"] = timeStep,
            ["acceptableAdjacentIntervals"] = 3,
        }, "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");

        var early = await app.VerifyAsync(enrolled.Id, app.Totp("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", -3, digits, timeStep, algorithm));
        var late = await app.VerifyAsync(enrolled.Id, app.Totp("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", 3, digits, timeStep, algorithm));

        Assert.Equal(("ACTIVE", "Door tokens"), ((string?)enrolled.Json["status"], (string?)enrolled.Json["vendorName"]));
        Assert.Null(enrolled.Json["profile"]);
        Assert.Equal(("SUCCESS", "SUCCESS"), (early.FactorResult, late.FactorResult));
    }

    [Fact]
    public async Task It_is_enrolled_active_or_not_at_all()
    {
        await using var app = new CountersignApp();
        var profile = await app.PostAsync(FactorClient.Profiles, new JsonObject { ["name"] = "Door tokens" });
        var body = new JsonObject
        {
            ["factorType"] = "token:hotp",
            ["provider"] = "CUSTOM",
            ["factorProfileId"] = profile.Id,
            ["profile"] = new JsonObject { ["sharedSecret"] = "GEZDGNBVGY3TQOJQ" },
        };

        var pending = await app.EnrollAsync((JsonObject)body.DeepClone());
        body["factorProfileId"] = "fprunknown0000000000";
        var unknown = await app.EnrollAsync(body, "?activate=true");

        Assert.Equal("E0000001", pending.ErrorCode);
        Assert.Equal((HttpStatusCode.NotFound, "E0000007"), (unknown.Status, unknown.ErrorCode));
    }

    [Theory]
    [InlineData("otpLength", 7)]
    [InlineData("timeStep", 31)]
    [InlineData("acceptableAdjacentIntervals", 0)]
    public async Task A_profile_with_a_setting_that_the_contract_lacks_is_refused(string setting, int value)
    {
        await using var app = new CountersignApp();

        var refused = await app.PostAsync(FactorClient.Profiles, new JsonObject { ["name"] = "Bad", ["settings"] = new JsonObject { [setting] = value } });

        Assert.Equal((HttpStatusCode.BadRequest, "E0000001"), (refused.Status, refused.ErrorCode));
        Assert.Equal("[]", (await app.GetAsync(FactorClient.Profiles)).Text);
    }

    [Fact]
    public async Task A_profile_is_renamed_and_never_deleted()
    {
        await using var app = new CountersignApp();
        var profile = await app.PostAsync(FactorClient.Profiles, new JsonObject { ["name"] = "Old" });

        var renamed = await app.PutAsync($"{FactorClient.Profiles}/{profile.Id}", new JsonObject { ["name"] = "New", ["settings"] = new JsonObject { ["otpLength"] = 8 } });
        var deleted = await app.DeleteAsync($"{FactorClient.Profiles}/{profile.Id}");

        Assert.Equal(("New", 6), ((string?)renamed.Json["name"], (int)renamed.Json["settings"]!["otpLength"]!));
        Assert.Equal((HttpStatusCode.NotImplemented, "E0000060"), (deleted.Status, deleted.ErrorCode));
    }

    private static string Passcode(long counter)
    {
        using var generator = new OtpGenerator(Convert.FromHexString(Secret), 6, OtpAlgorithm.Sha1);
        return generator.Passcode(counter);
    }
}
