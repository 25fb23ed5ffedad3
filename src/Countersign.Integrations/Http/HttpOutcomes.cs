using System.Globalization;
using System.Net.Http.Headers;
using Countersign.Integrations.Secrets;
using Countersign.Integrations.Tasks;
using Countersign.Integrations.Workflows;
using Countersign.Outbound;

namespace Countersign.Integrations.Http;

/// <summary>What an HTTP task comes to (workflow contract 8.6). Pure.</summary>
internal static class HttpOutcomes
{
    /// <summary>The outcome of a call.</summary>
    /// <param name="exchange">What came of it.</param>
    /// <param name="settings">The request.</param>
    /// <param name="completesLater">Whether a success leaves the task in progress.</param>
    /// <param name="scrubber">Takes secrets out.</param>
    /// <param name="now">The time, for dates in the answer.</param>
    public static TaskOutcome Of(HttpExchange exchange, HttpRequestSettings settings, bool completesLater, Scrubber scrubber, DateTimeOffset now)
    {
        if (exchange.Fault is { Kind: HttpFaultKind.TooLarge } && exchange.Answer is { } large) return TooLarge(large, scrubber);
        if (exchange.Fault is { } fault) return OfFault(fault, scrubber);
        var answer = exchange.Answer!;
        if (HttpOutput.TryWrite(answer, scrubber) is not { } output) return TooLarge(answer, scrubber);
        if (settings.Accepted.Contain(answer.StatusCode)) return new TaskOutcome { Status = completesLater ? AttemptStatus.InProgress : AttemptStatus.Completed, Output = output };
        return new TaskOutcome { Status = AttemptStatus.Failed, Output = output, Reason = HttpOutput.ReasonOf(answer, scrubber), RetryAfter = WaitAsked(answer, now) };
    }

    /// <summary>The outcome of a call that got no answer, or was not made.</summary>
    public static TaskOutcome OfFault(HttpFault fault, Scrubber scrubber)
    {
        var message = scrubber.Scrub(fault.Message);
        return new TaskOutcome
        {
            Status = fault.Kind == HttpFaultKind.Cancelled ? AttemptStatus.Canceled : fault.IsTerminal ? AttemptStatus.FailedWithTerminalError : AttemptStatus.Failed,
            Output = HttpOutput.WriteFault(message),
            Reason = message,
        };
    }

    /// <summary>How long a server that has too much to do asks to be left alone: seconds or a date; at most an hour.</summary>
    public static TimeSpan? WaitAsked(HttpAnswer answer, DateTimeOffset now)
        => answer.StatusCode is 429 or 503 && RetryConditionHeaderValue.TryParse(answer.Header("Retry-After"), out var asked) ? RetryAfter.Read(asked, now) : null;

    private static TaskOutcome TooLarge(HttpAnswer answer, Scrubber scrubber) => new()
    {
        Status = AttemptStatus.FailedWithTerminalError,
        Output = HttpOutput.WriteTooLarge(answer, scrubber),
        Reason = string.Create(CultureInfo.InvariantCulture, $"The answer is larger than {HttpOutput.Largest} bytes, which is the most that a task's output may have."),
    };
}
