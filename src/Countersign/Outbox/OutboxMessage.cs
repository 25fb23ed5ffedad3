using Countersign.Factors;
using Countersign.Identifiers;
using Countersign.Users;

namespace Countersign.Outbox;

/// <summary>
/// A message that a transition wants sent: committed with it, and sent afterwards. What only its recipient may know is in <see cref="Content"/>, sealed.
/// </summary>
public sealed record OutboxMessage
{
    /// <summary>The prefix of every message id.</summary>
    public const string IdPrefix = "msg";

    /// <summary>The id, for every try and every provider the same: the idempotency key.</summary>
    public required string Id { get; init; }
    /// <summary>How it travels.</summary>
    public required Channel Channel { get; init; }
    /// <summary>The phone number (E.164) or the address as it is written; an event hook's id; the id of the factor whose device is told.</summary>
    public required string Recipient { get; init; }
    /// <summary>Whose it is; null for what goes to no user.</summary>
    public UserId? User { get; init; }
    /// <summary>The factor whose code or link it carries: a newer message of the same factor ends the older ones. Null for what no newer message ends.</summary>
    public FactorId? Factor { get; init; }
    /// <summary>What it is for.</summary>
    public MessagePurpose Purpose { get; init; }
    /// <summary>When it was made; milliseconds.</summary>
    public required DateTimeOffset Created { get; init; }
    /// <summary>From when on it must not be sent.</summary>
    public required DateTimeOffset Expires { get; init; }
    /// <summary><see cref="OutboxStatus.Waiting"/>, or <see cref="OutboxStatus.Kept"/> when nobody sends on its channel.</summary>
    public required OutboxStatus Status { get; init; }
    /// <summary>The <see cref="MessageContent"/>, sealed; a <see cref="PushContent"/> on <see cref="Channel.Push"/>.</summary>
    public required ReadOnlyMemory<byte> Content { get; init; }

    /// <summary>A new id.</summary>
    public static string NewId(DateTimeOffset now) => Identifier.New(IdPrefix, now);
}
