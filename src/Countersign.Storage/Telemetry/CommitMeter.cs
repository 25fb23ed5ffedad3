using System.Diagnostics;
using System.Diagnostics.Metrics;
using Countersign.Storage.Commits;
using Countersign.Telemetry;

namespace Countersign.Storage.Telemetry;

/// <summary>Measures the shared commits of one store. While nobody listens, a commit costs two comparisons more.</summary>
internal sealed class CommitMeter : IDisposable
{
    /// <summary>Activities around load, decide and commit.</summary>
    public static readonly ActivitySource Activities = new(TelemetryNames.Countersign);

    private const int MostLinks = 128;
    private static readonly InstrumentAdvice<int> Sizes = new() { HistogramBucketBoundaries = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512] };
    private static readonly InstrumentAdvice<double> Seconds = new() { HistogramBucketBoundaries = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 1, 5] };

    private readonly Meter _meter = new(TelemetryNames.Countersign);
    private readonly Histogram<int> _size;
    private readonly Histogram<double> _duration;

    /// <param name="waiting">How many decisions and writes wait.</param>
    public CommitMeter(Func<int> waiting)
    {
        _size = _meter.CreateHistogram("countersign.commit.size", "{request}", "Requests that travelled in one commit.", tags: null, Sizes);
        _duration = _meter.CreateHistogram("countersign.commit.duration", "s", "Time from the start of a commit to its end on disk.", tags: null, Seconds);
        _meter.CreateObservableGauge("countersign.commit.queue", waiting, "{request}", "Requests that wait for a commit.");
    }

    /// <summary>The request that waits, for the commit's trace; nothing while nobody traces.</summary>
    public static ActivityContext Waiting() => Activities.HasListeners() ? Activity.Current?.Context ?? default : default;

    /// <summary>Begins to measure a commit.</summary>
    public Measured Begin(IReadOnlyList<object> batch) => new(this, batch.Count, Stopwatch.GetTimestamp(), Activities.HasListeners() ? Trace(batch) : null);

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();

    /// <summary>One commit serves many requests, so it is nobody's child: it links to those that it serves.</summary>
    private static Activity? Trace(IReadOnlyList<object> batch)
    {
        var links = batch.OfType<Decision>().Select(decision => decision.Request).Where(request => request != default).Take(MostLinks).Select(request => new ActivityLink(request));
        return Activities.StartActivity("shared commit", ActivityKind.Internal, parentContext: default, links: [.. links])?.SetTag("countersign.commit.size", batch.Count);
    }

    /// <summary>A commit being measured.</summary>
    public readonly struct Measured(CommitMeter meter, int size, long startedAt, Activity? activity) : IDisposable
    {
        /// <summary>The commit failed.</summary>
        public void Fail(Exception exception) => activity?.SetStatus(ActivityStatusCode.Error, exception.GetType().Name);

        public void Dispose()
        {
            activity?.Dispose();
            if (meter._size.Enabled) meter._size.Record(size);
            if (meter._duration.Enabled) meter._duration.Record(Stopwatch.GetElapsedTime(startedAt).TotalSeconds);
        }
    }
}
