using System.Text.Json.Serialization.Metadata;
using Countersign.Factors;
using Countersign.Factors.Push;
using Countersign.Server.Errors;
using Countersign.Server.Json;
using Countersign.Server.Requests;
using Countersign.Users;

namespace Countersign.Server.Authenticator;

/// <summary>What authenticators call (docs/authenticator-protocol.md, which describes it in place of the API's description). No API token: a ticket or a signature is the permission.</summary>
internal static class DeviceEndpoints
{
    public const string Path = "/countersign/v1/authenticator";

    private const string Scheme = "Device ";
    private const int LongestBody = 16 * 1024;

    public static void MapDevices(this IEndpointRouteBuilder routes)
    {
        var devices = routes.MapGroup(Path).InRateLimitGroup("Authenticator").WithoutToken().ExcludeFromDescription();
        devices.MapPost("/activation", FindActivationAsync);
        devices.MapPost("/devices", RegisterAsync);
        devices.MapGet("/requests", RequestsAsync);
        devices.MapPost("/requests/{transactionId}", AnswerAsync);
        devices.MapPost("/events", DeviceEvents.StreamAsync);
        devices.MapPut("/device", DescribeAsync);
        devices.MapDelete("/device", RemoveAsync);
        devices.MapPut("/subscription", SubscribeAsync);
        devices.MapDelete("/subscription", UnsubscribeAsync);
    }

    /// <summary>Says what a ticket is for.</summary>
    internal static async Task<IResult> FindActivationAsync(HttpContext http, PushDevices devices)
    {
        if (await ReadAsync(http, ApiJson.Default.ActivationRequest) is not { } body) return ApiErrors.NotWellFormed.ToResult();
        if (string.IsNullOrEmpty(body.Ticket)) return ApiErrors.Blank("ticket").ToResult();
        return await devices.FindActivationAsync(body.Ticket, http.RequestAborted) is { } activation
            ? new JsonResult(DeviceDocuments.Activation(activation)) : ApiErrors.LinkUsed.ToResult();
    }

    /// <summary>Binds a device.</summary>
    internal static async Task<IResult> RegisterAsync(HttpContext http, PushDevices devices, DeviceDocuments documents, PublicUrl publicUrl)
    {
        if (await ReadAsync(http, ApiJson.Default.RegisterDeviceRequest) is not { } body) return ApiErrors.NotWellFormed.ToResult();
        if (string.IsNullOrEmpty(body.Ticket)) return ApiErrors.Blank("ticket").ToResult();
        if (body.ToRegistration() is not { } registration) return ApiErrors.Of(Refusal.InvalidProfile, "", null, null).ToResult();
        return await devices.BindAsync(registration, publicUrl.OriginOf(http), http.By(), http.RequestAborted) switch
        {
            FactorOutcome.Shown shown => await devices.ViewAsync(shown.User.Id, shown.Factor.Id, http.RequestAborted) is { } device
                ? new JsonResult(documents.Bound(device, shown.Once), StatusCodes.Status201Created) : ApiErrors.LinkUsed.ToResult(),
            var other => Refused(other, ""),
        };
    }

    /// <summary>Says what waits for a device.</summary>
    internal static async Task<IResult> RequestsAsync(HttpContext http, PushDevices devices, DeviceDocuments documents)
    {
        var (device, _, error) = await AuthorizeAsync(http, devices);
        return device is null ? error!.ToResult() : new JsonResult(documents.Requests(device));
    }

    /// <summary>Takes the answer to a request.</summary>
    internal static async Task<IResult> AnswerAsync(HttpContext http, string transactionId, PushDevices devices)
    {
        if (await ReadAsync(http, ApiJson.Default.AnswerRequest) is not { } body) return ApiErrors.NotWellFormed.ToResult();
        if (string.IsNullOrEmpty(body.User)) return ApiErrors.Blank("user").ToResult();
        if (string.IsNullOrEmpty(body.Factor)) return ApiErrors.Blank("factor").ToResult();
        if (string.IsNullOrEmpty(body.Signature)) return ApiErrors.Blank("signature").ToResult();
        if (!DeviceDecisions.TryParse(body.Decision, out var decision)) return ApiErrors.Validation("decision", "decision: The field has an invalid value").ToResult();
        var answer = new DeviceAnswer(transactionId, decision, body.Number ?? "", body.Signature);
        return await devices.AnswerAsync(new UserId(body.User), new FactorId(body.Factor), answer, http.By(), http.RequestAborted) switch
        {
            FactorOutcome.Verified verified => new JsonResult(DeviceDocuments.Result(verified.Verification.Result)),
            var other => Refused(other, transactionId),
        };
    }

