using Countersign.Testing;

namespace Countersign.Server.Tests.Settings;

public sealed class StartupFailureTests
{
    public static TheoryData<string, string, string> Mistakes => new()
    {
        { "Countersign:Attempts:LockoutThreshold", "many", "Countersign:Attempts:LockoutThreshold: found 'many', allowed are whole numbers from 1 to 1,000,000" },
        { "Countersign:Storage:Provider", "postgres", "ConnectionStrings:Countersign: found nothing, allowed is a PostgreSQL connection string" },
        { "Countersign:DataDirectory", "/dev/null/data", "Countersign:DataDirectory: found '/dev/null/data', which cannot be made a directory" },
        { "Countersign:MasterKey", new string('!', 44), "Countersign:MasterKey: found 44 characters, allowed are 32 bytes in base64" },
        { "Kestrel:Endpoints:Here:Url", "nowhere", "urls: " },
    };

    [Theory, MemberData(nameof(Mistakes))]
    public async Task A_wrong_setting_ends_the_process_with_one_line(string key, string value, string said)
    {
        using var store = new TestStore(Engine.Sqlite);
        using var server = CountersignProcess.Start(store, new KeyValuePair<string, string>(key, value));

        Assert.Equal(78, await server.WaitAsync());
        Assert.StartsWith(said, await server.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", await server.Errors + await server.Output, StringComparison.Ordinal);
    }
}
