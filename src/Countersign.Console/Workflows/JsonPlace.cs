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
            root = Step(root, step);
        return root;
    }

    /// <summary>
    /// The same place as <see cref="Member"/> writes it. Others write the names of members as they are, even with blanks, dots
    /// and brackets; what the document has decides where such a name ends.
    /// </summary>
    public static string Written(JsonNode? root, string place)
    {
        var (written, at) = ("", 0);
        while (at < place.Length)
        {
            if (place[at] == '.')
                at++;
            if (root is JsonObject members && members.Select(member => member.Key).Where(name => Begins(place, at, name)).MaxBy(name => name.Length) is { } known)
            {
                (written, root) = (Member(written, known), members[known]);
                at += known.Length;
                continue;
            }
            object step;
            if (at < place.Length && place[at] == '[')
                step = Bracket(place, ref at);
            else
            {
                var end = place.AsSpan(at).IndexOfAny('.', '[') is >= 0 and var length ? at + length : place.Length;
                (step, at) = (place[at..end], end);
            }
            written = step is int index ? Element(written, index) : Member(written, (string)step);
            root = Step(root, step);
        }
        return written;
    }

    private static bool Begins(string place, int at, string name)
        => name.Length > 0 && place.AsSpan(at).StartsWith(name, StringComparison.Ordinal) && (at + name.Length == place.Length || place[at + name.Length] is '.' or '[');

    private static JsonNode? Step(JsonNode? root, object step) => (root, step) switch
    {
        (JsonObject members, string name) => members[name],
        (JsonArray elements, int index) when index >= 0 && index < elements.Count => elements[index],
        _ => null,
    };

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
