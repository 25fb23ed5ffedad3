using System.Net;
using Countersign.Outbound;

namespace Countersign.Delivery.Http;

/// <summary>What came of one HTTP request. Closed: nothing outside this file can add a case.</summary>
internal abstract record HttpReply
{
    private HttpReply() { }

    /// <summary>An answer came; its body may still be missing.</summary>
    /// <param name="Status">The status.</param>
    /// <param name="Body">The whole body; empty when <paramref name="Fault"/> says that it could not be read.</param>
    /// <param name="Fault">What is wrong with the body.</param>
    /// <param name="RetryAfter">How long the other side asks to be left alone; null when it says nothing.</param>
    public sealed record Answered(HttpStatusCode Status, ReadOnlyMemory<byte> Body, BodyFault Fault, TimeSpan? RetryAfter) : HttpReply
    {
        /// <summary>Whether the status is one of 200 to 299.</summary>
        public bool IsSuccess => (int)Status is >= 200 and <= 299;
    }

    /// <summary>What came is not HTTP.</summary>
    public sealed record Malformed : HttpReply;

    /// <summary>Nothing came: no connection, or no answer on it.</summary>
    /// <param name="TimedOut">Whether there was no time to wait longer; false when the connection failed.</param>
    public sealed record Silent(bool TimedOut) : HttpReply
    {
        /// <summary>Why no connection was made, where the guard refused it.</summary>
        public OutboundRefusal? Refusal { get; init; }
        /// <summary>What happened, for people.</summary>
        public string Reason => Refusal is not null ? Refusal.Message : TimedOut ? "no answer in time" : "no connection";
    }
}

/// <summary>What is wrong with a body.</summary>
internal enum BodyFault
{
    /// <summary>Nothing: it was read whole.</summary>
    None,
    /// <summary>It is longer than the bound.</summary>
    TooLong,
    /// <summary>The connection ended in the middle of it.</summary>
    CutOff,
    /// <summary>It did not end in time.</summary>
    Late,
}

/// <summary>The faults in words.</summary>
internal static class BodyFaults
{
    extension(BodyFault fault)
    {
        /// <summary>What happened, for people.</summary>
        public string Reason => fault switch
        {
            BodyFault.TooLong => "the answer is too long",
            BodyFault.CutOff => "the answer was cut off",
            BodyFault.Late => "the answer did not end in time",
            _ => "",
        };
    }
}
