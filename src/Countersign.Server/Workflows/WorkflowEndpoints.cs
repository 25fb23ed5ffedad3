using Countersign.Integrations.Runs;
using Countersign.Integrations.Scripts;
using Countersign.Server.CommandLine;
using Countersign.Server.Requests;

namespace Countersign.Server.Workflows;

/// <summary>The Conductor-compatible API: definitions, executions, tasks (workflow contract 1 to 13).</summary>
internal static class WorkflowEndpoints
{
    /// <summary>The group of the rate limit.</summary>
    public const string RateLimitGroup = "Workflows";

    /// <summary>What the endpoints need.</summary>
    public static void AddWorkflows(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<IScripts>(_ => new ScriptProcesses(ScriptCommands.OfThisProgram));
        builder.Services.AddWorkflowRuns();
    }

    /// <summary>The endpoints.</summary>
    public static void MapWorkflows(this IEndpointRouteBuilder routes)
    {
        routes.MapSignIn();
        routes.MapWorkflowDefinitions();
        routes.MapTaskDefinitions();
        routes.MapExecutions();
        routes.MapExecutionCommands();
        routes.MapBulkCommands();
        routes.MapTaskUpdates();
        routes.MapTaskQueues();
        routes.MapStoredValues();
    }

    /// <summary>A group of these endpoints.</summary>
    public static RouteGroupBuilder MapWorkflowGroup(this IEndpointRouteBuilder routes, string prefix, string tag) => routes.MapGroup(prefix).WithTags(tag).InRateLimitGroup(RateLimitGroup);
}
