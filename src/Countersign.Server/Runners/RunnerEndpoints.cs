namespace Countersign.Server.Runners;

/// <summary>Handing definitions over to another Conductor server (workflow contract 19).</summary>
internal static class RunnerEndpoints
{
    /// <summary>What the endpoints need.</summary>
    public static void AddRunners(this WebApplicationBuilder builder)
    {
    }

    /// <summary>The endpoints.</summary>
    public static void MapRunners(this IEndpointRouteBuilder routes)
    {
    }
}
