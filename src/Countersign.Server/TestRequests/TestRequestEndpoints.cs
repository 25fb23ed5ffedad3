using Countersign.Server.Outbound;

namespace Countersign.Server.TestRequests;

/// <summary>Test requests and their history (workflow contract 17).</summary>
internal static class TestRequestEndpoints
{
    /// <summary>What the endpoints need.</summary>
    public static void AddTestRequests(this WebApplicationBuilder builder)
    {
        builder.Services.AddOutbound();
    }

    /// <summary>The endpoints.</summary>
    public static void MapTestRequests(this IEndpointRouteBuilder routes)
    {
    }
}
