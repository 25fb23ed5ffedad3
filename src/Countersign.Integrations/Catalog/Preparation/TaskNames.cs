using System.Text;
using Countersign.Integrations.Catalog.Documents;

namespace Countersign.Integrations.Catalog.Preparation;

/// <summary>Names in a prepared task.</summary>
internal static class TaskNames
{
    /// <summary>A task's name: the operation id, else the title, in snake case.</summary>
    public static string OfTask(CatalogOperation operation)
    {
        var name = Slugs.Of(Slugs.Spaced(operation.OperationId), longest: 80).Replace('-', '_');
        if (name.Length < 2) name = Slugs.Of(operation.Title, longest: 80).Replace('-', '_');
        return name.Length < 2 ? "http_request" : name;
    }

    /// <summary>The name, with a number when it is taken.</summary>
    public static string Free(string name, IReadOnlySet<string> taken)
    {
        if (!taken.Contains(name)) return name;
        for (var i = 2; ; i++)
            if (!taken.Contains($"{name}_{i}")) return $"{name}_{i}";
    }

    /// <summary>An input's name: what expressions can say without brackets.</summary>
    public static string OfInput(params IEnumerable<string> path)
    {
        var name = new StringBuilder();
        foreach (var letter in string.Join('_', path))
            name.Append(char.IsAsciiLetterOrDigit(letter) || letter == '_' ? letter : '_');
        var trimmed = name.ToString().Trim('_');
        return trimmed.Length == 0 ? "value" : trimmed;
    }

    /// <summary>A secret's name: <c>STRIPE_TOKEN</c>.</summary>
    public static string OfSecret(CatalogOperation operation, string kind)
    {
        if (operation.IsOwn) return $"COUNTERSIGN_{kind}";
        var labels = operation.Api.Provider.Split('.', StringSplitOptions.RemoveEmptyEntries);
        // The part of a domain that people know it by: the longest that is no ending.
        var known = labels.Length > 1 ? labels.SkipLast(1).OrderByDescending(label => label.Length).First() : labels.FirstOrDefault() ?? "api";
        var name = OfInput(known).ToUpperInvariant();
        return $"{(name.Length > 40 ? name[..40] : name)}_{kind}";
    }
}
