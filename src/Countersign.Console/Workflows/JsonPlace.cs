using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Countersign.Console.Workflows;

/// <summary>
/// A place in a JSON document, written as the workflow API writes it: <c>tasks[2].decisionCases['too low'][0].name</c>.
/// </summary>
internal static class JsonPlace
{
    /// <summary>The place of a member.</summary>
    public static string Member(string place, string name)
        => name.Length > 0 && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-')
            ? place.Length == 0 ? name : $"{place}.{name}"
            : $"{place}['{name.Replace("\\", "\\\\").Replace("'", "\\'")}']";

    /// <summary>The place of an element.</summary>
    public static string Element(string place, int index) => $"{place}[{index}]";

    /// <summary>What the place is made of, from the outside in: texts for members, numbers for elements. Never fails: an odd text gives odd steps.</summary>
    public static IReadOnlyList<object> Steps(string place)
    {
        var steps = new List<object>();
        var at = 0;
        if (place.StartsWith("$.", StringComparison.Ordinal))
            at = 2;
        while (at < place.Length)
        {
            if (place[at] == '.')
                at++;
            else if (place[at] == '[')
                steps.Add(Bracket(place, ref at));
            else
            {
                var end = place.AsSpan(at).IndexOfAny('.', '[') is >= 0 and var length ? at + length : place.Length;
                steps.Add(place[at..end]);
                at = end;
            }
        }
        return steps;
    }

    /// <summary>What stands at a place; null when nothing does.</summary>
    public static JsonNode? In(JsonNode? root, string place)
    {
        foreach (var step in Steps(place))
        {
            root = (root, step) switch
            {
                (JsonObject members, string name) => members[name],
                (JsonArray elements, int index) when index >= 0 && index < elements.Count => elements[index],
                _ => null,
            };
        }
        return root;
    }

    private static object Bracket(string place, ref int at)
    {
        at++;
        if (at < place.Length && place[at] is '\'' or '"')
        {
            var quote = place[at++];
            var name = new StringBuilder();
            while (at < place.Length && place[at] != quote)
            {
                if (place[at] == '\\' && at + 1 < place.Length)
                    at++;
                name.Append(place[at++]);
            }
            at = Math.Min(place.Length, at + 2);
            return name.ToString();
        }
        var end = place.IndexOf(']', at) is >= 0 and var found ? found : place.Length;
        var text = place[at..end];
        at = Math.Min(place.Length, end + 1);
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? index : text;
    }
}
