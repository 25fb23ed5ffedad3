namespace Countersign.Delivery.Smpp;

/// <summary>What came of a request.</summary>
/// <param name="Status">The response's status; only when there is a response.</param>
/// <param name="MessageId">The server's id of a submitted message; null for none.</param>
/// <param name="Missing">Why there is no response; null when there is one.</param>
internal readonly record struct SmppAnswer(uint Status, string? MessageId, string? Missing)
{
    /// <summary>Whether the server did what was asked.</summary>
    public bool IsOk => Missing is null && Status == CommandStatus.Ok;

    /// <summary>No response, and why.</summary>
    public static SmppAnswer None(string reason) => new(default, null, reason);

    /// <summary>Says how it went.</summary>
    public override string ToString() => Missing ?? CommandStatus.Name(Status);
}
