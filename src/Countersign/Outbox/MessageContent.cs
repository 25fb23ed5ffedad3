using System.Text.Json;
using System.Text.Json.Serialization;
using Countersign.Sealing;

namespace Countersign.Outbox;

/// <summary>What only the recipient of a code may know, and what its texts are made of when it is sent.</summary>
public sealed record MessageContent
{
    /// <summary>The most bytes of a content in the clear.</summary>
    public const int MaxLength = 4_096;

    /// <summary>The code.</summary>
    public required string Code { get; init; }
    /// <summary>The language of the texts (BCP 47).</summary>
    public required string Language { get; init; }
    /// <summary>The finished text of an SMS; null on other channels, whose texts are made when they are sent.</summary>
    public string? Text { get; init; }
    /// <summary>The digits to dial once a call is answered.</summary>
    public string? Extension { get; init; }
    /// <summary>The life of the code in seconds, as it was when it was drawn.</summary>
    public required int LifetimeSeconds { get; init; }
    /// <summary>The request that asked for it.</summary>
    public required MessageOrigin Origin { get; init; }

    /// <summary>The content, sealed so that it opens only for the message with this id.</summary>
    public byte[] Seal(IVault vault, string messageId) => vault.Seal(JsonSerializer.SerializeToUtf8Bytes(this, OutboxJson.Default.MessageContent), Owner(messageId));

    /// <summary>Opens what <see cref="Seal"/> made.</summary>
    public static MessageContent Open(IVault vault, string messageId, ReadOnlySpan<byte> content)
    {
        Span<byte> clear = new byte[content.Length];
        return JsonSerializer.Deserialize(clear[..vault.Open(content, Owner(messageId), clear)], OutboxJson.Default.MessageContent)!;
    }

    /// <summary>Nothing of it: codes do not get into logs by accident.</summary>
    public override string ToString() => nameof(MessageContent);

    /// <summary>The owner's name that a message's content is bound to.</summary>
    public static string Owner(string messageId) => $"outbox/{messageId}";
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(MessageContent))]
internal sealed partial class OutboxJson : JsonSerializerContext;
