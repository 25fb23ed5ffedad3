using Countersign.Testing;
using Countersign.Testing.Duo;

namespace Countersign.Server.Tests.Factors;

public sealed class DuoSettingsTests
{
    [Theory]
    [InlineData("Mode", "iframe", "Countersign:Duo:Mode: found 'iframe', allowed are 'prompt', 'push'")]
    [InlineData("ClientId", "", "Countersign:Duo:ClientId: found nothing, but it is needed")]
    [InlineData("ClientSecret", "", "Countersign:Duo:ClientSecret: found nothing, but it is needed")]
    [InlineData("RedirectUri", "", "Countersign:Duo:RedirectUri: found nothing, and no Countersign:PublicUrl, but it is needed")]
    [InlineData("RedirectUri", "https://mfa.example.com/?a=b", "Countersign:Duo:RedirectUri: found 'https://mfa.example.com/?a=b', allowed is")]
    [InlineData("Mode", "push", "Countersign:Duo:IntegrationKey: found nothing, but it is needed")]
    [InlineData("Mode", "push", "Countersign:Duo:SecretKey: found nothing, but it is needed")]
    public async Task What_is_missing_or_wrong_is_told_at_the_start(string key, string value, string told)
    {
        using var store = new TestStore(Engine.Sqlite);
        var settings = new Dictionary<string, string>
        {
            ["Countersign:Duo:Host"] = DuoCounterpart.Host,
            ["Countersign:Duo:ClientId"] = DuoCounterpart.ClientId,
            ["Countersign:Duo:ClientSecret"] = DuoCounterpart.ClientSecret,
            ["Countersign:Duo:RedirectUri"] = "https://app.example.com/after-duo",
            [$"Countersign:Duo:{key}"] = value,
        };

        using var server = CountersignProcess.Start(store, [.. settings]);

        Assert.Equal(78, await server.WaitAsync());
        Assert.Contains(told, await server.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain(DuoCounterpart.ClientSecret, await server.Errors, StringComparison.Ordinal);
    }
}
