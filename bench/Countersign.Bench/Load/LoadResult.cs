namespace Countersign.Bench.Load;

/// <summary>What one cell showed. Latencies are those of a closed loop: each connection waits for its answer before it asks again.</summary>
internal sealed record LoadResult(
    double RequestsPerSecond,
    TimeSpan Median,
    TimeSpan Percentile99,
    long Expected,
    long Unexpected,
    string UnexpectedSample,
    long ConnectionErrors,
    bool RanOut)
{
    /// <summary>Resident memory of the server and its children at its highest during the cell, in bytes.</summary>
    public long PeakResidentBytes { get; init; }

    /// <summary>Processor time of the server and its children during the cell.</summary>
    public TimeSpan ProcessorTime { get; init; }

    public TimeSpan ProcessorTimePerRequest => Expected + Unexpected == 0 ? TimeSpan.Zero : ProcessorTime / (Expected + Unexpected);

    /// <summary>Why the cell cannot be believed; null when every answer was the expected one.</summary>
    public string? Fault =>
        Unexpected > 0 ? $"{Unexpected} of {Expected + Unexpected} answers were not the expected one; the first: {UnexpectedSample}"
        : ConnectionErrors > 0 ? $"{ConnectionErrors} connections failed or timed out"
        : RanOut ? "the codes ran out before the time did: give it more users"
        : Expected == 0 ? "nothing was answered"
        : null;
}
