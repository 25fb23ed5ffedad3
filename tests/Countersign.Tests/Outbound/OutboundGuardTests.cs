using System.Net;
using Countersign.Outbound;

namespace Countersign.Tests.Outbound;

/// <summary>Which of a name's addresses may be connected to (workflow contract 8.7).</summary>
public sealed class OutboundGuardTests
{
    private static readonly OutboundGuard Guard = new(new OutboundSettings { AllowedNetworks = [IPNetwork.Parse("10.1.0.0/16")] }, OwnEndpoints.None);
    private static readonly Uri Target = new("https://hooks.example/in");

    [Fact]
    public void Of_a_names_addresses_those_that_may_be_called_are_left_in_their_order()
    {
        var left = Guard.Sieve(Target, Addresses("192.168.0.1", "93.184.215.14", "::1", "10.1.2.3"), out var refusal);

        Assert.Equal(Addresses("93.184.215.14", "10.1.2.3"), left);
        Assert.Null(refusal);
    }

    [Fact]
    public void Where_none_is_left_the_first_says_why()
    {
        var left = Guard.Sieve(Target, Addresses("192.168.0.1", "::1"), out var refusal);

        Assert.Empty(left);
        Assert.Contains("192.168.0.1", refusal?.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_without_addresses_is_not_refused()
    {
        Assert.Empty(Guard.Sieve(Target, [], out var refusal));
        Assert.Null(refusal);
    }

    private static IPAddress[] Addresses(params string[] addresses) => [.. addresses.Select(IPAddress.Parse)];
}
