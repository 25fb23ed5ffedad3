using System.Collections.Immutable;

namespace Countersign.Integrations.Http;

/// <summary>What was sent and what came of it, whatever the other side did.</summary>
public sealed record HttpExchange
{
    /// <summary>The request as it was last sent: after redirects, with what authentication added.</summary>
    public required SentRequest Request { get; init; }
    /// <summary>The answer; its body may be cut short when there is a fault too; null when none came.</summary>
    public HttpAnswer? Answer { get; init; }
    /// <summary>What went wrong; null when nothing did, whatever the status is.</summary>
    public HttpFault? Fault { get; init; }
    /// <summary>Where the time went, all hops together.</summary>
    public CallTimings Timings { get; init; }
    /// <summary>The address that was connected to last; null when none was.</summary>
    public string? RemoteAddress { get; init; }
    /// <summary>The redirects that were followed.</summary>
    public ImmutableArray<FollowedRedirect> Redirects { get; init; } = [];
    /// <summary>What was left out or looks wrong, for people.</summary>
    public ImmutableArray<string> Warnings { get; init; } = [];
    /// <summary>Values that came up while sending and are nobody else's business: fetched tokens.</summary>
    public ImmutableArray<string> Secrets { get; init; } = [];
}

/// <summary>A request as it was sent.</summary>
public sealed record SentRequest(string Method, Uri Uri, ImmutableArray<KeyValuePair<string, string>> Headers, ReadOnlyMemory<byte>? Body);

/// <summary>An answer.</summary>
/// <param name="StatusCode">The status code.</param>
/// <param name="Headers">The headers in their order, each with its values.</param>
/// <param name="Body">The body, unpacked: all of it, or as much as was allowed.</param>
/// <param name="IsTruncated">Whether there was more.</param>
/// <param name="AnnouncedBytes">The length that the other side announced, packed; null when it did not.</param>
/// <param name="HttpVersion">For example <c>1.1</c>.</param>
public sealed record HttpAnswer(int StatusCode, ImmutableArray<KeyValuePair<string, ImmutableArray<string>>> Headers, ReadOnlyMemory<byte> Body, bool IsTruncated, long? AnnouncedBytes, string HttpVersion)
{
    /// <summary>The standard phrase of the code; empty for a code without one.</summary>
    public string ReasonPhrase => PhraseOf(StatusCode);

    /// <summary>The first value of a header; null when it is absent.</summary>
    public string? Header(string name)
    {
        foreach (var header in Headers)
            if (header.Key.Equals(name, StringComparison.OrdinalIgnoreCase) && header.Value.Length > 0) return header.Value[0];
        return null;
    }

    /// <summary>The standard phrase of a code.</summary>
    public static string PhraseOf(int statusCode)
    {
        using var message = new HttpResponseMessage((System.Net.HttpStatusCode)statusCode);
        return message.ReasonPhrase ?? "";
    }
}

/// <summary>A redirect that was followed.</summary>
/// <param name="StatusCode">The code that asked for it.</param>
/// <param name="Uri">Where it led.</param>
public sealed record FollowedRedirect(int StatusCode, Uri Uri);

/// <summary>Where the time of a call went.</summary>
/// <param name="Dns">Looking the name up.</param>
/// <param name="Connect">Connecting.</param>
/// <param name="Tls">Agreeing on TLS.</param>
/// <param name="Send">Sending the request.</param>
/// <param name="FirstByte">From then until the headers of the answer.</param>
/// <param name="Download">Reading the body.</param>
/// <param name="Total">All of it, what is between included.</param>
public readonly record struct CallTimings(TimeSpan Dns, TimeSpan Connect, TimeSpan Tls, TimeSpan Send, TimeSpan FirstByte, TimeSpan Download, TimeSpan Total);

/// <summary>Bounds of one call.</summary>
/// <param name="LongestBody">Bytes of the unpacked body that are read.</param>
/// <param name="Total">The longest that the call takes, redirects included.</param>
public sealed record CallLimits(int LongestBody, TimeSpan Total)
{
    /// <summary>Whether a longer body is cut off; else it is a fault.</summary>
    public bool CutsBody { get; init; }
    /// <summary>Whether a connection of its own is made, so that every part of the time is seen.</summary>
    public bool UsesOwnConnection { get; init; }
    /// <summary>What calls, for the system log.</summary>
    public required string Caller { get; init; }
    /// <summary>Values that were put in from secrets: they go to no other origin.</summary>
    public IReadOnlyCollection<string> Secrets { get; init; } = [];
}
