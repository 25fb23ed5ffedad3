using Countersign.Factors;
using Countersign.Users;

namespace Countersign.Outbox;

/// <summary>A message of the outbox as it now stands.</summary>
public sealed record OutboxEntry
{
    /// <summary>The id.</summary>
    public required string Id { get; init; }
    /// <summary>How it travels.</summary>
    public required Channel Channel { get; init; }
    /// <summary>Where it goes, as in <see cref="OutboxMessage.Recipient"/>.</summary>
    public required string Recipient { get; init; }
    /// <summary>Whose it is; null for what goes to no user.</summary>
    public UserId? User { get; init; }
    /// <summary>The factor whose code or link it carries; null for none.</summary>
    public FactorId? Factor { get; init; }
    /// <summary>What it is for.</summary>
    public required MessagePurpose Purpose { get; init; }
    /// <summary>When it was made.</summary>
    public required DateTimeOffset Created { get; init; }
    /// <summary>From when on it is not sent.</summary>
    public required DateTimeOffset Expires { get; init; }
    /// <summary>Where it stands.</summary>
    public required OutboxStatus Status { get; init; }
    /// <summary>When it last changed.</summary>
    public required DateTimeOffset Updated { get; init; }
    /// <summary>How often it was taken up to be sent. It guards what is noted: only who took it up last may.</summary>
    public required int Attempts { get; init; }
    /// <summary>The provider that accepted it, or the last that was tried; null before any.</summary>
    public string? Provider { get; init; }
    /// <summary>The provider's own id of it.</summary>
    public string? Reference { get; init; }
    /// <summary>Why it was not sent, or did not arrive; null when nothing is wrong.</summary>
    public string? Reason { get; init; }
    /// <summary>The sealed content; empty once it is not needed any more.</summary>
    public ReadOnlyMemory<byte> Content { get; init; }
}
