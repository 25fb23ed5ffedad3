using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Countersign.Integrations.Expressions;

namespace Countersign.Integrations.Http;

/// <summary>Which status codes count as success (workflow contract 8.1).</summary>
/// <param name="ranges">First and last of each range, both included.</param>
public sealed class AcceptedCodes(ImmutableArray<(int First, int Last)> ranges)
{
    private const int MostRanges = 100;

    /// <summary>200 to 299.</summary>
    public static readonly AcceptedCodes Success = new([(200, 299)]);

    /// <summary>Whether a code is among them.</summary>
    public bool Contain(int statusCode) => ranges.Any(range => statusCode >= range.First && statusCode <= range.Last);

    /// <summary>Reads a list of numbers, or of texts such as <c>2xx</c>, <c>200-204</c>, <c>404</c>; null when it is none.</summary>
    public static AcceptedCodes? TryRead(JsonElement list)
    {
        if (list.ValueKind != JsonValueKind.Array || list.GetArrayLength() is 0 or > MostRanges) return null;
        var ranges = ImmutableArray.CreateBuilder<(int, int)>();
        foreach (var item in list.EnumerateArray())
        {
            if (item.ValueKind is not (JsonValueKind.String or JsonValueKind.Number) || TryRead(Template.TextOf(item).Trim()) is not { } range) return null;
            ranges.Add(range);
        }
        return new AcceptedCodes(ranges.ToImmutable());
    }

    private static (int, int)? TryRead(string text)
    {
        if (text is [>= '1' and <= '9' and var hundreds, 'x' or 'X', 'x' or 'X']) return ((hundreds - '0') * 100, ((hundreds - '0') * 100) + 99);
        var dash = text.IndexOf('-', StringComparison.Ordinal);
        if (dash < 0) return Code(text) is { } code ? (code, code) : null;
        return Code(text[..dash].Trim()) is { } first && Code(text[(dash + 1)..].Trim()) is { } last && first <= last ? (first, last) : null;
    }

    private static int? Code(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var code) && code is >= 100 and <= 999 ? code : null;
}
