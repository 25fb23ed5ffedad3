using System.Net;
using Countersign.Attempts;
using Countersign.Server.RateLimits;
using Countersign.Server.Settings;
using Countersign.Settings;
using Countersign.Storage;
using Microsoft.Extensions.Configuration;

namespace Countersign.Server.Tests.Settings;

public sealed class SettingsReaderTests
{
    [Fact]
    public void What_is_not_set_keeps_its_default()
    {
        var limits = Reader().Read<AttemptLimits>(AttemptLimits.Section);

        Assert.Equal((5, TimeSpan.FromMinutes(1)), (limits.LockoutThreshold, limits.WrongWindow));
    }

    [Fact]
    public void Values_are_read_by_type()
    {
        var reader = Reader(
            ("Countersign:Attempts:LockoutThreshold", "7"), ("countersign:attempts:wrongwindow", "00:02:00"), ("Countersign:PublicUrl", "https://mfa.example.com/x/"),
            ("Countersign:TrustedProxies:0", "10.0.0.7"), ("Countersign:TrustedProxies:1", "fd00::/8"), ("Countersign:RateLimits:PerMinute:Users", "50"));
        var attempts = reader.Read<AttemptLimits>(AttemptLimits.Section);
        var server = reader.Read<ServerSettings>(ServerSettings.Section);
        var rates = reader.Read<RateLimitOptions>(RateLimitOptions.Section);
        reader.ThrowIfWrong();

        Assert.Equal((7, TimeSpan.FromMinutes(2)), (attempts.LockoutThreshold, attempts.WrongWindow));
        Assert.Equal("https://mfa.example.com/x/", server.PublicUrl?.AbsoluteUri);
        Assert.Equal([IPNetwork.Parse("10.0.0.7/32"), IPNetwork.Parse("fd00::/8")], server.TrustedProxies);
        Assert.Equal(50, rates.PerMinute["Users"]);
    }

    [Theory]
    [InlineData("Countersign:Attempts:LockoutThreshold", "0", "whole numbers from 1 to 1,000,000")]
    [InlineData("Countersign:Attempts:LockoutThreshold", "many", "whole numbers from 1 to 1,000,000")]
    [InlineData("Countersign:Attempts:LockoutThreshold", "99999999999999999999", "whole numbers from 1 to 1,000,000")]
    [InlineData("Countersign:Attempts:WrongWindow", "5", "durations from 00:00:01 to 1.00:00:00")]
    [InlineData("Countersign:Attempts:WrongWindow", "00:00:00", "durations from 00:00:01 to 1.00:00:00")]
    [InlineData("Countersign:Storage:Provider", "mysql", "allowed are 'sqlite', 'postgres'")]
    [InlineData("Countersign:PublicUrl", "mfa.example.com", "absolute http or https address")]
    [InlineData("Countersign:PublicUrl", "ftp://mfa.example.com", "absolute http or https address")]
    [InlineData("Countersign:PublicUrl", "https://mfa.example.com/?a=b", "absolute http or https address")]
    [InlineData("Countersign:TrustedProxies", "10.0.0.1", "a list: Countersign:TrustedProxies:0")]
    [InlineData("Countersign:TrustedProxies:0", "proxy.example.com", "an address")]
    [InlineData("Countersign:TrustedProxies:0", "10.0.0.0/33", "an address")]
    [InlineData("Countersign:RateLimits:PerMinute:Users", "-1", "whole numbers from 1 to 1,000,000,000")]
    public void A_wrong_value_is_named_with_its_key_and_what_is_allowed(string key, string value, string allowed)
    {
        var message = Fail((key, value));

        Assert.StartsWith($"{key}: found '{value}', ", message, StringComparison.Ordinal);
        Assert.Contains(allowed, message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_secret_is_not_repeated()
    {
        var message = Fail(("Countersign:BootstrapToken", "hunter2"));

        Assert.Equal("Countersign:BootstrapToken: found 7 characters, allowed are 20 to 500 characters", message);
    }

    [Fact]
    public void All_that_is_wrong_is_told_at_once()
        => Assert.Equal(2, Fail(("Countersign:PublicUrl", "x"), ("Countersign:Attempts:LockoutThreshold", "x")).Split(Environment.NewLine).Length);

    [Fact]
    public void Keys_that_nobody_reads_are_known()
    {
        var reader = Reader(
            ("Countersign:Atempts:LockoutThreshold", "7"), ("Countersign:Attempts:LockoutTreshold", "7"), ("Countersign:RateLimits:PerMinute:Users", "7"),
            ("Countersign:TrustedProxies:0", "10.0.0.1"), ("Unrelated:Key", "1"));
        ReadAll(reader);

        Assert.Equal(["Countersign:Atempts:LockoutThreshold", "Countersign:Attempts:LockoutTreshold"], reader.Unread());
    }

    [Fact]
    public void An_empty_value_is_no_value()
    {
        var reader = Reader(("Countersign:PublicUrl", ""), ("Countersign:Attempts:LockoutThreshold", ""));
        ReadAll(reader);
        reader.ThrowIfWrong();
    }

    private static string Fail(params (string Key, string Value)[] values)
    {
        var reader = Reader(values);
        ReadAll(reader);
        return Assert.Throws<SettingsException>(reader.ThrowIfWrong).Message;
    }

    private static void ReadAll(SettingsReader reader)
    {
        reader.Read<StorageSettings>(StorageSettings.Section);
        reader.Read<ServerSettings>(ServerSettings.Section);
        reader.Read<AttemptLimits>(AttemptLimits.Section);
        reader.Read<RateLimitOptions>(RateLimitOptions.Section);
    }

    private static SettingsReader Reader(params (string Key, string Value)[] values) => new(
        new ConfigurationBuilder().AddInMemoryCollection(values.Select(value => KeyValuePair.Create(value.Key, (string?)value.Value))).Build());
}
