using System.Text.Json.Nodes;
using Countersign.Integrations.Notations;
using Countersign.Integrations.Tasks;
using Countersign.Integrations.Workflows;
using Countersign.Server.Errors;
using Countersign.Server.Json;
using Countersign.Server.OpenApi;
using Countersign.Server.Requests;
using Countersign.Tokens;

namespace Countersign.Server.HttpTasks;

/// <summary>HTTP tasks from and to other notations: cURL, C#, JavaScript, Python (workflow contract 16).</summary>
internal static class HttpTaskEndpoints
{
    /// <summary>What the endpoints need.</summary>
    public static void AddHttpTasks(this WebApplicationBuilder builder)
        => builder.Services.AddSingleton<ISystemTask>(services => new EventTask(() => services.GetServices<ISystemTask>().First(task => task.Type == TaskTypes.Http)));

    /// <summary>The endpoints.</summary>
    public static void MapHttpTasks(this IEndpointRouteBuilder routes)
    {
        var tasks = routes.MapGroup("/countersign/v1/http-tasks").WithTags("HTTP tasks");
        tasks.MapPost("/from-curl", (Delegate)FromCurlAsync).WithName("ReadHttpTaskFromCurl").RequireScope(ApiScopes.IntegrationsManage)
            .TakesBody<FromCurlRequest>().Answers<ReadHttpTaskShape>();
        tasks.MapPost("/export", (Delegate)ExportAsync).WithName("ExportHttpTask").RequireScope(ApiScopes.IntegrationsManage)
            .TakesBody<ExportHttpTaskRequest>().Answers<HttpTaskCodeShape>();
    }

    /// <summary>Reads a cURL command, for bash or for Windows, as the request of an HTTP task.</summary>
    internal static async Task<IResult> FromCurlAsync(HttpContext http)
    {
        if (await http.ReadAsync(ApiJson.Default.FromCurlRequest) is not { } body) return ApiErrors.NotWellFormed.ToResult();
        if (string.IsNullOrWhiteSpace(body.Command)) return ApiErrors.Blank("command").ToResult();
        var read = HttpNotations.FromCurl(body.Command);
        return read.HttpRequest is null
            ? ApiErrors.Validation("command", [.. read.Faults]).ToResult()
            : new JsonResult(new JsonObject { ["http_request"] = read.HttpRequest, ["warnings"] = new JsonArray([.. read.Warnings.Select(warning => (JsonNode)warning)]) });
    }

    /// <summary>Writes the request of an HTTP task as code: a cURL command, C#, JavaScript or Python.</summary>
    internal static async Task<IResult> ExportAsync(HttpContext http)
    {
        if (await http.ReadAsync(ApiJson.Default.ExportHttpTaskRequest) is not { } body) return ApiErrors.NotWellFormed.ToResult();
        if (body.HttpRequest is null) return ApiErrors.Blank("http_request").ToResult();
        if (body.Format is null) return ApiErrors.Blank("format").ToResult();
        var written = HttpNotations.Write(body.HttpRequest, body.Format);
        return written.Code is null
            ? ApiErrors.Validation(written.Faults[0].Split(':')[0], [.. written.Faults]).ToResult()
            : new JsonResult(new JsonObject { ["code"] = written.Code });
    }
}
