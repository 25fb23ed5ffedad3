using System.Net;
using Countersign.Integrations.Conductor;
using Countersign.Server.Errors;
using Countersign.Server.Json;
using Countersign.Server.Requests;
using Countersign.Tokens;

namespace Countersign.Server.Runners;

/// <summary>The operations on executions of the other Conductor server, passed on as they are (workflow contract 12): its answers are answered, whatever they say. Nothing is kept here.</summary>
internal static class PassedOnEndpoints
{
    private const int LongestBody = 4 * 1024 * 1024;
    private const string Prefix = "/countersign/v1/runners/conductor/api";

    public static void MapPassedOn(this RouteGroupBuilder workflow)
    {
        workflow.MapGet("/search", PassOnAsync).WithName("SearchRunnerWorkflows").PassesOn(ApiScopes.IntegrationsRead);
        workflow.MapGet("/{workflowId}", PassOnAsync).WithName("GetRunnerWorkflow").PassesOn(ApiScopes.IntegrationsRead);
        workflow.MapPost("/", PassOnAsync).WithName("StartRunnerWorkflow").PassesOn(ApiScopes.IntegrationsManage);
        workflow.MapPost("/{name}", PassOnAsync).WithName("StartRunnerWorkflowByName").PassesOn(ApiScopes.IntegrationsManage);
        workflow.MapPut("/{workflowId}/pause", PassOnAsync).WithName("PauseRunnerWorkflow").PassesOn(ApiScopes.IntegrationsManage);
        workflow.MapPut("/{workflowId}/resume", PassOnAsync).WithName("ResumeRunnerWorkflow").PassesOn(ApiScopes.IntegrationsManage);
        workflow.MapPut("/{workflowId}/skiptask/{reference}", PassOnAsync).WithName("SkipRunnerTask").PassesOn(ApiScopes.IntegrationsManage);
        workflow.MapPost("/{workflowId}/retry", PassOnAsync).WithName("RetryRunnerWorkflow").PassesOn(ApiScopes.IntegrationsManage);
        workflow.MapPost("/{workflowId}/restart", PassOnAsync).WithName("RestartRunnerWorkflow").PassesOn(ApiScopes.IntegrationsManage);
        workflow.MapPost("/{workflowId}/rerun", PassOnAsync).WithName("RerunRunnerWorkflow").PassesOn(ApiScopes.IntegrationsManage);
        workflow.MapDelete("/{workflowId}", PassOnAsync).WithName("TerminateRunnerWorkflow").PassesOn(ApiScopes.IntegrationsManage);
    }

    private static void PassesOn(this RouteHandlerBuilder operation, string scope) => operation.RequireScope(scope).WithSummary("Passes the operation of the same path on to the other Conductor server");

    /// <summary>Passes the request on, and answers what was answered.</summary>
    internal static async Task<IResult> PassOnAsync(HttpContext http, ConductorRunner conductor)
    {
        if (conductor.Client is not { } client) return RunnerEndpoints.NotConfigured();
        var hasBody = !HttpMethods.IsGet(http.Request.Method) && !HttpMethods.IsDelete(http.Request.Method);
        var body = hasBody ? await http.ReadBytesAsync(LongestBody) : [];
        if (body is null) return ApiErrors.TooLarge.ToResult();
        // As it was written: what a name has encoded stays so.
        var path = http.Request.Path.ToUriComponent()[Prefix.Length..].TrimEnd('/') + http.Request.QueryString.ToUriComponent();
        ReadOnlyMemory<byte>? content = body.Length > 0 ? body : hasBody ? ReadOnlyMemory<byte>.Empty : null;
        return await client.SendAsync(HttpMethod.Parse(http.Request.Method), path, content, "application/json", http.RequestAborted) switch
        {
            // Its refusal of our key is none of the caller's token.
            ConductorReply.Answered { Status: HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden } refused => ApiErrors.RunnerUnavailable($"{client.Url.Authority} refuses the key: {refused.Reason}").ToResult(),
            ConductorReply.Answered answer => new PassedOnResult(answer),
            ConductorReply.Silent silent => ApiErrors.RunnerUnavailable(silent.Reason).ToResult(),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    private sealed class PassedOnResult(ConductorReply.Answered answer) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            var response = httpContext.Response;
            response.StatusCode = (int)answer.Status;
            if (answer.Status == HttpStatusCode.NoContent) return;
            response.ContentLength = answer.Body.Length;
            if (answer.Body.Length == 0) return;
            // A page of the other server is text here, whatever it says it is.
            response.ContentType = answer.ContentType?.StartsWith("application/json", StringComparison.OrdinalIgnoreCase) == true ? "application/json" : "text/plain; charset=utf-8";
            await response.BodyWriter.WriteAsync(answer.Body, httpContext.RequestAborted);
        }
    }
}
