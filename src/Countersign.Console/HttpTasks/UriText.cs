using System.Text;

namespace Countersign.Console.HttpTasks;

/// <summary>Takes the query off an address and puts it back. Expressions stay whole, whatever stands in them.</summary>
internal static class UriText
{
    // What a person may read as it is in the value of a parameter; the rest is percent-encoded.
    private const string Plain = "-._~!*'();:@,/?$[]";

    /// <summary>The address up to its query, and the query's parameters, decoded.</summary>
    public static (string Address, List<NamedValue> Query) Split(string uri)
    {
        var start = IndexOf(uri, '?', 0);
        if (start < 0)
            return (uri, []);
        List<NamedValue> query = [];
        for (var at = start + 1; at < uri.Length;)
        {
            var end = IndexOf(uri, '&', at) is >= 0 and var next ? next : uri.Length;
            if (end > at)
            {
                var parameter = uri[at..end];
                var sign = IndexOf(parameter, '=', 0);
                query.Add(sign < 0 ? new(Decoded(parameter), "") : new(Decoded(parameter[..sign]), Decoded(parameter[(sign + 1)..])));
            }

            at = end + 1;
        }

        return (uri[..start], query);
    }

    /// <summary>The address with its query, encoded; parameters without a name are left out.</summary>
    public static string Join(string address, IEnumerable<NamedValue> query)
        => string.Join('&', query.Where(parameter => parameter.Name is not "").Select(parameter => $"{Encoded(parameter.Name)}={Encoded(parameter.Value)}")) is { Length: > 0 } joined
            ? $"{address}?{joined}"
            : address;

    private static int IndexOf(string text, char sought, int from)
    {
        var at = 0;
        foreach (var segment in ExpressionText.Segments(text))
        {
            if (segment.Path is null && segment.Text.IndexOf(sought, Math.Clamp(from - at, 0, segment.Text.Length)) is >= 0 and var found)
                return at + found;
            at += segment.Text.Length;
        }

        return -1;
    }

    private static string Decoded(string text)
        => string.Concat(ExpressionText.Segments(text).Select(segment => segment.Path is null ? Uri.UnescapeDataString(segment.Text.Replace('+', ' ')) : segment.Text));

    private static string Encoded(string text)
    {
        var encoded = new StringBuilder();
        foreach (var segment in ExpressionText.Segments(text))
        {
            if (segment.Path is not null)
                encoded.Append(segment.Text);
            else
                foreach (var rune in segment.Text.EnumerateRunes())
                    encoded.Append(rune.IsAscii && (char.IsAsciiLetterOrDigit((char)rune.Value) || Plain.Contains((char)rune.Value)) ? rune.ToString() : Uri.EscapeDataString(rune.ToString()));
        }

        return encoded.ToString();
    }
}

/// <summary>A query parameter or a header while it is edited.</summary>
/// <param name="name">Its name.</param>
/// <param name="value">Its value, possibly with expressions.</param>
public sealed class NamedValue(string name, string value)
{
    /// <summary>Its name.</summary>
    public string Name { get; set; } = name;

    /// <summary>Its value, possibly with expressions.</summary>
    public string Value { get; set; } = value;
}
