namespace Countersign.Console.TestRequests;

/// <summary>A line of one text or of both.</summary>
/// <param name="Left">The line on the left; null where only the right has one.</param>
/// <param name="Right">The line on the right; null where only the left has one.</param>
public readonly record struct DiffLine(string? Left, string? Right)
{
    /// <summary>Whether both sides have the same.</summary>
    public bool IsSame => Left == Right;
}

/// <summary>Puts two texts side by side, so that what they share stands in one line.</summary>
internal static class LineDiff
{
    // The table of the longest common part has a cell for each pair of lines.
    private const int LargestTable = 4_000_000;

    /// <summary>Compares line by line. Beyond 4 million pairs of differing lines, everything between what is common at both ends counts as different.</summary>
    public static IReadOnlyList<DiffLine> Of(string left, string right)
    {
        var (a, b) = (left.Split('\n'), right.Split('\n'));
        var start = 0;
        while (start < a.Length && start < b.Length && a[start] == b[start])
            start++;
        var end = 0;
        while (end < a.Length - start && end < b.Length - start && a[^(end + 1)] == b[^(end + 1)])
            end++;

        List<DiffLine> lines = [.. a.Take(start).Select(line => new DiffLine(line, line))];
        Middle(a[start..^end], b[start..^end], lines);
        lines.AddRange(a.TakeLast(end).Select(line => new DiffLine(line, line)));
        return lines;
    }

    private static void Middle(string[] a, string[] b, List<DiffLine> lines)
    {
        if ((long)a.Length * b.Length > LargestTable)
        {
            Beside(a, b, lines);
            return;
        }

        var common = Table(a, b);
        var (i, j) = (0, 0);
        List<string> onlyA = [], onlyB = [];
        while (i < a.Length || j < b.Length)
        {
            if (i < a.Length && j < b.Length && a[i] == b[j])
            {
                Beside(onlyA, onlyB, lines);
                onlyA.Clear();
                onlyB.Clear();
                lines.Add(new DiffLine(a[i++], b[j++]));
            }
            else if (j == b.Length || (i < a.Length && common[i + 1, j] >= common[i, j + 1]))
                onlyA.Add(a[i++]);
            else
                onlyB.Add(b[j++]);
        }

        Beside(onlyA, onlyB, lines);
    }

    private static int[,] Table(string[] a, string[] b)
    {
        var common = new int[a.Length + 1, b.Length + 1];
        for (var i = a.Length - 1; i >= 0; i--)
        {
            for (var j = b.Length - 1; j >= 0; j--)
                common[i, j] = a[i] == b[j] ? common[i + 1, j + 1] + 1 : Math.Max(common[i + 1, j], common[i, j + 1]);
        }

        return common;
    }

    private static void Beside(IReadOnlyList<string> a, IReadOnlyList<string> b, List<DiffLine> lines)
    {
        for (var at = 0; at < Math.Max(a.Count, b.Count); at++)
            lines.Add(new DiffLine(at < a.Count ? a[at] : null, at < b.Count ? b[at] : null));
    }
}
