using System.Text.Json.Nodes;

namespace Countersign.Server.SystemLog;

/// <summary>An event of the system log (contract 16.2).</summary>
internal sealed record LogEventShape
{
    /// <summary>The event's id.</summary>
    public required string Uuid { get; init; }
    /// <summary>When it was committed.</summary>
    public required DateTimeOffset Published { get; init; }
    /// <summary>The version of this form: <c>0</c>.</summary>
    public required string Version { get; init; }
    /// <summary><c>DEBUG</c>, <c>INFO</c>, <c>WARN</c> or <c>ERROR</c>.</summary>
    public required string Severity { get; init; }
    /// <summary>For example <c>user.authentication.auth_via_mfa</c>.</summary>
    public required string EventType { get; init; }
    /// <summary>What happened, for a person.</summary>
    public required string DisplayMessage { get; init; }
    /// <summary>How it ended, and why.</summary>
    public required LogOutcomeShape Outcome { get; init; }
    /// <summary>Who did it.</summary>
    public required LogSubjectShape Actor { get; init; }
    /// <summary>To whom and what it was done.</summary>
    public LogSubjectShape[]? Target { get; init; }
    /// <summary>Where the request came from.</summary>
    public JsonObject? Client { get; init; }
    /// <summary>The request that caused it, and its API token.</summary>
    public required JsonObject Transaction { get; init; }
    /// <summary>What else is known; its members are not settled.</summary>
    public required JsonObject DebugContext { get; init; }
}

/// <summary>How an event ended.</summary>
/// <param name="Result">For example <c>SUCCESS</c>.</param>
/// <param name="Reason">Why; null when there is nothing to say.</param>
internal sealed record LogOutcomeShape(string Result, string? Reason);

/// <summary>Somebody or something that the log names.</summary>
/// <param name="Id">The id.</param>
/// <param name="Type">For example <c>User</c>.</param>
/// <param name="AlternateId">The login of a user.</param>
/// <param name="DisplayName">What a person calls it.</param>
internal sealed record LogSubjectShape(string Id, string Type, string AlternateId, string DisplayName);
