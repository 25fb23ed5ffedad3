namespace Countersign.Texts;

/// <summary>A language that Countersign has its own texts in; one of <see cref="Languages.All"/>.</summary>
public sealed class Language
{
    internal Language(LanguageFile file)
    {
        Tag = file.Tag;
        Name = file.Name;
        IsRightToLeft = file.RightToLeft;
        Texts = new LanguageTexts(file);
    }

    /// <summary>Its tag (BCP 47), for example <c>de</c> or <c>zh-Hant</c>.</summary>
    public string Tag { get; }
    /// <summary>Its name in itself, for example <c>Deutsch</c>.</summary>
    public string Name { get; }
    /// <summary>Whether it is written from right to left.</summary>
    public bool IsRightToLeft { get; }
    internal LanguageTexts Texts { get; }

    /// <summary>The tag.</summary>
    public override string ToString() => Tag;
}
