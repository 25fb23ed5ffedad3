using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Countersign.Outbox;
using Countersign.Sealing;

namespace Countersign.Hooks;

/// <summary>What a message of the outbox to an event hook consists of: the events are read from the system log when it is sent.</summary>
/// <param name="Events">The numbers of the events, ascending.</param>
public sealed record EventMessage(ImmutableArray<long> Events)
{
    /// <summary>The most events of one message.</summary>
    public const int MostEvents = 50;
    /// <summary>The most events that the feed goes through at once; those of one message lie within so many.</summary>
    public const int MostRead = 200;
    /// <summary>For how long a message is tried.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);

    /// <summary>The content, sealed so that it opens only for the message with this id.</summary>
    public byte[] Seal(IVault vault, string messageId) => MessageContent.Seal(vault, messageId, this, EventMessageJson.Default.EventMessage);

    /// <summary>Opens what <see cref="Seal"/> made.</summary>
    public static EventMessage Open(IVault vault, string messageId, ReadOnlySpan<byte> content) => MessageContent.Open(vault, messageId, content, EventMessageJson.Default.EventMessage);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(EventMessage))]
internal sealed partial class EventMessageJson : JsonSerializerContext;
