using System.Text.Json.Nodes;
using Countersign.Delivery.Hooks;
using Countersign.Delivery.Http;
using Countersign.Hooks;
using Countersign.Identifiers;
using Countersign.Outbound;
using Countersign.Outbox;

namespace Countersign.Delivery.TelephonyHook;

/// <summary>Has text messages and calls sent by a telephony hook, an endpoint of the organization's own (contract 15.2). A hook is called once. Thread-safe.</summary>
public sealed class TelephonyHookClient(TimeProvider clock, OutboundGuard guard, OutboundEvents events) : IDisposable
{
    private const int EventIdLength = 22;

    private readonly HookCalls _calls = new(clock, guard, events);

    /// <summary>Gives a message to the endpoint. Its answer is waited for three seconds.</summary>
    /// <param name="hook">The active telephony hook.</param>
    /// <param name="message">A text message or a call.</param>
    /// <param name="baseUrl">The public address of this server.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    public async Task<HookAnswer> SendAsync(HookEndpoint hook, RenderedMessage message, string baseUrl, CancellationToken cancellationToken)
    {
        if (message.Channel is not (Channel.Sms or Channel.Call) || message.Code is null)
            throw new ArgumentException($"a telephony hook sends codes by SMS and call, not '{message.Channel.Name}' for {message.Purpose.Name}", nameof(message));
        var body = TelephonyRequest.Write(hook, message, baseUrl, Identifier.NewSecret(EventIdLength), clock.GetUtcNow());
        var answer = TelephonyResponse.Read(await _calls.PostAsync(hook.Channel, body, cancellationToken).ConfigureAwait(false));
        return answer is HookAnswer.Refused refused ? new HookAnswer.Refused(WithoutSecrets(refused.Summary, message)) : answer;
    }

    /// <summary>Posts a body as a preview, as it is, and gives back what the endpoint answered.</summary>
    /// <param name="channel">How the hook is called.</param>
    /// <param name="body">The body; not changed.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    public async Task<HookPreview> ExecuteAsync(HookChannel channel, JsonObject body, CancellationToken cancellationToken)
    {
        var json = JsonBody.Write(writer =>
        {
            foreach (var (name, value) in body)
            {
                writer.WritePropertyName(name);
                if (value is null) writer.WriteNullValue(); else value.WriteTo(writer);
            }
        });
        return await _calls.PostAsync(channel, json, cancellationToken).ConfigureAwait(false) switch
        {
            HttpReply.Silent silent => new HookPreview.Silent(silent.Reason),
            HttpReply.Answered { Fault: BodyFault.Late } late => new HookPreview.Silent(late.Fault.Reason),
            HttpReply.Answered { Fault: not BodyFault.None } broken => new HookPreview.Unreadable(broken.Fault.Reason),
            HttpReply.Answered answer when JsonBody.ReadObject(answer.Body) is { } answered => new HookPreview.Answered((int)answer.Status, answered),
            HttpReply.Answered answer => new HookPreview.Unreadable($"status {(int)answer.Status} without a JSON object"),
            _ => new HookPreview.Unreadable("the answer is not HTTP"),
        };
    }

    /// <inheritdoc/>
    public void Dispose() => _calls.Dispose();

    /// <summary>Summaries are kept in the system log, and endpoints like to repeat what they were given.</summary>
    private static string WithoutSecrets(string summary, RenderedMessage message)
        => message.WithoutSecrets(summary).Replace(message.Recipient.TrimStart('+'), "…", StringComparison.Ordinal);
}
