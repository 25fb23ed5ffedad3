namespace Countersign.Delivery.EventHooks;

/// <summary>What came of a delivery to an event hook (contract 15.3). Closed: nothing outside this file can add a case.</summary>
public abstract record EventHookAnswer
{
    private EventHookAnswer() { }

    /// <summary>The endpoint took the events.</summary>
    public sealed record Delivered : EventHookAnswer;

    /// <summary>The endpoint wants none of it (4xx, or another answer that the contract has not): not tried again.</summary>
    /// <param name="Reason">Its status.</param>
    public sealed record Refused(string Reason) : EventHookAnswer;

    /// <summary>No answer in time, no connection, or a server's failure (5xx): may be tried once more.</summary>
    /// <param name="Reason">Which of them.</param>
    public sealed record Failed(string Reason) : EventHookAnswer;
}
