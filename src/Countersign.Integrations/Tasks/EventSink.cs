using Countersign.Integrations.Http;

namespace Countersign.Integrations.Tasks;

/// <summary>Where an <c>EVENT</c> task tells of its event: a webhook. Other sinks are kept in definitions and not served (workflow contract 20).</summary>
public static class EventSink
{
    private const string Webhook = "webhook:";

    /// <summary>The address of a webhook: <c>webhook:https://…</c>, or the address alone; null for any other sink.</summary>
    public static string? AddressOf(string? sink)
    {
        if (sink is null) return null;
        var address = sink.StartsWith(Webhook, StringComparison.OrdinalIgnoreCase) ? sink[Webhook.Length..].Trim() : sink.Trim();
        return WebAddress.TryRead(address, out _) ? address : null;
    }
}
