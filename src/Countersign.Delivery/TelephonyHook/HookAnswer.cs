namespace Countersign.Delivery.TelephonyHook;

/// <summary>What a telephony hook said (contract 15.2). Closed: nothing outside this file can add a case.</summary>
public abstract record HookAnswer
{
    private HookAnswer() { }

    /// <summary>The message is sent, or will be.</summary>
    /// <param name="Provider">The provider that the endpoint used; null when it does not say. At most 200 characters.</param>
    /// <param name="TransactionId">That provider's id of the message; null when the endpoint does not say. At most 200 characters.</param>
    /// <param name="Status">What is known of it.</param>
    public sealed record Sent(string? Provider, string? TransactionId, HookSendStatus Status) : HookAnswer;

    /// <summary>The endpoint did not send: <c>FAILED</c>, or an error object (<c>E0000135</c>).</summary>
    /// <param name="Summary">The endpoint's words, or ours where it has none; without the code and the number. At most 200 characters.</param>
    public sealed record Refused(string Summary) : HookAnswer;

    /// <summary>An answer came that is none: another status than 200, no JSON, no action, an unknown status in it (<c>E0000134</c>).</summary>
    /// <param name="Reason">What is wrong with it.</param>
    public sealed record Unreadable(string Reason) : HookAnswer;

    /// <summary>No answer came in time, or there was no connection (<c>E0000137</c>).</summary>
    /// <param name="Reason">Which of both.</param>
    public sealed record Silent(string Reason) : HookAnswer;
}

/// <summary>What a telephony hook knows of a message that it took.</summary>
public enum HookSendStatus
{
    /// <summary><c>SUCCESSFUL</c>: it was sent.</summary>
    Successful,
    /// <summary><c>PENDING</c>: it was accepted, delivery is not known.</summary>
    Pending,
}
