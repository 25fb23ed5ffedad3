using System.Collections.Immutable;
using System.Text;

namespace Countersign.Integrations.Expressions;

/// <summary>A text with expressions, taken apart (workflow contract 5.1).</summary>
public sealed class TextTemplate
{
    /// <summary>The deepest nesting of expressions in expressions.</summary>
    public const int DeepestNesting = 8;

    private TextTemplate(ImmutableArray<TemplatePart> parts, string? fault)
    {
        Parts = parts;
        Fault = fault;
    }

    /// <summary>The parts in their order.</summary>
    public ImmutableArray<TemplatePart> Parts { get; }
    /// <summary>What is wrong with its brackets, as one sentence; null when nothing is. The faulty rest is a text part.</summary>
    public string? Fault { get; }

    /// <summary>Takes a text apart.</summary>
    public static TextTemplate Read(string text) => Read(text, 0);

    private static TextTemplate Read(string text, int depth)
    {
        var parts = ImmutableArray.CreateBuilder<TemplatePart>();
        int from = 0, at = 0;
        string? fault = null;
        var plain = new StringBuilder();
        while ((at = text.IndexOf("${", at, StringComparison.Ordinal)) >= 0)
        {
            if (at > from && text[at - 1] == '$')
            {
                // $${ is an escaped ${.
                plain.Append(text, from, at - 1 - from).Append("${");
                from = at += 2;
                continue;
            }
            var end = EndOf(text, at + 2);
            if (end < 0)
            {
                fault = $"The expression that starts at character {at + 1} is not closed.";
                break;
            }
            plain.Append(text, from, at - from);
            if (plain.Length > 0) parts.Add(new TemplatePart(plain.ToString(), null));
            plain.Clear();
            var inner = text[(at + 2)..end];
            if (depth >= DeepestNesting) fault ??= $"Expressions nest at most {DeepestNesting} deep.";
            else if (!string.IsNullOrWhiteSpace(inner))
            {
                var nested = Read(inner, depth + 1);
                fault ??= nested.Fault;
                parts.Add(new TemplatePart(inner, nested));
            }
            else if (parts.Count == 0 && end == text.Length - 1) parts.Add(new TemplatePart("", null));
            from = at = end + 1;
        }
        plain.Append(text, from, text.Length - from);
        if (plain.Length > 0 || parts.Count == 0) parts.Add(new TemplatePart(plain.ToString(), null));
        return new TextTemplate(parts.DrainToImmutable(), fault);
    }

    // The closing bracket that belongs to the opening one: brackets in quotes do not count.
    internal static int EndOf(string text, int from)
    {
        int depth = 0, brackets = 0;
        for (var at = from; at < text.Length; at++)
        {
            switch (text[at])
            {
                case '{':
                    depth++;
                    break;
                case '}' when depth-- == 0:
                    return at;
                case '[':
                    brackets++;
                    break;
                case ']':
                    brackets--;
                    break;
                case '\'' or '"' when brackets > 0 && text.IndexOf(text[at], at + 1) is var close and > 0:
                    at = close;
                    break;
            }
        }
        return -1;
    }
}

/// <summary>A part of a text with expressions.</summary>
/// <param name="Text">The text as it is, or what stands between <c>${</c> and <c>}</c>.</param>
/// <param name="Nested">Null for plain text; else the expression's own text, taken apart: it may have expressions inside.</param>
public sealed record TemplatePart(string Text, TextTemplate? Nested)
{
    /// <summary>Whether it is an expression.</summary>
    public bool IsExpression => Nested is not null;
    /// <summary>Whether it is an expression that has others inside.</summary>
    public bool HasInner => Nested is not null && Nested.Parts.Any(part => part.IsExpression);
}
