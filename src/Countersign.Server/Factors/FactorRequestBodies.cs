using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Countersign.Factors;

namespace Countersign.Server.Factors;

/// <summary>The body of an enrollment (contract 8.4).</summary>
internal sealed record EnrollFactorRequest
{
    /// <summary>The type of the factor, for example <c>token:software:totp</c>.</summary>
    public string? FactorType { get; init; }
    /// <summary>The provider, for example <c>GOOGLE</c>; may be left out where the type has only one.</summary>
    public string? Provider { get; init; }
    /// <summary>What the kind of factor needs to know.</summary>
    public JsonObject? Profile { get; init; }
    /// <summary>The id of the custom TOTP profile (<c>token:hotp</c>).</summary>
    public string? FactorProfileId { get; init; }
    /// <summary>An answer that is verified at once (<c>token:hardware</c>, <c>token</c>).</summary>
    public VerifyFactorRequest? Verify { get; init; }

    public EnrollRequest ToRequest(MessageRequest message, bool activate = false, bool updatePhone = false) => new()
    {
        FactorType = FactorType,
        Provider = Provider,
        Profile = Profile,
        FactorProfileId = FactorProfileId,
        Verify = Verify?.ToRequest(MessageRequest.Usual),
        Activate = activate,
        UpdatePhone = updatePhone,
        Message = message,
    };
}

/// <summary>The body of a verification or an activation (contract 8.7): the answer, or nothing to start a challenge.</summary>
internal sealed record VerifyFactorRequest
{
    /// <summary>The one-time passcode of an authenticator, a token or a message. Leave it out to have a message sent (<c>sms</c>, <c>call</c>, <c>email</c>).</summary>
    public string? PassCode { get; init; }
    /// <summary>The passcode after <c>passCode</c>: resynchronises a token that has drifted further than a single passcode can show (<c>token:hotp</c>, <c>token</c>).</summary>
    [JsonConverter(typeof(TextOrIntegerConverter))]
    public string? NextPassCode { get; init; }
    /// <summary>The answer to the security question (<c>question</c>).</summary>
    public string? Answer { get; init; }
    /// <summary>The authenticator's data, base64 or base64url (<c>webauthn</c>).</summary>
    public string? AuthenticatorData { get; init; }
    /// <summary>The client's data that the authenticator signed, base64 or base64url (<c>webauthn</c>, <c>u2f</c>).</summary>
    public string? ClientData { get; init; }
    /// <summary>The authenticator's signature, base64 or base64url (<c>webauthn</c>, <c>u2f</c>).</summary>
    public string? SignatureData { get; init; }
    /// <summary>Whether the device asks for the two-digit number that the answer tells, to be shown on the sign-in page (<c>push</c>).</summary>
    public bool? UseNumberMatchingChallenge { get; init; }
    /// <summary>In an activation: the attestation object, base64 or base64url (<c>webauthn</c>).</summary>
    public string? Attestation { get; init; }
    /// <summary>In an activation: the key's registration, base64 or base64url (<c>u2f</c>).</summary>
    public string? RegistrationData { get; init; }

    public VerifyRequest ToRequest(MessageRequest message) => new()
    {
        PassCode = PassCode,
        NextPassCode = NextPassCode,
        Answer = Answer,
        ClientData = ClientData,
        AuthenticatorData = AuthenticatorData,
        SignatureData = SignatureData,
        UseNumberMatchingChallenge = UseNumberMatchingChallenge == true,
        Attestation = Attestation,
        RegistrationData = RegistrationData,
        Message = message,
    };
}

/// <summary>Reads text that some clients send as an integer (contract 9.12).</summary>
internal sealed class TextOrIntegerConverter : JsonConverter<string>
{
    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType switch
    {
        JsonTokenType.String => reader.GetString(),
        JsonTokenType.Number when reader.TryGetInt64(out var number) && number >= 0 => number.ToString(System.Globalization.CultureInfo.InvariantCulture),
        _ => throw new JsonException(),
    };

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);
}
