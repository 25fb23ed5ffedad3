using System.Reflection;

namespace Countersign.Server.Tests;

public sealed class ArchitectureTests
{
    /// <summary>Who may know whom; the arrows never point back.</summary>
    public static TheoryData<string, string[]> Arrows => new()
    {
        { "Countersign", [] },
        { "Countersign.Integrations", ["Countersign"] },
        { "Countersign.Delivery", ["Countersign"] },
        { "Countersign.Storage", ["Countersign", "Countersign.Integrations"] },
        { "Countersign.Server", ["Countersign", "Countersign.Integrations", "Countersign.Delivery", "Countersign.Storage"] },
    };

    [Theory, MemberData(nameof(Arrows))]
    public void An_assembly_knows_only_those_that_it_may(string name, string[] allowed)
    {
        var known = Assembly.Load(name).GetReferencedAssemblies().Select(reference => reference.Name!).Where(reference => reference.StartsWith("Countersign", StringComparison.Ordinal));

        Assert.Empty(known.Except(allowed));
    }

    [Fact]
    public void The_domain_knows_neither_the_web_nor_a_database()
    {
        var known = Assembly.Load("Countersign").GetReferencedAssemblies().Select(reference => reference.Name!);

        Assert.DoesNotContain(known, reference => reference.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal)
            || reference.StartsWith("Microsoft.Data", StringComparison.Ordinal) || reference.StartsWith("Npgsql", StringComparison.Ordinal) || reference == "System.Data.Common");
    }
}
