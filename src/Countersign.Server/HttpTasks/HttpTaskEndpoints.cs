namespace Countersign.Server.HttpTasks;

/// <summary>HTTP tasks from and to other notations: cURL, C#, JavaScript, Python (workflow contract 16).</summary>
internal static class HttpTaskEndpoints
{
    /// <summary>What the endpoints need.</summary>
    public static void AddHttpTasks(this WebApplicationBuilder builder)
    {
    }

    /// <summary>The endpoints.</summary>
    public static void MapHttpTasks(this IEndpointRouteBuilder routes)
    {
    }
}
