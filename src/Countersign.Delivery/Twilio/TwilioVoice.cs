using System.Collections.Frozen;

namespace Countersign.Delivery.Twilio;

/// <summary>
/// The voice that speaks a language (https://www.twilio.com/docs/voice/twiml/say/text-speech). The voice is named together with the language, because the
/// account's default voice may not have it, and Twilio then says nothing at all.
/// </summary>
/// <param name="Language">Twilio's name of the language.</param>
/// <param name="Name">The voice.</param>
internal sealed record TwilioVoice(string Language, string Name)
{
    /// <summary>The voice for languages that have none.</summary>
    public static readonly TwilioVoice English = new("en-US", "Polly.Joanna");

    private static readonly FrozenDictionary<string, TwilioVoice> ByLanguage = new Dictionary<string, TwilioVoice>
    {
        ["ar"] = new("arb", "Polly.Zeina"),
        ["ca"] = new("ca-ES", "Polly.Arlet-Neural"),
        ["cy"] = new("cy-GB", "Polly.Gwyneth"),
        ["da"] = new("da-DK", "Polly.Naja"),
        ["de"] = new("de-DE", "Polly.Vicki"),
        ["en"] = English,
        ["en-AU"] = new("en-AU", "Polly.Nicole"),
        ["en-GB"] = new("en-GB", "Polly.Amy"),
        ["en-IE"] = new("en-GB", "Polly.Amy"),
        ["en-IN"] = new("en-IN", "Polly.Aditi"),
        ["es"] = new("es-ES", "Polly.Lucia"),
        ["es-419"] = new("es-MX", "Polly.Mia"),
        ["es-MX"] = new("es-MX", "Polly.Mia"),
        ["es-US"] = new("es-US", "Polly.Lupe"),
        ["fi"] = new("fi-FI", "Polly.Suvi-Neural"),
        ["fr"] = new("fr-FR", "Polly.Lea"),
        ["fr-CA"] = new("fr-CA", "Polly.Chantal"),
        ["hi"] = new("hi-IN", "Polly.Aditi"),
        ["is"] = new("is-IS", "Polly.Dora"),
        ["it"] = new("it-IT", "Polly.Bianca"),
        ["ja"] = new("ja-JP", "Polly.Mizuki"),
        ["ko"] = new("ko-KR", "Polly.Seoyeon"),
        ["nb"] = new("nb-NO", "Polly.Liv"),
        ["no"] = new("nb-NO", "Polly.Liv"),
        ["nl"] = new("nl-NL", "Polly.Lotte"),
        ["pl"] = new("pl-PL", "Polly.Ewa"),
        ["pt"] = new("pt-PT", "Polly.Ines"),
        ["pt-BR"] = new("pt-BR", "Polly.Vitoria"),
        ["ro"] = new("ro-RO", "Polly.Carmen"),
        ["ru"] = new("ru-RU", "Polly.Tatyana"),
        ["sv"] = new("sv-SE", "Polly.Astrid"),
        ["tr"] = new("tr-TR", "Polly.Filiz"),
        ["zh"] = new("cmn-CN", "Polly.Zhiyu"),
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>The voice of a language (BCP 47): of the whole tag, or of what is left when subtags are taken off its end (RFC 4647 §3.4). Null when there is none.</summary>
    public static TwilioVoice? For(string language)
    {
        for (var tag = language; ; tag = tag[..tag.LastIndexOf('-')])
        {
            if (ByLanguage.TryGetValue(tag, out var voice)) return voice;
            if (!tag.Contains('-')) return null;
        }
    }
}
