using System.Globalization;
using Countersign.Integrations.Runs;
using Countersign.Server.Errors;
using Countersign.Server.RateLimits;
using Countersign.Server.Settings;
using Countersign.Server.Telemetry;
using Countersign.Server.Workflows;
using Countersign.Tokens;
using Microsoft.AspNetCore.Http.Features;

namespace Countersign.Server.Requests;

/// <summary>
/// What every request passes through before its endpoint. On every path: the request's id, and the contract's envelope on whatever goes wrong (3.1). On the API's
/// paths also its headers (1.2), the token (2) and the rate limit (4).
/// </summary>
internal sealed class ApiPipeline(
    RequestDelegate next, IApiTokenStore tokens, RateLimiter limiter, LimitEvents limitEvents, RequestLimits limits, WorkflowSettings workflows, TimeProvider clock,
    IServiceProvider services, ILogger<ApiPipeline> logger)
{
    public async Task InvokeAsync(HttpContext http)
    {
        var request = new ApiRequest { Id = RequestIds.Next() };
        http.Features.Set(request);
        var response = http.Response;
        try
        {
            if (await RefuseAsync(http, request) is { } error) await AnswerAsync(http, error);
            else await next(http);
            if (response.StatusCode >= 400 && !response.HasStarted && response.ContentType is null)
                await AnswerAsync(http, Envelopes.Of(response.StatusCode));
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // Nobody is there to be answered.
        }
        catch (Exception exception) when (!response.HasStarted)
        {
            if (exception is not BadHttpRequestException) Log.Failed(logger, exception, request.Id, http.Request.Method, http.GetEndpoint()?.DisplayName);
            await AnswerAsync(http, ApiPaths.IsWorkflowApi(http) ? WorkflowErrors.ErrorOf(exception) : Envelopes.Of(exception));
        }
    }

    private async ValueTask<ApiError?> RefuseAsync(HttpContext http, ApiRequest request)
    {
        if (IsTooLong(http.Request)) return ApiErrors.UrlTooLong;
        if (!ApiPaths.Contains(http)) return null;
        if (ApiPaths.TakesWorkflowRequests(http)) AllowLongBody(http);
        http.RequestServices = services;   // every service is a singleton: no scope needs to be made and disposed of with each request
        WriteHeaders(http.Response.Headers, request.Id);
        if (http.GetEndpoint() is not { } endpoint) return ApiErrors.PathNotFound;
        if (endpoint.Metadata.GetMetadata<NoToken>() is null && await AuthenticateAsync(http, request, endpoint) is { } refused) return refused;
        var group = endpoint.Metadata.GetMetadata<RateLimitGroup>()?.Name ?? RateLimitOptions.OtherGroup;
        var taken = limiter.Take(group, request.Token?.Id, clock.GetUtcNow());
        var headers = http.Response.Headers;
        headers["X-Rate-Limit-Limit"] = taken.LimitText;
        headers["X-Rate-Limit-Remaining"] = taken.Remaining.ToString(CultureInfo.InvariantCulture);
        headers["X-Rate-Limit-Reset"] = taken.ResetText;
        if (taken.Notice != LimitNotice.None) await limitEvents.WriteAsync(taken.Notice, group, request.Context(http), http.RequestAborted);
        if (!taken.IsAllowed)
        {
            ServerMeter.Refused(group);
            return ApiErrors.TooManyRequests with { RetryAt = taken.ResetAt };
        }
        return LacksLength(http.Request) && !ApiPaths.TakesWorkflowRequests(http) ? ApiErrors.LengthRequired : null;
    }

    private async ValueTask<ApiError?> AuthenticateAsync(HttpContext http, ApiRequest request, Endpoint endpoint)
    {
        var isWorkflowApi = ApiPaths.IsWorkflowApi(http);
        if ((isWorkflowApi ? WorkflowTokens.TextOf(http.Request.Headers) : TokenText(http.Request.Headers)) is not { } text) return ApiErrors.InvalidToken;
        var token = await tokens.FindAsync(text, http.RequestAborted);
        if (token is null || !token.IsValid(clock.GetUtcNow())) return isWorkflowApi && token is { OwnerMayAct: true } ? WorkflowErrors.ExpiredToken : ApiErrors.InvalidToken;
        request.Token = token;
        var scope = endpoint.Metadata.GetMetadata<RequiredScope>()?.Scope;
        return scope is null || token.Scopes.IsEmpty || token.Allows(scope, IsSelf(http, token)) ? null : ApiErrors.NoPermission;
    }

    private static string? TokenText(IHeaderDictionary headers)
        => headers.Authorization is [{ Length: >= 6 and <= 512 } header] && header.StartsWith("SSWS ", StringComparison.OrdinalIgnoreCase) ? header[5..] : null;

    private static Task AnswerAsync(HttpContext http, ApiError error)
        => (ApiPaths.IsWorkflowApi(http) ? WorkflowErrors.Of(error) : (IResult)error.ToResult()).ExecuteAsync(http);

    private static bool IsSelf(HttpContext http, ApiToken token) => http.Request.RouteValues["userId"] is string user && (user == "me" || user == token.Owner.Id);

    /// <summary>A POST or PUT that has neither a body nor says that it has none (contract 1.1).</summary>
    private static bool LacksLength(HttpRequest request)
        => (HttpMethods.IsPost(request.Method) || HttpMethods.IsPut(request.Method))
            && request.ContentLength is null && request.Headers.TransferEncoding.Count == 0 && request.Protocol == HttpProtocol.Http11;

    /// <summary>Definitions and inputs are longer than what people and factors need.</summary>
    private void AllowLongBody(HttpContext http)
    {
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } feature && feature.MaxRequestBodySize < workflows.MaxBodyBytes) feature.MaxRequestBodySize = workflows.MaxBodyBytes;
    }

    private bool IsTooLong(HttpRequest request) => (request.Path.Value?.Length ?? 0) + (request.QueryString.Value?.Length ?? 0) > limits.MaxUrlLength;

    private static void WriteHeaders(IHeaderDictionary headers, string requestId)
    {
        headers.CacheControl = "no-cache, no-store";
        headers.Pragma = "no-cache";
        headers.Expires = "0";
        headers.XContentTypeOptions = "nosniff";
        headers.StrictTransportSecurity = "max-age=315360000; includeSubDomains";
        headers["X-Okta-Request-Id"] = requestId;
    }

    private static partial class Log
    {
        public static void Failed(ILogger logger, Exception exception, string requestId, string method, string? endpoint)
            => logger.LogError(EventIds.RequestFailed, exception, "Request {Request} ({Method} {Endpoint}) failed", requestId, method, endpoint);
    }
}
