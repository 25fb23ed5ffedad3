using Countersign.Delivery.Http;
using Countersign.Hooks;
using Countersign.Outbound;
using Countersign.Users;

namespace Countersign.Delivery.Hooks;

/// <summary>Calls endpoints of hooks: with their headers, once, and with three seconds for the whole answer (contract 15.2, 15.3). Whoever may register a hook chooses where it leads, so the guard judges each call. Thread-safe.</summary>
internal sealed class HookCalls(TimeProvider clock, OutboundGuard guard, OutboundEvents events) : IDisposable
{
    /// <summary>How long an endpoint may take, from the call to the end of the answer.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(3);

    private readonly BoundedHttpClient _client = new(clock, guard: guard);

    /// <summary>Posts a body.</summary>
    /// <exception cref="OperationCanceledException">The caller gave up; that the endpoint took too long is a value.</exception>
    public async Task<HttpReply> PostAsync(HookChannel channel, byte[] json, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, channel.Uri) { Content = JsonBody.Content(json) };
        return await SendAsync(channel, request, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Sends a request with the channel's headers.</summary>
    /// <exception cref="OperationCanceledException">The caller gave up; that the endpoint took too long is a value.</exception>
    public async Task<HttpReply> SendAsync(HookChannel channel, HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var authentication = channel.Authentication;
        foreach (var header in channel.Headers)
            // Two values of the header by which the endpoint knows us would be none.
            if (!header.Key.Equals(authentication?.Key, StringComparison.OrdinalIgnoreCase)) request.Add(header);
        if (authentication is not null) request.Add(authentication);

        using var limit = new CancellationTokenSource(Limit, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        var reply = await _client.SendAsync(request, either.Token).ConfigureAwait(false);
        if (reply is HttpReply.Silent { TimedOut: true } or HttpReply.Answered { Fault: BodyFault.Late }) cancellationToken.ThrowIfCancellationRequested();
        if (reply is HttpReply.Silent { Refusal: { } refusal }) await NoteAsync(refusal, cancellationToken).ConfigureAwait(false);
        return reply;
    }

    private async Task NoteAsync(OutboundRefusal refusal, CancellationToken cancellationToken)
    {
        try
        {
            await events.WriteAsync(refusal, "hook", cancellationToken).ConfigureAwait(false);
        }
        catch (CommitFailedException)
        {
            // Nothing was sent, and whoever asked is told.
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();
}
