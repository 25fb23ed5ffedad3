namespace Countersign.Outbox;

/// <summary>A request of which its user said "this was not me": what the user was shown. What is not known is null.</summary>
/// <param name="Asked">When it was made.</param>
/// <param name="Device">The name of the device that the answer came from.</param>
/// <param name="Application">The application that asked.</param>
/// <param name="Address">The client's address.</param>
/// <param name="Place">Where that is, roughly.</param>
/// <param name="UserAgent">The client's user agent.</param>
public sealed record ReportedRequest(DateTimeOffset Asked, string? Device, string? Application, string? Address, string? Place, string? UserAgent)
{
    /// <summary>Nothing of it: addresses do not get into logs by accident.</summary>
    public override string ToString() => nameof(ReportedRequest);
}
