using Countersign.Delivery.Hooks;
using Countersign.Delivery.Pump;
using Countersign.Hooks;
using Countersign.Organization;
using Countersign.Outbox;
using Countersign.Sealing;

namespace Countersign.Delivery.TelephonyHook;

/// <summary>Asks the organisation's active telephony hook (contract 15.2).</summary>
public sealed class TelephonyHook(IOrganizationStore organizations, IVault vault, TelephonyHookClient client, HookSource source) : ITelephonyHook
{
    /// <inheritdoc/>
    public async ValueTask<HookVerdict> SendAsync(RenderedMessage message, CancellationToken cancellationToken)
    {
        if ((await organizations.GetAsync(cancellationToken)).TelephonyHook is not { } hook) return new HookVerdict("unknown", "unknown", "unknown", null, OutboxReasons.HookSilent, "the hook is gone");
        var answer = await client.SendAsync(vault.Open(hook), message, source.BaseUrl, cancellationToken);
        return answer switch
        {
            HookAnswer.Sent sent => new HookVerdict(hook.Id, hook.Name, sent.Provider is null ? hook.Id : $"{hook.Id}/{sent.Provider}", sent.TransactionId, null, null),
            HookAnswer.Refused refused => Failed(OutboxReasons.HookRefused, refused.Summary),
            HookAnswer.Unreadable unreadable => Failed(OutboxReasons.HookUnreadable, unreadable.Reason),
            HookAnswer.Silent silent => Failed(OutboxReasons.HookSilent, silent.Reason),
            _ => throw new System.Diagnostics.UnreachableException(),
        };

        HookVerdict Failed(string failure, string detail) => new(hook.Id, hook.Name, hook.Id, null, failure, detail);
    }
}
