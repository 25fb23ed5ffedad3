using Countersign.Server.Settings;
using Countersign.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.Server.Tests.Delivery;

public sealed class DeliverySettingsTests
{
    [Fact]
    public async Task A_production_environment_does_not_start_without_anybody_who_sends()
    {
        using var store = new TestStore(Engine.Sqlite);
        using var server = CountersignProcess.Start(store, new KeyValuePair<string, string>("Countersign:Delivery:OutboxOnly", ""));

        Assert.Equal(78, await server.WaitAsync());
        Assert.Contains("Countersign:Delivery:OutboxOnly", await server.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Countersign:Delivery:Providers:mail:Type", "pigeon", "Countersign:Delivery:Providers:mail:Type: found 'pigeon', allowed are 'smtp', 'twilio', 'webhook', 'smpp'")]
    [InlineData("Countersign:Delivery:Providers:mail:Order", "3", "Countersign:Delivery:Providers:mail:Type: found nothing")]
    [InlineData("Countersign:Delivery:Providers:a.b:Type", "smtp", "Countersign:Delivery:Providers:a.b: found a provider called 'a.b'")]
    [InlineData("Countersign:Delivery:Providers:mail:Type", "smtp", "Countersign:Delivery:Providers:mail: Host")]
    [InlineData("Countersign:Delivery:Providers:sms:Type", "twilio", "Countersign:Delivery:Providers:sms: AccountSid")]
    [InlineData("Countersign:Delivery:Providers:sms:Type", "webhook", "Countersign:Delivery:Providers:sms: Url")]
    [InlineData("Countersign:Delivery:Providers:sms:Type", "smpp", "Countersign:Delivery:Providers:sms: Host")]
    [InlineData("Countersign:Delivery:Concurrency", "0", "Countersign:Delivery:Concurrency: found '0'")]
    [InlineData("Countersign:Push:WebPush:Services:0", "10.0.0.7", "Countersign:Push:WebPush:Services:0: found '10.0.0.7'")]
    [InlineData("Countersign:Push:WebPush:Contact", "somebody", "Countersign:Push:WebPush:Contact: found 'somebody'")]
    [InlineData("Countersign:SendLimits:DeniedTypes:0", "MOBILE", "Countersign:SendLimits:DeniedTypes:0: found 'MOBILE'")]
    public async Task What_is_wrong_with_delivery_is_told_at_the_start(string key, string value, string told)
    {
        using var store = new TestStore(Engine.Sqlite);
        using var server = CountersignProcess.Start(store, new KeyValuePair<string, string>(key, value));

        Assert.Equal(78, await server.WaitAsync());
        Assert.Contains(told, await server.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_page_on_configuration_names_every_setting_of_every_type_of_provider()
    {
        var page = await File.ReadAllTextAsync(Path.Combine(Repository.Path, "docs", "configuration.md"));
        await using var app = new CountersignApp(Engine.Sqlite, ((string[])["smtp", "twilio", "webhook", "smpp"])
            .SelectMany(type => Setting(type)).Append(new("Countersign:Delivery:OutboxOnly", "true")).ToArray());

        var keys = app.Services.GetRequiredService<SettingsReader>().Keys.Where(key => key.StartsWith("Countersign:Delivery:Providers:", StringComparison.Ordinal)).Select(key => key.Split(':')).ToList();

        Assert.True(keys.Count > 40, $"{keys.Count} keys");
        Assert.Contains("`Countersign:Delivery:Providers:{name}:…`", page, StringComparison.Ordinal);
        Assert.DoesNotContain(keys, key => !page.Contains($"`{key[4]}`", StringComparison.Ordinal));
    }

    private static IEnumerable<KeyValuePair<string, string>> Setting(string type) =>
    [
        new($"Countersign:Delivery:Providers:{type}:Type", type), new($"Countersign:Delivery:Providers:{type}:Host", "localhost"), new($"Countersign:Delivery:Providers:{type}:From", type == "smtp" ? "mfa@example.com" : "Example"),
        new($"Countersign:Delivery:Providers:{type}:Url", "https://messages.example.com/"), new($"Countersign:Delivery:Providers:{type}:Secret", "whsec_Y291bnRlcnNpZ24tdGVzdHMtc2VjcmV0LW9mLTMyLWI="),
        new($"Countersign:Delivery:Providers:{type}:AccountSid", "AC0123456789abcdef0123456789abcdef"), new($"Countersign:Delivery:Providers:{type}:AuthToken", "token"),
    ];
}
