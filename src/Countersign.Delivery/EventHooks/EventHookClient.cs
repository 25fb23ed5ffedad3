using System.Net;
using Countersign.Delivery.Hooks;
using Countersign.Delivery.Http;
using Countersign.Hooks;
using Countersign.Outbound;

namespace Countersign.Delivery.EventHooks;

/// <summary>Calls event hooks (contract 15.3). Every call is one try; whether there is another is the caller's to decide. Thread-safe.</summary>
public sealed class EventHookClient(TimeProvider clock, OutboundGuard guard, OutboundEvents events) : IDisposable
{
    /// <summary>The header that carries the value of a verification.</summary>
    public const string ChallengeHeader = "x-okta-verification-challenge";

    private readonly HookCalls _calls = new(clock, guard, events);

    /// <summary>Asks an endpoint once whether it knows of us: it has to give back the value, within three seconds.</summary>
    /// <param name="channel">How the endpoint is called.</param>
    /// <param name="challenge">The value; visible ASCII.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    public async Task<EventHookVerification> VerifyAsync(HookChannel channel, string challenge, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, channel.Uri);
        request.Headers.Add(ChallengeHeader, challenge);
        return await _calls.SendAsync(channel, request, cancellationToken).ConfigureAwait(false) switch
        {
            HttpReply.Silent silent => new EventHookVerification.Silent(silent.Reason),
            HttpReply.Answered { Fault: BodyFault.Late } late => new EventHookVerification.Silent(late.Fault.Reason),
            HttpReply.Answered { IsSuccess: false } answer => new EventHookVerification.Refused($"status {(int)answer.Status}"),
            HttpReply.Answered { Fault: not BodyFault.None } broken => new EventHookVerification.Refused(broken.Fault.Reason),
            HttpReply.Answered answer when JsonBody.ReadObject(answer.Body)?.Text("verification") == challenge => new EventHookVerification.Verified(),
            HttpReply.Answered => new EventHookVerification.Refused("the answer does not give the value back"),
            _ => new EventHookVerification.Refused("the answer is not HTTP"),
        };
    }

    /// <summary>Posts events. The endpoint has three seconds.</summary>
    /// <param name="hook">The hook.</param>
    /// <param name="batch">The events.</param>
    /// <param name="baseUrl">The public address of this server.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    public async Task<EventHookAnswer> DeliverAsync(HookEndpoint hook, EventBatch batch, string baseUrl, CancellationToken cancellationToken)
        => await _calls.PostAsync(hook.Channel, batch.Write(hook, baseUrl), cancellationToken).ConfigureAwait(false) switch
        {
            // The status is the whole answer; nothing is asked of the body.
            HttpReply.Answered { IsSuccess: true } => new EventHookAnswer.Delivered(),
            HttpReply.Answered { Status: >= HttpStatusCode.InternalServerError } answer => new EventHookAnswer.Failed($"status {(int)answer.Status}"),
            HttpReply.Answered answer => new EventHookAnswer.Refused($"status {(int)answer.Status}"),
            HttpReply.Silent silent => new EventHookAnswer.Failed(silent.Reason),
            _ => new EventHookAnswer.Failed("the answer is not HTTP"),
        };

    /// <inheritdoc/>
    public void Dispose() => _calls.Dispose();
}
