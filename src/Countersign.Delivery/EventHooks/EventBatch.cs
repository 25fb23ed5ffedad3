using System.Text.Json.Nodes;
using Countersign.Delivery.Http;
using Countersign.Hooks;

namespace Countersign.Delivery.EventHooks;

/// <summary>Events that go to an event hook together. A second try sends the same batch, so that the endpoint can tell.</summary>
/// <param name="Id">The delivery's id (<c>eventId</c>).</param>
/// <param name="Time">When the batch was made (<c>eventTime</c>).</param>
/// <param name="Events">The events as the system log shows them (contract 16.2); not changed.</param>
public sealed record EventBatch(string Id, DateTimeOffset Time, JsonArray Events)
{
    /// <summary>The body (contract 15.3).</summary>
    internal byte[] Write(HookEndpoint hook, string baseUrl) => JsonBody.Write(json =>
    {
        json.WriteString("eventType", "com.okta.event_hook");
        json.WriteString("eventTypeVersion", "1.0");
        json.WriteString("cloudEventsVersion", "0.1");
        json.WriteString("eventId", Id);
        json.WriteString("eventTime", Time.ToTimestamp());
        json.WriteString("source", $"{baseUrl.TrimEnd('/')}/api/v1/eventHooks/{hook.Id}");
        json.WriteString("contentType", "application/json");
        json.WriteStartObject("data");
        json.WritePropertyName("events");
        Events.WriteTo(json);
        json.WriteEndObject();
    });
}
