using Countersign.Delivery.Twilio;
using Countersign.Outbox;
using Countersign.Server.Errors;
using Countersign.Server.Json;
using Countersign.Server.Requests;
using Countersign.Server.Settings;

namespace Countersign.Server.Delivery;

/// <summary>Takes what providers say later of messages that they accepted; their signature is the permission.</summary>
internal static class ReceiptEndpoints
{
    private const string Prefix = "/countersign/v1/delivery/providers", Suffix = "/status";
    private const int MostParameters = 100;

    /// <summary>Where a provider reports to; null without a public address.</summary>
    public static Uri? AddressOf(string provider, ServerSettings settings)
        => settings.PublicUrl is { } url ? new Uri($"{url.AbsoluteUri.TrimEnd('/')}{Prefix}/{provider}{Suffix}") : null;

    public static void MapReceipts(this IEndpointRouteBuilder delivery)
        => delivery.MapPost("/providers/{provider}/status", NoteAsync).WithoutToken().WithName("NoteDeliveryStatus").Produces(StatusCodes.Status204NoContent);

    /// <summary>Takes a status callback of a Twilio-compatible provider: a form with its signature in <c>X-Twilio-Signature</c>.</summary>
    internal static async Task<IResult> NoteAsync(HttpContext http, string provider, ConfiguredProviders providers, IDeliveryReceipts receipts, ServerSettings settings)
    {
        // An unknown provider and a forged signature look the same.
        if (providers.All.FirstOrDefault(configured => configured.Name == provider)?.Own is not TwilioSettings twilio || AddressOf(provider, settings) is not { } address
            || !http.Request.HasFormContentType) return ApiErrors.NoPermission.ToResult();
        IFormCollection form;
        try
        {
            form = await http.Request.ReadFormAsync(new Microsoft.AspNetCore.Http.Features.FormOptions { ValueCountLimit = MostParameters }, http.RequestAborted);
        }
        catch (InvalidDataException)
        {
            return ApiErrors.BadRequest.ToResult();
        }
        var parameters = form.SelectMany(parameter => parameter.Value, (parameter, value) => KeyValuePair.Create(parameter.Key, value ?? "")).ToList();
        switch (TwilioCallback.Read(twilio, address.AbsoluteUri + http.Request.QueryString.Value, parameters, http.Request.Headers[TwilioSignature.Header]))
        {
            case TwilioCallback.Forged:
                return ApiErrors.NoPermission.ToResult();
            case TwilioCallback.Receipt { Status: var status }:
                await receipts.NoteAsync(provider, status.Reference, status.Status, status.Reason, http.RequestAborted);
                return NoContentResult.Instance;
            default:
                return NoContentResult.Instance;
        }
    }
}
