namespace Countersign.SystemLog;

/// <summary>Somebody or something that the log names: an actor or a target (contract 16.2).</summary>
/// <param name="Id">The id.</param>
/// <param name="Type"><c>User</c>, <c>AuthenticatorEnrollment</c>, <c>Token</c>, <c>SystemPrincipal</c>, …</param>
/// <param name="AlternateId">The login, or <c>unknown</c>.</param>
/// <param name="DisplayName">What a person calls it.</param>
public sealed record LogSubject(string Id, string Type, string AlternateId, string DisplayName)
{
    /// <summary>The service itself, for what happens without a request.</summary>
    public static readonly LogSubject System = new("system", "SystemPrincipal", "system@countersign", "Countersign");
}
