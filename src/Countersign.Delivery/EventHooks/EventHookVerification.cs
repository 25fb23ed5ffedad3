namespace Countersign.Delivery.EventHooks;

/// <summary>What came of the one-time verification of an event hook (contract 15.3). Closed: nothing outside this file can add a case.</summary>
public abstract record EventHookVerification
{
    private EventHookVerification() { }

    /// <summary>The endpoint gave the value back.</summary>
    public sealed record Verified : EventHookVerification;

    /// <summary>It answered something else.</summary>
    /// <param name="Reason">What is wrong with it.</param>
    public sealed record Refused(string Reason) : EventHookVerification;

    /// <summary>No answer came in time, or there was no connection.</summary>
    /// <param name="Reason">Which of both.</param>
    public sealed record Silent(string Reason) : EventHookVerification;
}
