namespace Countersign.Server.Secrets;

/// <summary>Secrets and environments (workflow contract 18).</summary>
internal static class SecretEndpoints
{
    /// <summary>What the endpoints need.</summary>
    public static void AddSecrets(this WebApplicationBuilder builder)
    {
    }

    /// <summary>The endpoints.</summary>
    public static void MapSecrets(this IEndpointRouteBuilder routes)
    {
    }
}
