namespace Countersign.Console.Api;

/// <summary>Builds paths with a query.</summary>
internal static class QueryString
{
    /// <summary>Appends the parameters that have a value.</summary>
    public static string WithQuery(this string path, params IEnumerable<(string Name, string? Value)> parameters)
        => string.Join('&', parameters
            .Where(parameter => !string.IsNullOrEmpty(parameter.Value))
            .Select(parameter => $"{parameter.Name}={Uri.EscapeDataString(parameter.Value!)}")) is { Length: > 0 } query
            ? $"{path}?{query}"
            : path;
}
