using System.Text.Json.Nodes;
using Countersign.Hooks;

namespace Countersign.Testing.Delivery;

/// <summary>An endpoint of an event hook. It gives back the value of a verification, and takes events with 204.</summary>
public sealed class EventHookCounterpart : IAsyncDisposable
{
    private readonly LoopbackServer _server = new(request => request.Method == "GET"
        ? Reply.Json(200, new JsonObject { ["verification"] = request.Headers.GetValueOrDefault("x-okta-verification-challenge") }.ToJsonString())
        : Reply.Status(204));

    /// <summary>Where it is.</summary>
    public Uri Uri => new(_server.Address, "/events");

    /// <summary>How it is called.</summary>
    public HookChannel Channel => new() { Uri = Uri, Headers = [new HookHeader("X-Tenant", "a")], Authentication = new HookHeader("X-Api-Key", "events-secret-0123456789") };

    /// <summary>How many requests came.</summary>
    public int Count => _server.Count;

    /// <summary>Answers the next requests with these.</summary>
    public void AnswerWith(params ReadOnlySpan<Reply> replies) => _server.AnswerWith(replies);

    /// <summary>The next request; waits for it, but not forever.</summary>
    public Task<ReceivedRequest> ReceiveAsync() => _server.ReceiveAsync();

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
