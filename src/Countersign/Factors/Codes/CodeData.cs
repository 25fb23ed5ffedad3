using System.Text.Json;
using System.Text.Json.Serialization;

namespace Countersign.Factors.Codes;

/// <summary>The state of a factor whose codes are brought to its owner.</summary>
internal sealed record CodeData
{
    /// <summary>The phone number (E.164); null for mail.</summary>
    public string? Phone { get; set; }
    /// <summary>The number's country (ISO 3166), by which it is checked again when a code is sent; null for mail.</summary>
    public string? Country { get; set; }
    /// <summary>The phone's extension; null for none.</summary>
    public string? Extension { get; set; }
    /// <summary>The mail address; null for phones.</summary>
    public string? Email { get; set; }
    /// <summary>The code that is out; null when none is. A newer one takes its place (contract 11.4).</summary>
    public OutstandingCode? Code { get; set; }

    /// <summary>Reads a factor's data.</summary>
    public static CodeData Read(Factor factor) => JsonSerializer.Deserialize(factor.Data.Span, CodeJson.Default.CodeData)!;

    /// <summary>The data to store.</summary>
    public byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(this, CodeJson.Default.CodeData);
}

/// <summary>A code that was sent and not yet answered.</summary>
/// <param name="Hash">A keyed hash of the code, the factor, the purpose and <paramref name="Expires"/>; base64.</param>
/// <param name="Expires">Unix milliseconds at which it ends.</param>
internal sealed record OutstandingCode(string Hash, long Expires);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(CodeData))]
internal sealed partial class CodeJson : JsonSerializerContext;
