using System.Net;
using Countersign.Outbound;

namespace Countersign.Testing.Delivery;

/// <summary>Guards that let calls to this machine through, or none.</summary>
public static class LoopbackGuard
{
    /// <summary>Lets calls to this machine through.</summary>
    public static OutboundGuard Open { get; } = new(new OutboundSettings { AllowedNetworks = [IPNetwork.Parse("127.0.0.0/8"), IPNetwork.Parse("::1/128")] }, OwnEndpoints.None);

    /// <summary>As it is set up by default.</summary>
    public static OutboundGuard Closed { get; } = new(new OutboundSettings(), OwnEndpoints.None);
}
