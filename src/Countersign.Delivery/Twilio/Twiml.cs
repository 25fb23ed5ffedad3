using System.Text;
using System.Xml;
using Countersign.Outbox;

namespace Countersign.Delivery.Twilio;

/// <summary>What a call says, in Twilio's language (https://www.twilio.com/docs/voice/twiml).</summary>
internal static class Twiml
{
    /// <summary>The longest value of the parameter <c>Twiml</c>, in characters.</summary>
    public const int Longest = 4_000;

    private static readonly XmlWriterSettings Settings = new() { OmitXmlDeclaration = true };

    /// <summary>A pause (people need a second to lift the phone to the ear), the text, a pause, the text again where it fits.</summary>
    public static string Of(RenderedMessage message)
    {
        var voice = TwilioVoice.For(message.Language);
        // A voice cannot read a language that it has not; the digits alone are understood more widely than noise.
        var text = Readable(voice is null ? $"Your code is {string.Join(", ", message.Code!.AsEnumerable())}." : message.Text);
        var twice = Of(voice ?? TwilioVoice.English, text, times: 2);
        return twice.Length <= Longest ? twice : Of(voice ?? TwilioVoice.English, text, times: 1);
    }

    private static string Of(TwilioVoice voice, string text, int times)
    {
        var twiml = new StringBuilder();
        using (var writer = XmlWriter.Create(twiml, Settings))
        {
            writer.WriteStartElement("Response");
            for (var i = 0; i < times; i++)
            {
                writer.WriteStartElement("Pause");
                writer.WriteAttributeString("length", "1");
                writer.WriteEndElement();
                writer.WriteStartElement("Say");
                writer.WriteAttributeString("language", voice.Language);
                writer.WriteAttributeString("voice", voice.Name);
                writer.WriteString(text);
                writer.WriteEndElement();
            }
            writer.WriteEndElement();
        }
        return twiml.ToString();
    }

    /// <summary>The text without what XML 1.0 cannot hold (§2.2): control characters, non-characters, and halves of surrogate pairs.</summary>
    private static string Readable(string text)
    {
        var readable = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
            if (!rune.IsBmp || XmlConvert.IsXmlChar((char)rune.Value)) readable.Append(rune);
        return readable.ToString();
    }
}
