using System.Collections.Frozen;
using Countersign.Outbox;

namespace Countersign.Texts;

/// <summary>The texts of a language, taken apart once so that messages are only put together.</summary>
internal sealed class LanguageTexts(LanguageFile file)
{
    private readonly MailTexts _plain = new(file, text => new TextPattern(text));
    private readonly MailTexts _html = new(file, text => new TextPattern(HtmlText.Encode(text)));

    public TextPattern Sms { get; } = new(file.Sms);
    public TextPattern VoiceFirst { get; } = new(file.Voice.First);
    public TextPattern VoiceAgain { get; } = new(file.Voice.Again);
    public string VoicePause { get; } = file.Voice.Pause;

    /// <summary>The texts of a mail, where values go in as they are.</summary>
    public MailTexts Plain => _plain;
    /// <summary>The same texts, encoded, where encoded values go in.</summary>
    public MailTexts Html => _html;
}

/// <summary>The texts of a mail.</summary>
internal sealed class MailTexts(LanguageFile file, Func<string, TextPattern> read)
{
    private readonly string _tag = file.Tag;
    private readonly PurposeTexts _activation = new(file.Mail.Activation, read);
    private readonly PurposeTexts _verification = new(file.Mail.Verification, read);
    private readonly FrozenDictionary<string, TextPattern> _validity = file.Mail.Validity.ToFrozenDictionary(pair => pair.Key, pair => read(pair.Value), StringComparer.Ordinal);
    private readonly TextPattern _greeting = read(file.Mail.Greeting);
    private readonly string _greetingWithoutName = read(file.Mail.GreetingWithoutName).Fill();

    public string Secrecy { get; } = read(file.Mail.Secrecy).Fill();
    public TextPattern Automatic { get; } = read(file.Mail.Automatic);

    public PurposeTexts Of(MessagePurpose purpose) => purpose == MessagePurpose.Activation ? _activation : _verification;

    public string Greeting(string? name) => name is null ? _greetingWithoutName : _greeting.Fill(("name", name));

    public string Validity(int minutes) => _validity[PluralRules.Category(_tag, minutes)].Fill(("minutes", $"{minutes}"));
}

/// <summary>The texts of a mail that depend on what the code is for.</summary>
internal sealed class PurposeTexts(PurposeFile file, Func<string, TextPattern> read)
{
    public TextPattern Subject { get; } = read(file.Subject);
    public string Heading { get; } = read(file.Heading).Fill();
    public TextPattern Lead { get; } = read(file.Lead);
    public string Unasked { get; } = read(file.Unasked).Fill();
}
