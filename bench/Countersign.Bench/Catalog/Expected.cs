using System.Text.RegularExpressions;
using Countersign.Integrations.Catalog;

namespace Countersign.Bench.Catalog;

/// <summary>A query, and the operations of which one must come first.</summary>
internal sealed record Expected(string Query, IReadOnlyList<(string Provider, string Method, Regex Path)> Answers)
{
    public bool Fits(CatalogOperation operation) => Answers.Any(answer
        => answer.Provider is "*" || answer.Provider == operation.Api.Provider
            ? (answer.Method is "*" || answer.Method == operation.Method) && answer.Path.IsMatch(operation.Path) : false);

    /// <summary>Reads a list: a query, a tab, then <c>provider METHOD path</c>, several parted by <c>|</c>; <c>*</c> is anything.</summary>
    public static IReadOnlyList<Expected> Read(string file) =>
    [
        .. from line in File.ReadLines(file)
           where line.Length > 0 && line[0] != '#'
           let parts = line.Split('\t')
           select new Expected(parts[0], [.. parts[1].Split(" | ").Select(Answer)]),
    ];

    private static (string, string, Regex) Answer(string answer)
    {
        var parts = answer.Split(' ', 3);
        return (parts[0], parts[1], new Regex($"^{Regex.Escape(parts[2]).Replace("\\*", ".*", StringComparison.Ordinal)}$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant));
    }
}
