namespace Countersign.Server.Workflows;

/// <summary>The Conductor-compatible API: definitions, executions, tasks (workflow contract 1 to 13).</summary>
internal static class WorkflowEndpoints
{
    /// <summary>What the endpoints need.</summary>
    public static void AddWorkflows(this WebApplicationBuilder builder)
    {
    }

    /// <summary>The endpoints.</summary>
    public static void MapWorkflows(this IEndpointRouteBuilder routes)
    {
    }
}
