using System.Text.Json.Nodes;
using Countersign.Testing;

namespace Countersign.Server.Tests.Factors;

/// <summary>Factors enrolled in an authenticator that is not ours.</summary>
public sealed class AuthenticatorTests
{
    private const string Hexadecimal = "3132333435363738393031323334353637383930", InBase32 = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

    [Theory, InlineData("OKTA"), InlineData("GOOGLE")]
    public async Task An_authenticator_that_was_given_the_shared_secret_activates_and_verifies(string provider)
    {
        await using var app = new CountersignApp();
        var enrolled = await app.EnrollTotpAsync(provider);
        var codes = await Oathtool.TotpAsync((string)enrolled.Json["_embedded"]!["activation"]!["sharedSecret"]!, app.Clock.GetUtcNow(), count: 21);

        Assert.Equal("ACTIVE", (string?)(await app.ActivateAsync(enrolled.Id, codes[0])).Json["status"]);
        for (var step = 1; step <= 20; step++)
        {
            app.Clock.Advance(TimeSpan.FromSeconds(30));
            Assert.Equal("SUCCESS", (await app.VerifyAsync(enrolled.Id, codes[step])).FactorResult);
            Assert.Equal("E0000082", (await app.VerifyAsync(enrolled.Id, codes[step - 1])).ErrorCode);
        }
    }

    [Theory]
    [InlineData("HMacSHA1", "sha1", 6, 30)]
    [InlineData("HMacSHA256", "sha256", 8, 60)]
    [InlineData("HMacSHA512", "sha512", 8, 15)]
    public async Task A_hardware_token_by_time_verifies(string name, string algorithm, int digits, int timeStep)
    {
        await using var app = new CountersignApp();
        var settings = new JsonObject { ["encoding"] = "base32", ["hmacAlgorithm"] = name, ["otpLength"] = digits, ["timeStep"] = timeStep, ["acceptableAdjacentIntervals"] = 3 };
        var factor = (await app.EnrollHotpAsync(settings, InBase32)).Id;

        foreach (var code in await Oathtool.TotpAsync(InBase32, app.Clock.GetUtcNow(), count: 5, digits, timeStep, algorithm))
        {
            Assert.Equal("SUCCESS", (await app.VerifyAsync(factor, code)).FactorResult);
            app.Clock.Advance(TimeSpan.FromSeconds(timeStep));
        }
    }

    [Theory, InlineData(6), InlineData(8)]
    public async Task A_hardware_token_by_counter_verifies_runs_ahead_and_is_resynchronized(int digits)
    {
        await using var app = new CountersignApp();
        var settings = new JsonObject { ["timeBased"] = false, ["encoding"] = "hexadecimal", ["otpLength"] = digits, ["acceptableAdjacentIntervals"] = 3 };
        var factor = (await app.EnrollHotpAsync(settings, Hexadecimal)).Id;
        var first = await Oathtool.HotpAsync(Hexadecimal, counter: 0, count: 10, digits);
        var ahead = await Oathtool.HotpAsync(Hexadecimal, counter: 900, count: 3, digits);

        foreach (var code in first) Assert.Equal("SUCCESS", (await app.VerifyAsync(factor, code)).FactorResult);
        Assert.Equal("E0000068", (await app.VerifyAsync(factor, ahead[0])).ErrorCode);
        Assert.Equal("SUCCESS", (await app.VerifyAsync(factor, ahead[0], ahead[1])).FactorResult);
        Assert.Equal("SUCCESS", (await app.VerifyAsync(factor, ahead[2])).FactorResult);
    }
}
