using System.Text;
using Countersign.Server.Json;

namespace Countersign.Server.Health;

/// <summary>Whether the process lives, and whether it should be sent requests. Neither needs a token.</summary>
internal static class HealthEndpoints
{
    private static readonly string[] Methods = [HttpMethods.Get, HttpMethods.Head];
    private static readonly ConstantJsonResult Up = new("""{"status":"UP"}"""u8.ToArray());

    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapMethods("/health/live", Methods, Live).ExcludeFromDescription();
        routes.MapMethods("/health/ready", Methods, ReadyAsync).ExcludeFromDescription();
    }

    /// <summary>The process answers.</summary>
    internal static IResult Live() => Up;

    /// <summary>The process should be sent requests: 200, else 503 with the reason.</summary>
    internal static async Task<IResult> ReadyAsync(Readiness readiness) => await readiness.WhyNotAsync() is { } reason
        ? new ConstantJsonResult(Encoding.UTF8.GetBytes($$"""{"status":"DOWN","reason":"{{reason}}"}"""), StatusCodes.Status503ServiceUnavailable) : Up;
}
