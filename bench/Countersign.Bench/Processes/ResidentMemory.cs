using System.Globalization;

namespace Countersign.Bench.Processes;

/// <summary>Resident memory of a process and its descendants, as Linux counts it.</summary>
internal static class ResidentMemory
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    /// <summary>VmRSS of the process and its descendants, in bytes.</summary>
    public static long Of(int id) => Own(id) + Children(id).Sum(Of);

    /// <summary>The highest value seen while <paramref name="work"/> runs.</summary>
    public static async Task<long> PeakDuringAsync(int id, Task work)
    {
        var peak = Of(id);
        while (!work.IsCompleted)
        {
            await Task.WhenAny(work, Task.Delay(Interval));
            peak = Math.Max(peak, Of(id));
        }
        return peak;
    }

    private static long Own(int id)
    {
        try
        {
            var line = File.ReadLines($"/proc/{id}/status").FirstOrDefault(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
            return line is null ? 0 : 1024 * long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return 0; // it has just ended
        }
    }

    private static List<int> Children(int id)
    {
        try
        {
            return [.. Directory.EnumerateDirectories($"/proc/{id}/task")
                .SelectMany(task => File.ReadAllText(Path.Combine(task, "children")).Split(' ', StringSplitOptions.RemoveEmptyEntries))
                .Select(int.Parse)];
        }
        catch (IOException)
        {
            return [];
        }
    }
}
