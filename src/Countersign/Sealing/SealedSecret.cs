using System.Text.Json;
using System.Text.Json.Serialization;

namespace Countersign.Sealing;

/// <summary>
/// A sealed secret inside a factor's data. In JSON it is <c>"sealed:…"</c> (base64), so that a rotation of keys finds every one of
/// them without knowing the kinds.
/// </summary>
[JsonConverter(typeof(SealedSecretConverter))]
public readonly record struct SealedSecret(ReadOnlyMemory<byte> Bytes)
{
    /// <summary>What a sealed secret begins with in JSON.</summary>
    public const string Prefix = "sealed:";

    /// <summary>The longest secret that is sealed, in bytes.</summary>
    public const int MaxLength = 512;
}

/// <summary>Writes a sealed secret as text.</summary>
public sealed class SealedSecretConverter : JsonConverter<SealedSecret>
{
    /// <inheritdoc/>
    public override SealedSecret Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        => new(Convert.FromBase64String(reader.GetString()![SealedSecret.Prefix.Length..]));

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, SealedSecret value, JsonSerializerOptions options)
        => writer.WriteStringValue(SealedSecret.Prefix + Convert.ToBase64String(value.Bytes.Span));
}
