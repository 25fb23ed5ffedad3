using System.Globalization;

namespace Countersign.Bench.Processes;

/// <summary>What a process and its descendants take of the machine, as Linux counts it.</summary>
internal static class ProcessTree
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    /// <summary>Linux reports processor time in hundredths of a second, whatever its clock.</summary>
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(10);

    /// <summary>Resident memory (VmRSS), in bytes.</summary>
    public static long ResidentBytes(int id) => Sum(id, OwnResidentBytes);

    /// <summary>Time on a processor so far, in the program and in the kernel for it.</summary>
    public static TimeSpan ProcessorTime(int id) => Sum(id, OwnTicks) * Tick;

    /// <summary>The most resident memory seen while <paramref name="work"/> runs.</summary>
    public static async Task<long> PeakResidentBytesAsync(int id, Task work)
    {
        var peak = ResidentBytes(id);
        while (!work.IsCompleted)
        {
            await Task.WhenAny(work, Task.Delay(Interval));
            peak = Math.Max(peak, ResidentBytes(id));
        }
        return peak;
    }

    private static long Sum(int id, Func<int, long> own)
    {
        try
        {
            return own(id) + Children(id).Sum(child => Sum(child, own));
        }
        catch (IOException)
        {
            return 0; // it has just ended
        }
    }

    private static long OwnResidentBytes(int id)
    {
        var line = File.ReadLines($"/proc/{id}/status").FirstOrDefault(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
        return line is null ? 0 : 1024 * long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
    }

    private static long OwnTicks(int id)
    {
        // The name stands in parentheses and may hold blanks; utime and stime are the 12th and 13th field behind it.
        var stat = File.ReadAllText($"/proc/{id}/stat");
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture);
    }

    private static List<int> Children(int id) =>
        [.. Directory.EnumerateDirectories($"/proc/{id}/task")
            .SelectMany(task => File.ReadAllText(Path.Combine(task, "children")).Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Select(int.Parse)];
}
