using System.Text.Json;

namespace Countersign.Integrations.Workflows;

/// <summary>A task definition (workflow contract 4): a view of its document.</summary>
/// <param name="document">The document: it owns its memory.</param>
public sealed class TaskDefinition(JsonElement document)
{
    /// <summary>The document, unknown properties included.</summary>
    public JsonElement Document { get; } = document;
    /// <summary>The name.</summary>
    public string Name => field ??= Document.TextOf("name") ?? "";
    /// <summary>Attempts after the first; 3 unless said.</summary>
    public int RetryCount => (int)Math.Clamp(Document.NumberOf("retryCount") ?? 3, 0, int.MaxValue);
    /// <summary>How the delay grows.</summary>
    public RetryLogic RetryLogic => Document.TextOf("retryLogic") switch
    {
        "LINEAR_BACKOFF" => RetryLogic.LinearBackoff,
        "EXPONENTIAL_BACKOFF" => RetryLogic.ExponentialBackoff,
        _ => RetryLogic.Fixed,
    };
    /// <summary>Seconds of the first delay; 60 unless said.</summary>
    public long RetryDelaySeconds => Math.Max(Document.NumberOf("retryDelaySeconds") ?? 60, 0);
    /// <summary>The factor of a linear delay; 1 unless said.</summary>
    public long BackoffScaleFactor => Math.Max(Document.NumberOf("backoffScaleFactor") ?? 1, 1);
    /// <summary>Seconds that no delay exceeds; 0: no cap.</summary>
    public long MaxRetryDelaySeconds => Math.Max(Document.NumberOf("maxRetryDelaySeconds") ?? 0, 0);
    /// <summary>Milliseconds of which a random part comes on top of each delay.</summary>
    public long BackoffJitterMs => Math.Max(Document.NumberOf("backoffJitterMs") ?? 0, 0);
    /// <summary>How long an attempt may take from its start; null: for ever.</summary>
    public TimeSpan? Timeout => Durations.FromSeconds(Document.NumberOf("timeoutSeconds"));
    /// <summary>How long a worker may be silent; an hour unless said.</summary>
    public TimeSpan ResponseTimeout => Durations.FromSeconds(Document.NumberOf("responseTimeoutSeconds")) ?? TimeSpan.FromHours(1);
    /// <summary>How long it may wait to be fetched; null: for ever.</summary>
    public TimeSpan? PollTimeout => Durations.FromSeconds(Document.NumberOf("pollTimeoutSeconds"));
    /// <summary>How long all attempts and delays together may take; null: for ever.</summary>
    public TimeSpan? TotalTimeout => Durations.FromSeconds(Document.NumberOf("totalTimeoutSeconds"));
    /// <summary>What happens when an attempt takes too long.</summary>
    public TimeoutPolicy TimeoutPolicy => Document.TextOf("timeoutPolicy") switch
    {
        "RETRY" => TimeoutPolicy.Retry,
        "ALERT_ONLY" => TimeoutPolicy.AlertOnly,
        _ => TimeoutPolicy.TimeOutWorkflow,
    };
    /// <summary>Attempts of this name that may run at once; null: any number.</summary>
    public int? ConcurrentExecutionLimit => Document.NumberOf("concurrentExecLimit") is > 0 and <= int.MaxValue and var limit ? (int)limit : null;
    /// <summary>Attempts of this name that may start within <see cref="RateLimitFrequency"/>; null: any number.</summary>
    public int? RateLimitPerFrequency => Document.NumberOf("rateLimitPerFrequency") is > 0 and <= int.MaxValue and var limit ? (int)limit : null;
    /// <summary>The window of <see cref="RateLimitPerFrequency"/>; a second unless said.</summary>
    public TimeSpan RateLimitFrequency => Durations.FromSeconds(Document.NumberOf("rateLimitFrequencyInSeconds")) ?? TimeSpan.FromSeconds(1);
    /// <summary>Fills keys of the input that are absent or came to null.</summary>
    public JsonElement InputTemplate => Document.ObjectOf("inputTemplate");

    /// <summary>The delay after the attempt of this number, without jitter (workflow contract 7.3); saturates at <see cref="Durations.Longest"/>.</summary>
    /// <param name="retryCount">The number of the attempt that failed; 0 for the first.</param>
    public TimeSpan RetryDelay(int retryCount)
    {
        var factor = RetryLogic switch
        {
            RetryLogic.LinearBackoff => (double)BackoffScaleFactor * (retryCount + 1L),
            RetryLogic.ExponentialBackoff => Math.Pow(2, retryCount),
            _ => 1,
        };
        var seconds = Math.Min(RetryDelaySeconds * factor, Durations.Longest.TotalSeconds);
        return TimeSpan.FromSeconds(MaxRetryDelaySeconds > 0 ? Math.Min(seconds, MaxRetryDelaySeconds) : seconds);
    }
}

/// <summary>How the delay before a retry grows.</summary>
public enum RetryLogic
{
    /// <summary>It does not.</summary>
    Fixed,
    /// <summary>By the same each time.</summary>
    LinearBackoff,
    /// <summary>It doubles.</summary>
    ExponentialBackoff,
}

/// <summary>What happens when an attempt takes too long.</summary>
public enum TimeoutPolicy
{
    /// <summary>It becomes TIMED_OUT and is tried again.</summary>
    Retry,
    /// <summary>The execution ends as TIMED_OUT.</summary>
    TimeOutWorkflow,
    /// <summary>Nothing.</summary>
    AlertOnly,
}

/// <summary>Seconds of definitions as durations.</summary>
public static class Durations
{
    /// <summary>Longer ones count as this long: about a hundred years.</summary>
    public static TimeSpan Longest { get; } = TimeSpan.FromDays(36_500);

    /// <summary>Null for absent, 0 and less.</summary>
    public static TimeSpan? FromSeconds(long? seconds) => seconds is > 0 and var some ? TimeSpan.FromSeconds(Math.Min(some, (long)Longest.TotalSeconds)) : null;
}
