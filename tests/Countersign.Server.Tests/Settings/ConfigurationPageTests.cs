using Countersign.Server.Settings;
using Countersign.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.Server.Tests.Settings;

public sealed class ConfigurationPageTests
{
    [Fact]
    public async Task The_page_on_configuration_names_every_setting()
    {
        await using var app = new CountersignApp();
        var page = await File.ReadAllTextAsync(Path.Combine(Repository.Path, "docs", "configuration.md"));

        Assert.DoesNotContain(app.Services.GetRequiredService<SettingsReader>().Keys, key => !page.Contains($"`{key}", StringComparison.Ordinal));
    }
}
