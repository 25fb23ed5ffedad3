using Countersign.Outbound;

namespace Countersign.Integrations.Http;

/// <summary>What went wrong with a request (workflow contract 17). The names are those of the wire.</summary>
public enum HttpFaultKind
{
    /// <summary>An expression could not be filled; nothing was sent.</summary>
    Missing,
    /// <summary>The request cannot be sent as it is written.</summary>
    Invalid,
    /// <summary>The outbound guard refused the target.</summary>
    Blocked,
    /// <summary>The name was not found.</summary>
    Dns,
    /// <summary>No connection could be made.</summary>
    Connect,
    /// <summary>TLS could not be agreed on, or the certificate is not trusted.</summary>
    Tls,
    /// <summary>It took too long.</summary>
    Timeout,
    /// <summary>The connection ended before the answer did.</summary>
    Reset,
    /// <summary>The answer is larger than allowed.</summary>
    TooLarge,
    /// <summary>What came is not HTTP, or not packed as it says.</summary>
    BadResponse,
    /// <summary>Somebody cancelled it.</summary>
    Cancelled,
}

/// <summary>What went wrong with a request.</summary>
/// <param name="Kind">Which sort of fault.</param>
/// <param name="Message">One sentence for people; names host and port, never the whole address, no secret.</param>
public sealed record HttpFault(HttpFaultKind Kind, string Message)
{
    /// <summary>The refusal, where <see cref="Kind"/> is <see cref="HttpFaultKind.Blocked"/>.</summary>
    public OutboundRefusal? Refusal { get; init; }

    /// <summary>Whether the same request would fail again (workflow contract 8.6).</summary>
    public bool IsTerminal => Kind is HttpFaultKind.Missing or HttpFaultKind.Invalid or HttpFaultKind.Blocked or HttpFaultKind.TooLarge;

    /// <summary>A request that cannot be sent as it is written.</summary>
    public static HttpFault Invalid(string message) => new(HttpFaultKind.Invalid, message);

    /// <summary>A target that may not be called.</summary>
    public static HttpFault Blocked(OutboundRefusal refusal) => new(HttpFaultKind.Blocked, refusal.Message) { Refusal = refusal };
}

/// <summary>The names of the faults on the wire.</summary>
public static class HttpFaultKinds
{
    private static readonly string[] Names = ["missing", "invalid", "blocked", "dns", "connect", "tls", "timeout", "reset", "tooLarge", "badResponse", "cancelled"];

    extension(HttpFaultKind kind)
    {
        /// <summary>The name on the wire.</summary>
        public string Name => Names[(int)kind];
    }
}
