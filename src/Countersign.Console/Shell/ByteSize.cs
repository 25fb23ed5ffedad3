namespace Countersign.Console.Shell;

/// <summary>How a number of bytes reads to a person.</summary>
internal static class ByteSize
{
    /// <summary>1536 becomes "1.5 KiB".</summary>
    public static string Of(long bytes) => bytes switch
    {
        < 1024 => $"{bytes} bytes",
        < 1L << 20 => $"{bytes / 1024.0:0.#} KiB",
        < 1L << 30 => $"{bytes / (double)(1L << 20):0.#} MiB",
        _ => $"{bytes / (double)(1L << 30):0.#} GiB",
    };
}
