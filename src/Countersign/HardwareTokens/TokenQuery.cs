using System.Diagnostics.CodeAnalysis;
using System.Text;
using Countersign.Filtering;

namespace Countersign.HardwareTokens;

/// <summary>What tokens of the inventory are asked for (contract 12.3).</summary>
public sealed record TokenQuery
{
    /// <summary>The kind.</summary>
    public required TokenKind Kind { get; init; }
    /// <summary>Tokens at most.</summary>
    public required int Limit { get; init; }
    /// <summary>Which ones; null: all.</summary>
    public FilterExpression? Filter { get; init; }
    /// <summary>One of <see cref="Attributes"/>; null: in the order of their upload. Tokens that lack the attribute come first.</summary>
    public string? SortBy { get; init; }
    /// <summary>From the last to the first.</summary>
    public bool Descending { get; init; }
    /// <summary>Behind which place the page begins; null: at the beginning.</summary>
    public TokenPlace? After { get; init; }

    private const FilterOperators Texts = FilterOperators.Equal | FilterOperators.NotEqual | FilterOperators.StartsWith | FilterOperators.Order | FilterOperators.Present;
    private const FilterOperators Dates = FilterOperators.Equal | FilterOperators.Order | FilterOperators.Present;

    /// <summary>What can be filtered and sorted by.</summary>
    public static readonly IReadOnlyList<string> Attributes = ["profile.email", "profile.serial", "activated", "user.id", "created", "status", "lastVerified"];

    /// <summary>What a filter may say. Addresses are compared without regard to case.</summary>
    public static readonly FilterRules Rules = new(name => name switch
    {
        "profile.email" => new FilterAttribute(Texts, IgnoresCase: true),
        "profile.serial" or "user.id" => new FilterAttribute(Texts),
        "status" => new FilterAttribute(FilterOperators.Equal | FilterOperators.NotEqual),
        "activated" or "created" or "lastVerified" => new FilterAttribute(Dates, IsDate: true),
        _ => null,
    });
}

/// <summary>A token's place in a sorted list.</summary>
/// <param name="Text">What it is sorted by, where that is a text; else null.</param>
/// <param name="Number">What it is sorted by, where that is an instant (unix milliseconds, -1: none); else 0.</param>
/// <param name="Id">The token.</param>
public sealed record TokenPlace(string? Text, long Number, string Id)
{
    private const int Longest = 2_000;

    /// <summary>The cursor of a list: opaque to clients.</summary>
    public override string ToString()
        => Convert.ToBase64String(Encoding.UTF8.GetBytes($"{Id} {Number} {Text}")).Replace('+', '-').Replace('/', '_').TrimEnd('=');

    /// <summary>Reads a cursor. No text makes it throw.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out TokenPlace? place)
    {
        place = null;
        if (text.Length > Longest) return false;
        var bytes = new byte[text.Length + 3];
        var base64 = text.Replace('-', '+').Replace('_', '/');
        if (!Convert.TryFromBase64String(base64.PadRight((base64.Length + 3) / 4 * 4, '='), bytes, out var length)) return false;
        var parts = Encoding.UTF8.GetString(bytes, 0, length).Split(' ', 3);
        if (parts.Length != 3 || parts[2].Contains('\0', StringComparison.Ordinal) || parts[0].Contains('\0', StringComparison.Ordinal)
            || !long.TryParse(parts[1], System.Globalization.NumberStyles.AllowLeadingSign, System.Globalization.CultureInfo.InvariantCulture, out var number)) return false;
        place = new TokenPlace(parts[2], number, parts[0]);
        return true;
    }
}
