using Countersign.Requests;

namespace Countersign.SystemLog;

/// <summary>One event of the system log (contract 16), as decided; its uuid, sequence and time are given by the commit that stores it.</summary>
public sealed record LogEvent
{
    /// <summary>One of <see cref="LogEventTypes"/>.</summary>
    public required string EventType { get; init; }
    /// <summary><c>SUCCESS</c>, <c>FAILURE</c>, <c>DENY</c>, … (contract 16.2).</summary>
    public string Outcome { get; init; } = "SUCCESS";
    /// <summary>Short upper-case text, or free text; null for none.</summary>
    public string? Reason { get; init; }
    /// <summary><c>DEBUG</c>, <c>INFO</c>, <c>WARN</c>, <c>ERROR</c>.</summary>
    public string Severity { get; init; } = "INFO";
    /// <summary>Who did it.</summary>
    public required LogSubject Actor { get; init; }
    /// <summary>To whom and what; the actor itself may be among them.</summary>
    public IReadOnlyList<LogSubject> Targets { get; init; } = [];
    /// <summary>The request that caused it; null for the service's own doing.</summary>
    public RequestContext? Request { get; init; }
    /// <summary>The factor's kind as the log names it, for example <c>SMS_FACTOR</c>; in the debug data.</summary>
    public string? Factor { get; init; }
    /// <summary>What else is in the debug data, by name; null for nothing.</summary>
    public IReadOnlyDictionary<string, string>? Details { get; init; }
}
