using System.Text.Json.Nodes;
using Countersign.Delivery.Hooks;
using Countersign.Delivery.Pump;
using Countersign.Hooks;
using Countersign.Organization;
using Countersign.Outbox;
using Countersign.Sealing;
using Countersign.SystemLog;

namespace Countersign.Delivery.EventHooks;

/// <summary>Sends what the outbox holds for event hooks (contract 15.3): one retry after a timeout or a server's failure, none after a refusal. Thread-safe.</summary>
public sealed class EventHookSender(EventHookClient client, IOrganizationStore organizations, ISystemLog log, IVault vault, HookSource source) : IEventSender
{
    private const int MostTries = 2;

    /// <summary>Sends a message once. <see cref="DeliveryResult.Failed"/> asks for another try, and comes of the first alone.</summary>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    public async ValueTask<DeliveryResult> SendAsync(OutboxEntry entry, CancellationToken cancellationToken)
    {
        var organization = await organizations.GetAsync(cancellationToken).ConfigureAwait(false);
        if (!organization.EventHooks.TryGetValue(entry.Recipient, out var hook)) return new DeliveryResult.Rejected("the hook was removed");
        if (hook is not { IsActive: true, IsVerified: true }) return new DeliveryResult.Rejected("the hook is not active and verified");
        var events = await ReadAsync(EventMessage.Open(vault, entry.Id, entry.Content.Span), cancellationToken).ConfigureAwait(false);
        if (events.Count == 0) return new DeliveryResult.Rejected("the events were removed from the log");
        var batch = new EventBatch(entry.Id, entry.Created, events);
        return await client.DeliverAsync(vault.Open(hook), batch, source.BaseUrl, cancellationToken).ConfigureAwait(false) switch
        {
            EventHookAnswer.Delivered => new DeliveryResult.Accepted(null),
            EventHookAnswer.Refused refused => new DeliveryResult.Rejected(refused.Reason),
            EventHookAnswer.Failed failed when entry.Attempts >= MostTries => new DeliveryResult.Rejected(failed.Reason),
            EventHookAnswer.Failed failed => new DeliveryResult.Failed(failed.Reason),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    private async ValueTask<JsonArray> ReadAsync(EventMessage message, CancellationToken cancellationToken)
    {
        var entries = await log.ReadAsync(message.Events[0], message.Events[^1], EventMessage.MostRead, descending: false, cancellationToken).ConfigureAwait(false);
        return [.. entries.Where(entry => message.Events.Contains(entry.Seq)).Select(LogDocuments.Document)];
    }
}
