namespace Countersign.Integrations.Notations;

/// <summary>One <c>-d</c>: text as it is, or (<c>--data-urlencode</c>) content that is encoded, with or without a name.</summary>
internal sealed record CurlData(Template First, Template? Content)
{
    /// <summary>The text that is sent.</summary>
    public Template ToText()
    {
        if (Content is null) return First;
        var encoded = Content.MapLiterals(FormTemplate.Encode);
        return First.IsEmpty ? encoded : First + Template.Literal("=") + encoded;
    }

    /// <summary>All as pairs of a form; null when they are none.</summary>
    public static List<(string Name, Template Value)>? Pairs(List<CurlData> data)
    {
        var pairs = new List<(string, Template)>();
        foreach (var part in data)
        {
            if (part.Content is { } content)
            {
                if (part.First.Text is not { Length: > 0 } encoded || FormTemplate.TryDecode(encoded) is not { } name) return null;
                pairs.Add((name, content));
            }
            else if (part.First.Text is { } text && FormTemplate.Parse(text) is { } parsed) pairs.AddRange(parsed);
            else return null;
        }
        return pairs;
    }
}
