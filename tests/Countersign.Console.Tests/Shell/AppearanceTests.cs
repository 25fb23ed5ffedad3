using Bunit;
using Countersign.Console.Shell;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.Console.Tests.Shell;

public sealed class AppearanceTests : ConsoleTest
{
    private const string Key = "countersign.appearance";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_system_decides_until_the_person_does(bool systemIsDark)
    {
        JSInterop.Setup<bool>("countersign.systemIsDark").SetResult(systemIsDark);
        var appearance = Services.GetRequiredService<Appearance>();
        Assert.Equal(systemIsDark, appearance.IsDark);

        appearance.Follow(!systemIsDark);

        Assert.Equal(!systemIsDark, appearance.IsDark);
    }

    [Fact]
    public void A_choice_outweighs_the_system_and_is_remembered()
    {
        var appearance = Services.GetRequiredService<Appearance>();

        appearance.Choose("dark");
        appearance.Follow(systemIsDark: false);

        Assert.True(appearance.IsDark);
        Assert.Equal([Key, "dark"], Assert.Single(JSInterop.Invocations["localStorage.setItem"]).Arguments);
    }

    [Fact]
    public void A_remembered_choice_holds_from_the_start()
    {
        JSInterop.Setup<string?>("localStorage.getItem", Key).SetResult("dark");

        Assert.True(Services.GetRequiredService<Appearance>().IsDark);
    }

    [Fact]
    public void A_choice_can_be_taken_back()
    {
        JSInterop.Setup<string?>("localStorage.getItem", Key).SetResult("dark");
        var appearance = Services.GetRequiredService<Appearance>();

        appearance.Choose(null);

        Assert.False(appearance.IsDark);
        Assert.Single(JSInterop.Invocations["localStorage.removeItem"]);
    }
}
