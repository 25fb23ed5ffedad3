using Countersign.Hooks;

namespace Countersign.Testing.Delivery;

/// <summary>An endpoint of a telephony hook. It answers <c>SUCCESSFUL</c> to whoever knows its header, and 401 to others.</summary>
public sealed class TelephonyHookCounterpart : IAsyncDisposable
{
    /// <summary>The value of the header <c>Authorization</c> that it asks for.</summary>
    public const string Authorization = "Bearer hook-secret-0123456789";

    private readonly LoopbackServer _server = new(request
        => request.Headers.GetValueOrDefault("Authorization") == Authorization ? Action("SUCCESSFUL") : Reply.Status(401));

    /// <summary>Where it is.</summary>
    public Uri Uri => new(_server.Address, "/telephony?tenant=a");

    /// <summary>How it is called.</summary>
    public HookChannel Channel => new() { Uri = Uri, Headers = [new HookHeader("X-Tenant", "a")], Authentication = new HookHeader("Authorization", Authorization) };

    /// <summary>How many requests came.</summary>
    public int Count => _server.Count;

    /// <summary>The documented answer with this status (contract 15.2).</summary>
    public static Reply Action(string status) => Reply.Json(200,
        $$"""{"commands":[{"type":"com.okta.telephony.action","value":[{"status":"{{status}}","provider":"acme-sms","transactionId":"SM49a8ece2822d44e4adaccd7ed268f954","transactionMetadata":"queue=2"}]}]}""");

    /// <summary>Answers the next requests with these, whoever asks.</summary>
    public void AnswerWith(params ReadOnlySpan<Reply> replies) => _server.AnswerWith(replies);

    /// <summary>The next request; waits for it, but not forever.</summary>
    public Task<ReceivedRequest> ReceiveAsync() => _server.ReceiveAsync();

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