    /// <summary>Renames a device.</summary>
    internal static async Task<IResult> DescribeAsync(HttpContext http, PushDevices devices, DeviceDocuments documents)
    {
        var (device, bytes, error) = await AuthorizeAsync(http, devices);
        if (device is null) return error!.ToResult();
        if (ApiBody.Parse(bytes, ApiJson.Default.DescribeDeviceRequest) is not { } body) return ApiErrors.NotWellFormed.ToResult();
        return await devices.DescribeAsync(device, body.Name, body.Version, http.By(), http.RequestAborted) switch
        {
            FactorOutcome.Shown shown => await devices.ViewAsync(shown.User.Id, shown.Factor.Id, http.RequestAborted) is { } renamed
                ? new JsonResult(documents.Device(renamed)) : ApiErrors.NotFound(shown.Factor.Id.Value, "UserFactor").ToResult(),
            var other => Refused(other, device.Factor.Id.Value),
        };
    }

    /// <summary>Removes a device.</summary>
    internal static async Task<IResult> RemoveAsync(HttpContext http, PushDevices devices)
    {
        var (device, _, error) = await AuthorizeAsync(http, devices);
        return device is null ? error!.ToResult() : Done(await devices.RemoveAsync(device, http.By(), http.RequestAborted), device);
    }

    /// <summary>Keeps where messages for a device go.</summary>
    internal static async Task<IResult> SubscribeAsync(HttpContext http, PushDevices devices)
    {
        var (device, bytes, error) = await AuthorizeAsync(http, devices);
        if (device is null) return error!.ToResult();
        if (ApiBody.Parse(bytes, ApiJson.Default.SubscriptionRequest) is not { } body) return ApiErrors.NotWellFormed.ToResult();
        if (body is not { Endpoint: { } endpoint, Keys: { P256dh: { } key, Auth: { } auth } }) return ApiErrors.Of(Refusal.InvalidProfile, "", null, null).ToResult();
        return Done(await devices.SubscribeAsync(device, new PushSubscription(endpoint, key, auth), http.By(), http.RequestAborted), device);
    }

    /// <summary>Forgets where messages for a device go.</summary>
    internal static async Task<IResult> UnsubscribeAsync(HttpContext http, PushDevices devices)
    {
        var (device, _, error) = await AuthorizeAsync(http, devices);
        return device is null ? error!.ToResult() : Done(await devices.SubscribeAsync(device, null, http.By(), http.RequestAborted), device);
    }

    /// <summary>The device that asks, and the request's body; or the error that it is answered with.</summary>
    private static async ValueTask<(DeviceView? Device, byte[] Body, ApiError? Error)> AuthorizeAsync(HttpContext http, PushDevices devices)
    {
        if (await http.ReadBytesAsync(LongestBody) is not { } body) return (null, [], ApiErrors.TooLarge);
        var header = http.Request.Headers.Authorization;
        if (header is not [{ } text] || !text.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) || DeviceProof.Read(text[Scheme.Length..]) is not { } proof)
            return (null, [], ApiErrors.InvalidToken);
        var (device, refusal) = await devices.AuthorizeAsync(proof, http.Request.Method, http.Request.Path.Value!, body, http.RequestAborted);
        return (device, body, device is null ? ApiErrors.Of(refusal, proof.User.Value, proof.Factor.Value, null) : null);
    }

    /// <summary>The body, or null when it is too long or not JSON of this shape.</summary>
    internal static async ValueTask<T?> ReadAsync<T>(HttpContext http, JsonTypeInfo<T> type) where T : class, new()
        => await http.ReadBytesAsync(LongestBody) is { } body ? ApiBody.Parse(body, type) : null;

    private static IResult Done(FactorOutcome outcome, DeviceView device) => outcome is FactorOutcome.Refused ? Refused(outcome, device.Factor.Id.Value) : NoContentResult.Instance;

    private static ErrorResult Refused(FactorOutcome outcome, string what)
        => outcome is FactorOutcome.Refused refused ? ApiErrors.Of(refused.Refusal, what, what, refused.RetryAt).ToResult() : throw new System.Diagnostics.UnreachableException();
}
