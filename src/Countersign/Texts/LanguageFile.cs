using System.Text.Json.Serialization;

namespace Countersign.Texts;

/// <summary>
/// The texts of a language as they stand in <c>Texts/Languages/{tag}.json</c>. A word in braces is a place for a value; <see cref="LanguageTexts"/> says which
/// values each text is given.
/// </summary>
internal sealed record LanguageFile(string Tag, string Name, bool RightToLeft, string Sms, MailFile Mail, LinkFile Link, VoiceFile Voice);

/// <summary>What a mail says. The lead comes directly before the code; of the validity there is a text for each of the language's plural categories.</summary>
internal sealed record MailFile(
    string Greeting, string GreetingWithoutName, PurposeFile Activation, PurposeFile Verification, Dictionary<string, string> Validity, string Secrecy, string Automatic);

/// <summary>What a mail says of what the code or the link is for, and what to do for somebody who did not ask for it.</summary>
internal sealed record PurposeFile(string Subject, string Heading, string Lead, string Unasked);

/// <summary>What messages with an activation link say in place of those with a code; the button is what opens the link in HTML.</summary>
internal sealed record LinkFile(string Sms, PurposeFile Mail, string Button, Dictionary<string, string> Validity, string Secrecy);

/// <summary>What a call says, and what stands between two digits.</summary>
internal sealed record VoiceFile(string First, string Again, string Pause);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(LanguageFile))]
internal sealed partial class LanguageJson : JsonSerializerContext;
