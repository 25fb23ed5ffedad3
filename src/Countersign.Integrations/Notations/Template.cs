using System.Collections.Immutable;
using System.Text;

namespace Countersign.Integrations.Notations;

/// <summary>Text in which expressions (workflow contract 5) stand: literal pieces and expressions by turns.</summary>
internal sealed class Template
{
    private const string Opening = "${", Escaped = "$${";

    private Template(ImmutableArray<Piece> pieces) => Pieces = pieces;

    /// <summary>The pieces; no two literal ones follow each other, none is empty.</summary>
    public ImmutableArray<Piece> Pieces { get; }

    /// <summary>The empty text.</summary>
    public static Template Empty { get; } = new([]);

    /// <summary>Whether nothing stands in it.</summary>
    public bool IsEmpty => Pieces.IsEmpty;

    /// <summary>Whether expressions stand in it.</summary>
    public bool HasExpressions => Pieces.Any(piece => piece.IsExpression);

    /// <summary>The literal text; null when expressions stand in it.</summary>
    public string? Text => Pieces switch { [] => "", [{ IsExpression: false } only] => only.Text, _ => null };

    /// <summary>Reads a string of a definition, in which <c>${</c> opens an expression and <c>$${</c> stands for itself.</summary>
    public static Template Parse(string text)
    {
        var builder = new Builder();
        for (var i = 0; i < text.Length;)
        {
            if (text.AsSpan(i).StartsWith(Escaped, StringComparison.Ordinal))
            {
                builder.Literal(Opening);
                i += Escaped.Length;
            }
            else if (EndOfExpression(text, i) is { } end)
            {
                builder.Expression(text[i..end]);
                i = end;
            }
            else builder.Literal(text[i++]);
        }
        return builder.ToTemplate();
    }

    /// <summary>A text without expressions.</summary>
    public static Template Literal(string text) => text.Length == 0 ? Empty : new([new Piece(text, IsExpression: false)]);

    /// <summary>An expression alone.</summary>
    /// <param name="expression">With its <c>${</c> and <c>}</c>.</param>
    public static Template Expression(string expression) => new([new Piece(expression, IsExpression: true)]);

    /// <summary>Where the expression ends that begins here; null when none does.</summary>
    public static int? EndOfExpression(string text, int start)
    {
        if (!text.AsSpan(start).StartsWith(Opening, StringComparison.Ordinal)) return null;
        var depth = 0;
        for (var i = start; i < text.Length; i++)
        {
            if (text[i] == '}' && --depth == 0) return i + 1;
            if (text[i] == '$' && i + 1 < text.Length && text[i + 1] == '{')
            {
                depth++;
                i++;
            }
        }
        return null;
    }

    /// <summary>Both, one after the other.</summary>
    public static Template operator +(Template one, Template other)
    {
        var builder = new Builder();
        builder.Append(one);
        builder.Append(other);
        return builder.ToTemplate();
    }

    /// <summary>The text with its literal pieces changed.</summary>
    public Template MapLiterals(Func<string, string> change)
    {
        var builder = new Builder();
        foreach (var piece in Pieces)
            if (piece.IsExpression) builder.Expression(piece.Text);
            else builder.Literal(change(piece.Text));
        return builder.ToTemplate();
    }

    /// <summary>The text without blanks before and after it.</summary>
    public Template Trim()
    {
        int first = 0, last = 0;
        if (Pieces is [{ IsExpression: false } start, ..]) first = start.Text.Length - start.Text.TrimStart().Length;
        if (Pieces is [.., { IsExpression: false } end] && first < end.Text.Length) last = end.Text.Length - end.Text.TrimEnd().Length;
        return first + last == 0 ? this : Cut(first, last);
    }

    /// <summary>The text without so many literal characters at its begin and end; the pieces there must have them.</summary>
    public Template Cut(int first, int last = 0)
    {
        var builder = new Builder();
        for (var i = 0; i < Pieces.Length; i++)
        {
            var text = Pieces[i].Text;
            if (Pieces[i].IsExpression) builder.Expression(text);
            else builder.Literal(text[(i == 0 ? first : 0)..(text.Length - (i == Pieces.Length - 1 ? last : 0))]);
        }
        return builder.ToTemplate();
    }

    /// <summary>The two texts before and after the first such character that stands in no expression; null when there is none.</summary>
    public (Template Before, Template After)? SplitAt(char separator)
    {
        for (var i = 0; i < Pieces.Length; i++)
        {
            if (Pieces[i].IsExpression || Pieces[i].Text.IndexOf(separator, StringComparison.Ordinal) is not (>= 0 and var at)) continue;
            var before = new Template(Pieces[..i]) + Literal(Pieces[i].Text[..at]);
            return (before, Literal(Pieces[i].Text[(at + 1)..]) + new Template(Pieces[(i + 1)..]));
        }
        return null;
    }

    /// <summary>The string of a definition.</summary>
    public override string ToString()
        => string.Concat(Pieces.Select(piece => piece.IsExpression ? piece.Text : piece.Text.Replace(Opening, Escaped, StringComparison.Ordinal)));

    /// <summary>A piece: literal text, or an expression with its <c>${</c> and <c>}</c>.</summary>
    internal readonly record struct Piece(string Text, bool IsExpression);

    /// <summary>Puts a template together.</summary>
    internal sealed class Builder
    {
        private readonly ImmutableArray<Piece>.Builder _pieces = ImmutableArray.CreateBuilder<Piece>();
        private readonly StringBuilder _literal = new();

        public void Literal(char character) => _literal.Append(character);

        public void Literal(string text) => _literal.Append(text);

        public void Expression(string expression)
        {
            Flush();
            _pieces.Add(new Piece(expression, IsExpression: true));
        }

        public void Append(Template template)
        {
            foreach (var piece in template.Pieces)
                if (piece.IsExpression) Expression(piece.Text);
                else Literal(piece.Text);
        }

        public Template ToTemplate()
        {
            Flush();
            return new Template(_pieces.ToImmutable());
        }

        private void Flush()
        {
            if (_literal.Length == 0) return;
            _pieces.Add(new Piece(_literal.ToString(), IsExpression: false));
            _literal.Clear();
        }
    }
}
