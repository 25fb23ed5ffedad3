using System.Buffers;
using System.Text.Json;
using Countersign.Integrations.Http;
using Countersign.Integrations.Scripts;
using Countersign.Integrations.Secrets;
using Countersign.Integrations.Tasks;
using Countersign.Integrations.TestRequests;
using Countersign.Requests;
using Countersign.Server.Errors;
using Countersign.Server.Json;
using Countersign.Server.OpenApi;
using Countersign.Server.Outbound;
using Countersign.Server.Requests;
using Countersign.SystemLog;
using Countersign.Tokens;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Countersign.Server.TestRequests;

/// <summary>Trying requests out, and the history of it (workflow contract 17).</summary>
internal static class TestRequestEndpoints
{
    private const string TypeInErrors = "TestRequest";

    /// <summary>What the endpoints need, and the tasks that send requests.</summary>
    public static void AddTestRequests(this WebApplicationBuilder builder)
    {
        builder.Services.AddOutbound();
        builder.Services.TryAddSingleton<SecretFiller>();
        builder.Services.TryAddSingleton<HttpCalls>();
        builder.Services.TryAddSingleton<Integrations.TestRequests.TestRequests>();
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<ISystemTask, HttpTask>());
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<ISystemTask, HttpPollTask>(static provider => new HttpPollTask(
            provider.GetRequiredService<HttpCalls>(), provider.GetRequiredService<IScripts>(), provider.GetRequiredService<TimeProvider>())));
    }

    /// <summary>The endpoints.</summary>
    public static void MapTestRequests(this IEndpointRouteBuilder routes)
    {
        var requests = routes.MapGroup("/countersign/v1/test-requests").WithTags("Test requests").InRateLimitGroup("TestRequests");
        requests.MapPost("/", SendAsync).WithName("SendTestRequest").RequireScope(ApiScopes.IntegrationsManage).TakesBody<SendTestRequest>().Answers<TestRequestShape>();
        requests.MapGet("/", ListAsync).WithName("ListTestRequests").RequireScope(ApiScopes.IntegrationsRead).Answers<TestRequestListingShape[]>()
            .TakesNumber("limit", "test requests on a page", 1, ITestRequestStore.MostPerPerson, ITestRequestStore.MostPerPerson).TakesQuery("after", "where the page before ended");
        requests.MapGet("/{testRequestId}", GetAsync).WithName("GetTestRequest").RequireScope(ApiScopes.IntegrationsRead).Answers<TestRequestShape>();
        requests.MapGet("/{testRequestId}/body", GetBodyAsync).WithName("DownloadTestRequestBody").RequireScope(ApiScopes.IntegrationsRead)
            .Produces<byte[]>(StatusCodes.Status200OK, "application/octet-stream");
        requests.MapDelete("/{testRequestId}", DeleteAsync).WithName("DeleteTestRequest").RequireScope(ApiScopes.IntegrationsManage).AnswersNothing();
    }

    /// <summary>Sends a request once, as the task in a workflow would, and shows what came of it: 200, whatever the other side did.</summary>
    internal static async Task<IResult> SendAsync(HttpContext http, Integrations.TestRequests.TestRequests tests, ITestRequestStore store, IEnvironmentStore environments)
    {
        if (await http.ReadAsync(ApiJson.Default.SendTestRequest) is not { } body) return ApiErrors.NotWellFormed.ToResult();
        if (body.HttpRequest is not { ValueKind: JsonValueKind.Object } typed) return ApiErrors.Blank("http_request").ToResult();
        if (!WholeTexts.Are(typed) || body.Variables?.Values.All(WholeTexts.Are) == false) return ApiErrors.NotWellFormed.ToResult();
        if (body.Operation?.Length > 1_000) return ApiErrors.Validation("operation", "operation: The field is too long").ToResult();
        var id = body.Id is null ? Guid.NewGuid() : Guid.TryParseExact(body.Id, "d", out var given) ? given : Guid.Empty;
        if (id == Guid.Empty) return ApiErrors.Validation("id", "id: must be a UUID").ToResult();
        var by = http.By();
        if (await store.IsTakenAsync(id.ToString(), http.RequestAborted)) return ApiErrors.Validation("id", "id: There is a test request with this id").ToResult();
        if (await environments.FindAsync(body.EnvironmentId ?? IEnvironmentStore.DefaultId, http.RequestAborted) is not { } environment)
            return ApiErrors.Validation("environmentId", "environmentId: There is no such environment").ToResult();
        if (tests.IsBusy(by.Actor.Id)) return ApiErrors.TooManyRequests.ToResult();

        var request = new TestRequest { Id = id.ToString(), Owner = by.Actor.Id, HttpRequest = typed, Variables = body.Variables ?? [], Environment = environment, Operation = body.Operation };
        var tested = await tests.RunAsync(request, http.RequestAborted);
        await KeepAsync(tested, by, store);
        return new ConstantJsonResult(TestRequestDocuments.Write(tested, TestRequestDocuments.LongestShown, withTyped: false));
    }

    /// <summary>Lists the caller's last test requests, the newest first.</summary>
    internal static async Task<IResult> ListAsync(HttpContext http, ITestRequestStore store, PublicUrl publicUrl)
    {
        var after = Query.ReadText(http, "after");
        if (!Query.TryReadLimit(http, ITestRequestStore.MostPerPerson, ITestRequestStore.MostPerPerson, out var limit) || (after is not null && !Guid.TryParseExact(after, "d", out _))) return ApiErrors.InvalidPaging.ToResult();
        var found = await store.ListAsync(http.By().Actor.Id, after, limit + 1, http.RequestAborted);
        PageLinks.Write(http, publicUrl.Of(http), limit, found.Count > limit ? found[limit - 1].Id : null);
        var list = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(list))
        {
            writer.WriteStartArray();
            foreach (var (_, summary) in found.Take(limit)) writer.WriteRawValue(summary);
            writer.WriteEndArray();
        }
        return new ConstantJsonResult(list.WrittenSpan.ToArray());
    }

    /// <summary>Shows one of the caller's test requests, and what was typed, to run it again.</summary>
    internal static async Task<IResult> GetAsync(HttpContext http, string testRequestId, ITestRequestStore store)
        => await store.FindAsync(http.By().Actor.Id, testRequestId, http.RequestAborted) is { } document ? new ConstantJsonResult(document) : NotFound(testRequestId);

    /// <summary>Downloads the body of an answer, up to 10 MiB, for an hour.</summary>
    internal static async Task<IResult> GetBodyAsync(HttpContext http, string testRequestId, ITestRequestStore store)
    {
        if (await store.FindAsync(http.By().Actor.Id, testRequestId, http.RequestAborted) is null || await store.FindBodyAsync(testRequestId, http.RequestAborted) is not { } body) return NotFound(testRequestId);
        http.Response.Headers.ContentDisposition = "attachment; filename=\"response\"";
        http.Response.Headers.ContentSecurityPolicy = "sandbox";
        return TypedResults.Bytes(body, "application/octet-stream");
    }

    /// <summary>Cancels a test request of the caller while it is under way, else removes it from the history.</summary>
    internal static async Task<IResult> DeleteAsync(HttpContext http, string testRequestId, Integrations.TestRequests.TestRequests tests, ITestRequestStore store)
        => tests.Cancel(http.By().Actor.Id, testRequestId) || await store.RemoveAsync(http.By().Actor.Id, testRequestId, http.RequestAborted) ? NoContentResult.Instance : NotFound(testRequestId);

    /// <summary>Keeps the test request and its event, even when the person is gone: it was sent.</summary>
    private static async Task KeepAsync(TestedRequest tested, RequestContext by, ITestRequestStore store)
    {
        var kept = new KeptTestRequest(tested.Request.Id, by.Actor.Id, tested.StartedAt, TestRequestDocuments.WriteSummary(tested), TestRequestDocuments.Write(tested, TestRequestDocuments.LongestKept, withTyped: true));
        if (await store.AddAsync(kept, Event(tested, by), CancellationToken.None) && TestRequestDocuments.BodyOf(tested) is { Length: > 0 } body)
            await store.KeepBodyAsync(tested.Request.Id, body, CancellationToken.None);
    }

    private static LogEvent Event(TestedRequest tested, RequestContext by)
    {
        var (request, answer) = (tested.Exchange?.Request, tested.Exchange?.Answer);
        var host = request is null ? "unknown" : tested.Scrubber.Scrub(request.Uri.IdnHost);
        var details = new Dictionary<string, string> { ["testRequest"] = tested.Request.Id, ["method"] = request?.Method ?? "", ["host"] = host };
        if (answer is not null) details["status"] = answer.StatusCode.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return new LogEvent
        {
            EventType = LogEventTypes.TestRequestSend,
            Outcome = tested.Fault is null ? "SUCCESS" : "FAILURE",
            Reason = tested.Fault?.Kind.Name,
            Actor = by.Actor,
            Targets = [new LogSubject(host, "Host", host, host)],
            Request = by,
            Details = details,
        };
    }

    private static ErrorResult NotFound(string id) => ApiErrors.NotFound(id, TypeInErrors).ToResult();
}
