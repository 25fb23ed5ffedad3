using System.Text.Json.Nodes;
using Countersign.Outbox;
using Countersign.Users;

namespace Countersign.Factors;

/// <summary>What became of an operation on a factor, once it is durable. Closed: nothing outside this file can add a case.</summary>
public abstract record FactorOutcome
{
    private FactorOutcome() { }

    /// <summary>The message that was committed with it, or one of them; null when there is none.</summary>
    public OutboxMessage? Sent { get; init; }

    /// <summary>The factor as it now is.</summary>
    public sealed record Shown(UserState User, Factor Factor) : FactorOutcome
    {
        /// <summary>What is shown in <c>_embedded.activation</c>, this once; null for what the kind shows anyway.</summary>
        public JsonObject? Once { get; init; }
    }

    /// <summary>The answer of a verification.</summary>
    public sealed record Verified(UserId User, Factor Factor, Verification Verification) : FactorOutcome;

    /// <summary>The factor is gone.</summary>
    public sealed record Removed : FactorOutcome;

    /// <summary>Refused; <paramref name="RetryAt"/> says when another try will be heard, where there is such a time.</summary>
    public sealed record Refused(Refusal Refusal, DateTimeOffset? RetryAt = null) : FactorOutcome
    {
        /// <summary>What to tell the person beside the refusal; null for nothing.</summary>
        public string? Prompt { get; init; }
    }

    /// <summary>The kind must ask before it can decide; never leaves <see cref="FactorOperations"/>.</summary>
    internal sealed record MustAsk(FactorKind Kind, object Question) : FactorOutcome;
}
