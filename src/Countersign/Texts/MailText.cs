namespace Countersign.Texts;

/// <summary>A finished mail.</summary>
/// <param name="Subject">The subject: one line, without the code, which a locked screen would show.</param>
/// <param name="Text">The plain text.</param>
/// <param name="Html">The same as a whole HTML document in UTF-8, which loads nothing.</param>
public sealed record MailText(string Subject, string Text, string Html);
