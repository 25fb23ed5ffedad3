using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Countersign.Testing;

/// <summary>An answer of the API, read.</summary>
/// <param name="Status">The status.</param>
/// <param name="Text">The body as it came.</param>
/// <param name="Headers">All headers, joined by commas.</param>
public sealed partial record Answer(HttpStatusCode Status, string Text, IReadOnlyDictionary<string, string> Headers)
{
    /// <summary>The body as JSON; fails on any other body.</summary>
    public JsonNode Json => field ??= JsonNode.Parse(Text)!;

    /// <summary><c>errorCode</c>; null when the body is no error.</summary>
    public string? ErrorCode => Text.Length > 0 && Json is JsonObject ? (string?)Json["errorCode"] : null;

    /// <summary>The first cause's <c>errorSummary</c>.</summary>
    public string? Cause => (string?)Json["errorCauses"]?.AsArray().FirstOrDefault()?["errorSummary"];

    /// <summary><c>factorResult</c>.</summary>
    public string? FactorResult => (string?)Json["factorResult"];

    /// <summary><c>id</c>.</summary>
    public string Id => (string)Json["id"]!;

    /// <summary>The address of a list's next page; null on the last.</summary>
    public string? Next => Headers.TryGetValue("Link", out var links) && NextLink().Match(links) is { Success: true } match ? match.Groups[1].Value : null;

    /// <summary>Reads a response to its end.</summary>
    public static async Task<Answer> ReadAsync(HttpResponseMessage response) => new(
        response.StatusCode,
        await response.Content.ReadAsStringAsync(),
        response.Headers.Concat(response.Content.Headers).ToDictionary(header => header.Key, header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase));

    [GeneratedRegex("<([^>]*)>; rel=\"next\"")]
    private static partial Regex NextLink();
}
