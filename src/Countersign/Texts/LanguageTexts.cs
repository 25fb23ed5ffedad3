using System.Collections.Frozen;
using Countersign.Outbox;

namespace Countersign.Texts;

/// <summary>The texts of a language, taken apart once so that messages are only put together.</summary>
internal sealed class LanguageTexts(LanguageFile file)
{
    private readonly MailTexts _plain = new(file, text => new TextPattern(text));
    private readonly MailTexts _html = new(file, text => new TextPattern(HtmlText.Encode(text)));

    public TextPattern Sms { get; } = new(file.Sms);
    public TextPattern LinkSms { get; } = new(file.Link.Sms);
    public TextPattern VoiceFirst { get; } = new(file.Voice.First);
    public TextPattern VoiceAgain { get; } = new(file.Voice.Again);
    public string VoicePause { get; } = file.Voice.Pause;

    /// <summary>The texts of a mail, where values go in as they are.</summary>
    public MailTexts Plain => _plain;
    /// <summary>The same texts, encoded, where encoded values go in.</summary>
    public MailTexts Html => _html;
}

/// <summary>The texts of a mail.</summary>
internal sealed class MailTexts
{
    private readonly PurposeTexts _activation, _verification, _link;
    private readonly TextPattern _greeting;
    private readonly string _greetingWithoutName;

    public MailTexts(LanguageFile file, Func<string, TextPattern> read)
    {
        var code = new HoldTexts(file.Tag, file.Mail.Validity, file.Mail.Secrecy, read);
        _activation = new PurposeTexts(file.Mail.Activation, code, read);
        _verification = new PurposeTexts(file.Mail.Verification, code, read);
        _link = new PurposeTexts(file.Link.Mail, new HoldTexts(file.Tag, file.Link.Validity, file.Link.Secrecy, read), read);
        _greeting = read(file.Mail.Greeting);
        _greetingWithoutName = read(file.Mail.GreetingWithoutName).Fill();
        Button = read(file.Link.Button).Fill();
        Automatic = read(file.Mail.Automatic);
    }

    /// <summary>What opens an activation link.</summary>
    public string Button { get; }
    public TextPattern Automatic { get; }

    public PurposeTexts Of(MessagePurpose purpose) => purpose switch
    {
        MessagePurpose.Activation => _activation,
        MessagePurpose.ActivationLink => _link,
        _ => _verification,
    };

    public string Greeting(string? name) => name is null ? _greetingWithoutName : _greeting.Fill(("name", name));
}

/// <summary>The texts of a mail that depend on what it is for.</summary>
internal sealed class PurposeTexts(PurposeFile file, HoldTexts hold, Func<string, TextPattern> read)
{
    public TextPattern Subject { get; } = read(file.Subject);
    public string Heading { get; } = read(file.Heading).Fill();
    public TextPattern Lead { get; } = read(file.Lead);
    public string Unasked { get; } = read(file.Unasked).Fill();
    public HoldTexts Hold => hold;
}

/// <summary>How long a code or a link holds, and for whom alone it is.</summary>
internal sealed class HoldTexts(string tag, Dictionary<string, string> validity, string secrecy, Func<string, TextPattern> read)
{
    private readonly FrozenDictionary<string, TextPattern> _validity = validity.ToFrozenDictionary(pair => pair.Key, pair => read(pair.Value), StringComparer.Ordinal);

    public string Secrecy { get; } = read(secrecy).Fill();

    public string Validity(int minutes) => _validity[PluralRules.Category(tag, minutes)].Fill(("minutes", $"{minutes}"));
}
