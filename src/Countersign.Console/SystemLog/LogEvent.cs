using System.Text.Json;
using System.Text.Json.Serialization;

namespace Countersign.Console.SystemLog;

/// <summary>The parts of a system log event that the list shows.</summary>
public sealed record LogEvent
{
    /// <summary>The stable identifier.</summary>
    public required string Uuid { get; init; }

    /// <summary>When it happened.</summary>
    public DateTimeOffset? Published { get; set; }

    /// <summary><c>DEBUG</c>, <c>INFO</c>, <c>WARN</c> or <c>ERROR</c>.</summary>
    public string Severity { get; set; } = "";

    /// <summary>The stable name, as <c>user.account.lock</c>.</summary>
    public string EventType { get; set; } = "";

    /// <summary>The same for a person.</summary>
    public string DisplayMessage { get; set; } = "";

    /// <summary>How it ended.</summary>
    public LogOutcome? Outcome { get; set; }

    /// <summary>Who did it.</summary>
    public LogParty? Actor { get; set; }

    /// <summary>Where the request came from.</summary>
    public LogClient? Client { get; set; }

    /// <summary>To whom or what it was done.</summary>
    public IReadOnlyList<LogParty>? Target { get; set; }

    /// <summary>The whole document, as the server sent it.</summary>
    [JsonIgnore]
    public JsonElement Document { get; set; }
}

/// <summary>How an event ended.</summary>
public sealed record LogOutcome(string Result = "", string? Reason = null);

/// <summary>A person or thing that an event is about.</summary>
public sealed record LogParty(string Id = "", string Type = "", string? AlternateId = null, string? DisplayName = null)
{
    /// <summary>The best name there is.</summary>
    [JsonIgnore]
    public string Name => DisplayName is { Length: > 0 } ? DisplayName : AlternateId is { Length: > 0 } ? AlternateId : Id;
}

/// <summary>Where a request came from.</summary>
public sealed record LogClient(string? IpAddress = null);
