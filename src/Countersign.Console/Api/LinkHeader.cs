namespace Countersign.Console.Api;

/// <summary>Reads the <c>Link</c> headers of a list.</summary>
internal static class LinkHeader
{
    /// <summary>
    /// The path of the next page, or null. Only the query is taken from the link: it names the public URL, which a proxy may
    /// have made another one than the console was loaded from.
    /// </summary>
    public static string? Next(IEnumerable<string> values, string path)
        => values.SelectMany(SplitLinks).Where(IsNext).Select(Query).FirstOrDefault(query => query is not null) is { } next
            ? path.Split('?')[0] + next
            : null;

    // A comma separates links, but may stand inside an address as well: only ", <" is a separator.
    private static string[] SplitLinks(string value) => value.Split(", <", StringSplitOptions.TrimEntries);

    private static bool IsNext(string link)
        => link.LastIndexOf('>') is >= 0 and var end && link.AsSpan(end).Contains("rel=\"next\"", StringComparison.OrdinalIgnoreCase);

    private static string? Query(string link)
        => link.IndexOf('?') is >= 0 and var start && link.IndexOf('>', start) is >= 0 and var end ? link[start..end] : null;
}
