using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Countersign.Testing.Delivery;

/// <summary>A service that takes messages by webhook. It checks every signature itself, as the Standard Webhooks specification tells receivers to, and answers 401 to a wrong one.</summary>
public sealed class WebhookReceiver : IAsyncDisposable
{
    /// <summary>The secret that it shares with the sender.</summary>
    public const string Secret = "whsec_Y291bnRlcnNpZ24tdGVzdHMtc2VjcmV0LW9mLTMyLWI=";

    private readonly LoopbackServer _server;

    /// <summary>Starts.</summary>
    public WebhookReceiver() => _server = new LoopbackServer(request
        => request.Method == "HEAD" ? Reply.Status(405) : HasSignature(request) ? Reply.Json(200, """{"reference":"ref-1"}""") : Reply.Status(401));

    /// <summary>Where messages are posted to.</summary>
    public Uri Url => new(_server.Address, "/messages");

    /// <summary>How many requests came.</summary>
    public int Count => _server.Count;

    /// <summary>Answers the next requests with these, whatever their signatures.</summary>
    public void AnswerWith(params ReadOnlySpan<Reply> replies) => _server.AnswerWith(replies);

    /// <summary>The next message; waits for it, but not forever.</summary>
    public async Task<WebhookDelivery> ReceiveAsync()
    {
        var request = await _server.ReceiveAsync();
        return new WebhookDelivery(request, HasSignature(request));
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private static bool HasSignature(ReceivedRequest request)
    {
        if (!request.Headers.TryGetValue("webhook-id", out var id) || !request.Headers.TryGetValue("webhook-timestamp", out var timestamp)
            || !request.Headers.TryGetValue("webhook-signature", out var signatures) || !long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out _))
            return false;
        byte[] signed = [.. Encoding.ASCII.GetBytes($"{id}.{timestamp}."), .. request.Body];
        var expected = HMACSHA256.HashData(Convert.FromBase64String(Secret["whsec_".Length..]), signed);
        return signatures.Split(' ').Any(signature => signature.Split(',', 2) is ["v1", var base64] && Convert.FromBase64String(base64).AsSpan().SequenceEqual(expected));
    }
}

/// <summary>A message that came by webhook.</summary>
/// <param name="Request">The request.</param>
/// <param name="IsSigned">Whether its signature is right.</param>
public sealed record WebhookDelivery(ReceivedRequest Request, bool IsSigned)
{
    /// <summary>The message.</summary>
    public JsonObject Message => Request.Json;
}
