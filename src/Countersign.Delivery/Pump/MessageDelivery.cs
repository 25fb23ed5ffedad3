using System.Security.Cryptography;
using Countersign.Delivery.Providers;
using Countersign.Organization;
using Countersign.Outbox;
using Countersign.PhoneNumbers;
using Microsoft.Extensions.Logging;

namespace Countersign.Delivery.Pump;

/// <summary>
/// Brings one message to its end or to its next try: the telephony hook where there is one, then the providers one after the other, each with its time limit. Nothing is sent once
/// the code's life is over.
/// </summary>
public sealed class MessageDelivery(
    MessageReader reader, ProviderRoutes routes, ITelephonyHook hook, IEventSender events, IPushSender push, IOrganizationStore organizations, DeliverySettings settings, TimeProvider clock, ILogger<MessageDelivery> logger)
{
    private const int LongestReason = 200;

    /// <summary>Delivers a message that was taken up, and answers what to note.</summary>
    public async Task<OutboxOutcome> DeliverAsync(OutboxEntry entry)
    {
        using var measured = DeliveryMeter.Begin(entry.Channel);
        var outcome = await TryAsync(entry);
        measured.End(outcome, clock.GetUtcNow() - entry.Created);
        return outcome;
    }

    private async Task<OutboxOutcome> TryAsync(OutboxEntry entry)
    {
        if (HasExpired(entry)) return End(entry, null, OutboxStatus.Expired, null, reason: "EXPIRED");
        if (entry.Channel == Channel.EventHook) return Judge(entry, null, entry.Recipient, await AskAsync(events.SendAsync, entry, entry.Recipient, IEventSender.TimeLimit));
        if (entry.Channel == Channel.Push) return await TellAsync(entry);
        if (await reader.ReadAsync(entry, CancellationToken.None) is not { } message) return End(entry, null, OutboxStatus.Failed, null, reason: "GONE");

        var country = entry.Channel == Channel.Email || !routes.AskForCountry ? null : PhoneNumber.Parse(entry.Recipient)?.Country;
        var (provider, reason) = (entry.Provider, OutboxReasons.NoProvider);
        TimeSpan? retryAfter = null;
        var tried = false;
        // The hook is asked once (contract 15.2): not again once anybody's failure was noted.
        if (entry.Provider is null && OutboxPolicy.IsHooked(entry.Channel, entry.Purpose, await organizations.GetAsync(CancellationToken.None)))
        {
            var answer = await hook.SendAsync(message, CancellationToken.None);
            if (answer.Failure is null) return End(entry, message, OutboxStatus.Sent, answer.Provider, reference: answer.Reference, hooked: answer);
            (provider, reason) = (answer.Provider, answer.Failure);
            if (!routes.For(entry.Channel, country, clock.GetUtcNow()).Any()) return End(entry, message, OutboxStatus.Failed, provider, reason: reason, hooked: answer);
        }
        foreach (var route in routes.For(entry.Channel, country, clock.GetUtcNow()).ToList())
        {
            if (HasExpired(entry)) return End(entry, message, OutboxStatus.Expired, provider, reason: tried ? reason : "EXPIRED");
            tried = true;
            provider = route.Provider.Name;
            var result = await AskAsync(route.Provider.SendAsync, message, provider, Least(route.Settings.TimeLimit, entry.Expires - clock.GetUtcNow()));
            route.Note(result is DeliveryResult.Failed, clock.GetUtcNow());
            DeliveryMeter.Count(entry.Channel, provider, result);
            if (result is not DeliveryResult.Failed failed) return Judge(entry, message, provider, result);
            (reason, retryAfter) = (failed.Reason, Longest(retryAfter, failed.RetryAfter));
        }
        return tried ? Postpone(entry, message, provider!, reason, retryAfter) : End(entry, message, OutboxStatus.Failed, provider, reason: reason);
    }

    private async Task<OutboxOutcome> TellAsync(OutboxEntry entry)
    {
        if (await reader.ReadDeviceAsync(entry, CancellationToken.None) is not { } message) return End(entry, null, OutboxStatus.Failed, null, reason: "GONE");
        var service = message.Content.Subscription.ToString();
        var result = await AskAsync((content, cancellationToken) => push.SendAsync(entry, content, cancellationToken), message.Content, service, Least(push.TimeLimit, entry.Expires - clock.GetUtcNow()));
        DeliveryMeter.Count(entry.Channel, "webPush", result);
        return Judge(entry, message, service, result);
    }

    private OutboxOutcome Judge(OutboxEntry entry, OpenedMessage? message, string provider, DeliveryResult result) => result switch
    {
        DeliveryResult.Accepted accepted => End(entry, message, OutboxStatus.Sent, provider, reference: Bounded(accepted.Reference)),
        DeliveryResult.Rejected rejected => End(entry, message, OutboxStatus.Failed, provider, reason: Bounded(rejected.Reason)),
        DeliveryResult.Failed failed => Postpone(entry, message, provider, failed.Reason, failed.RetryAfter),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>The next try, while the code still lives then; each waits twice as long as the one before, give or take half.</summary>
    private OutboxOutcome Postpone(OutboxEntry entry, OpenedMessage? message, string provider, string reason, TimeSpan? retryAfter)
    {
        var now = clock.GetUtcNow();
        var doubled = settings.FirstRetry * Math.Pow(2, Math.Min(entry.Attempts - 1, 30));
        var wait = Longest(Least(doubled, settings.LongestRetry) * (RandomNumberGenerator.GetInt32(500, 1_500) / 1_000d), retryAfter)!.Value;
        if (now + wait >= entry.Expires) return End(entry, message, OutboxStatus.Failed, provider, reason: Bounded(reason));
        return new OutboxOutcome { Entry = entry, Status = OutboxStatus.Waiting, Due = now + wait, Provider = provider, Reason = Bounded(reason) };
    }

    private static OutboxOutcome End(
        OutboxEntry entry, OpenedMessage? message, OutboxStatus status, string? provider, string? reference = null, string? reason = null, HookVerdict? hooked = null) => new()
        {
            Entry = entry,
            Status = status,
            Provider = provider,
            Reference = reference,
            Reason = reason,
            Events = DeliveryEvents.Of(entry, message, status, provider, reason, hooked),
        };

    private async ValueTask<DeliveryResult> AskAsync<T>(Func<T, CancellationToken, ValueTask<DeliveryResult>> send, T what, string provider, TimeSpan limit)
    {
        using var timed = new CancellationTokenSource(limit);
        try
        {
            return await send(what, timed.Token).AsTask().WaitAsync(timed.Token);
        }
        catch (OperationCanceledException) when (timed.IsCancellationRequested)
        {
            return new DeliveryResult.Failed("TIMEOUT");
        }
        catch (Exception exception)
        {
            logger.LogWarning(EventIds.ProviderFailed, exception, "Provider {Provider} failed", provider);
            return new DeliveryResult.Failed(exception.GetType().Name);
        }
    }

    private bool HasExpired(OutboxEntry entry) => clock.GetUtcNow() >= entry.Expires;

    private static TimeSpan Least(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private static TimeSpan? Longest(TimeSpan? one, TimeSpan? other) => one is null || other > one ? other ?? one : one;

    private static string? Bounded(string? text) => text?.Length > LongestReason ? text[..LongestReason] : text;
}

/// <summary>Asks the organisation's telephony hook (contract 15.2).</summary>
public interface ITelephonyHook
{
    /// <summary>Has a code sent by the hook.</summary>
    ValueTask<HookVerdict> SendAsync(RenderedMessage message, CancellationToken cancellationToken);
}

/// <summary>What the telephony hook did with a message.</summary>
/// <param name="HookId">The hook.</param>
/// <param name="HookName">Its name.</param>
/// <param name="Provider">Who sent it: the hook's id, with the provider that it named.</param>
/// <param name="Reference">The id that it gave; null when it failed or gave none.</param>
/// <param name="Failure">One of <see cref="OutboxReasons"/>; null when it sent.</param>
/// <param name="Detail">What it said; null for nothing.</param>
public sealed record HookVerdict(string HookId, string HookName, string Provider, string? Reference, string? Failure, string? Detail);

/// <summary>Sends events to event hooks (contract 15.3).</summary>
public interface IEventSender
{
    /// <summary>How long a hook may take; a little more than it is given by the contract.</summary>
    static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(5);

    /// <summary>Sends the events that a message names.</summary>
    ValueTask<DeliveryResult> SendAsync(OutboxEntry entry, CancellationToken cancellationToken);
}
