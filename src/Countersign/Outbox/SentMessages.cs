using System.Collections.Concurrent;
using Countersign.Factors;
using Countersign.Organization;
using Countersign.SendLimits;

namespace Countersign.Outbox;

/// <summary>
/// What follows a commit that sends: the pump is woken, the conversion counted; and where a telephony hook is asked, its word is waited for, because the request fails with it
/// (contract 15.2). The code stays committed either way.
/// </summary>
public sealed class SentMessages(IOutbox outbox, OutboxSignal signal, ConversionWatch conversion, SendGuard guard)
{
    // The hook has 3 seconds; the rest is for the way there and back.
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<string, TaskCompletionSource<OutboxOutcome>> _awaited = new(StringComparer.Ordinal);

    /// <summary>Takes note of a message that was committed. The refusal when the hook failed and nobody else sends.</summary>
    public async ValueTask<Refusal?> AcceptAsync(OutboxMessage message, OrganizationSettings organization, CancellationToken cancellationToken)
    {
        if (message.Channel is Channel.Sms or Channel.Call && message.Purpose != MessagePurpose.ActivationLink) conversion.Sent(guard.RangeOf(message.Recipient), message.Expires);
        if (message.Status != OutboxStatus.Waiting) return null;
        if (!OutboxPolicy.IsHooked(message.Channel, message.Purpose, organization))
        {
            signal.Wake();
            return null;
        }
        var awaited = _awaited.GetOrAdd(message.Id, _ => new TaskCompletionSource<OutboxOutcome>(TaskCreationOptions.RunContinuationsAsynchronously));
        signal.Wake();
        try
        {
            var outcome = await awaited.Task.WaitAsync(LongestWait, cancellationToken);
            return outcome.Status == OutboxStatus.Failed ? RefusalOf(outcome.Reason) : null;
        }
        catch (TimeoutException)
        {
            // Another node took it up, or the answer is late.
            return await outbox.FindAsync(message.Id, cancellationToken) is { Status: OutboxStatus.Failed } failed ? RefusalOf(failed.Reason) : null;
        }
        finally
        {
            _awaited.TryRemove(message.Id, out _);
        }
    }

    /// <summary>A code that went to this number was verified; null: to none.</summary>
    public void Verified(string? phone)
    {
        if (phone is not null) conversion.Verified(guard.RangeOf(phone));
    }

    /// <summary>Tells whoever waits for it what became of a message.</summary>
    public void Report(OutboxOutcome outcome)
    {
        if (_awaited.TryGetValue(outcome.Entry.Id, out var awaited)) awaited.TrySetResult(outcome);
    }

    private static Refusal? RefusalOf(string? reason) => reason switch
    {
        OutboxReasons.HookUnreadable => Refusal.HookUnreadable,
        OutboxReasons.HookRefused => Refusal.HookRefused,
        OutboxReasons.HookSilent => Refusal.HookSilent,
        _ => null,
    };
}

/// <summary>The reasons of failures that something hangs on.</summary>
public static class OutboxReasons
{
    /// <summary>The telephony hook's answer could not be read.</summary>
    public const string HookUnreadable = "HOOK_UNREADABLE";
    /// <summary>The telephony hook said no.</summary>
    public const string HookRefused = "HOOK_REFUSED";
    /// <summary>The telephony hook did not answer.</summary>
    public const string HookSilent = "HOOK_SILENT";
    /// <summary>No provider is set up for the channel and the country.</summary>
    public const string NoProvider = "NO_PROVIDER";
}
