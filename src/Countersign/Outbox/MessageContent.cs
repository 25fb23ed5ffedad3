using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Countersign.Sealing;

namespace Countersign.Outbox;

/// <summary>What only the recipient of a message may know, and what its texts are made of when it is sent: a code, a link or a report.</summary>
public sealed record MessageContent
{
    /// <summary>The most bytes of a content in the clear.</summary>
    public const int MaxLength = 4_096;

    /// <summary>The code; null for none.</summary>
    public string? Code { get; init; }
    /// <summary>The link; null for none.</summary>
    public string? Link { get; init; }
    /// <summary>The request that is reported to administrators; null for none.</summary>
    public ReportedRequest? Report { get; init; }
    /// <summary>The language of the texts (BCP 47).</summary>
    public required string Language { get; init; }
    /// <summary>The finished text of an SMS; null on other channels, whose texts are made when they are sent.</summary>
    public string? Text { get; init; }
    /// <summary>The digits to dial once a call is answered.</summary>
    public string? Extension { get; init; }
    /// <summary>The life of the code or the link in seconds, as it was when it was drawn.</summary>
    public required int LifetimeSeconds { get; init; }
    /// <summary>The request that asked for it.</summary>
    public required MessageOrigin Origin { get; init; }

    /// <summary>The content, sealed so that it opens only for the message with this id.</summary>
    public byte[] Seal(IVault vault, string messageId) => Seal(vault, messageId, this, OutboxJson.Default.MessageContent);

    /// <summary>Opens what <see cref="Seal"/> made.</summary>
    public static MessageContent Open(IVault vault, string messageId, ReadOnlySpan<byte> content) => Open(vault, messageId, content, OutboxJson.Default.MessageContent);

    /// <summary>Nothing of it: codes do not get into logs by accident.</summary>
    public override string ToString() => nameof(MessageContent);

    /// <summary>The owner's name that a message's content is bound to.</summary>
    public static string Owner(string messageId) => $"outbox/{messageId}";

    /// <summary>A content of any kind, sealed so that it opens only for the message with this id.</summary>
    internal static byte[] Seal<T>(IVault vault, string messageId, T content, JsonTypeInfo<T> type) => vault.Seal(JsonSerializer.SerializeToUtf8Bytes(content, type), Owner(messageId));

    /// <summary>Opens what <see cref="Seal{T}"/> made.</summary>
    internal static T Open<T>(IVault vault, string messageId, ReadOnlySpan<byte> content, JsonTypeInfo<T> type)
    {
        Span<byte> clear = new byte[content.Length];
        return JsonSerializer.Deserialize(clear[..vault.Open(content, Owner(messageId), clear)], type)!;
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(MessageContent))]
[JsonSerializable(typeof(PushContent))]
internal sealed partial class OutboxJson : JsonSerializerContext;
