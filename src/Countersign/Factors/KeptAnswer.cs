using System.Collections.Immutable;
using Countersign.Factors.Transactions;

namespace Countersign.Factors;

/// <summary>
/// What a verification came to that its caller may ask for again, because it cannot know whether it was carried out (a task of a workflow after a crash). It is committed together with what the
/// verification did, so that no code is sent twice, no device asked twice and no try counted twice.
/// </summary>
/// <param name="Key">The request's <see cref="VerifyRequest.Key"/>; at most <see cref="LongestKey"/> characters.</param>
/// <param name="Factor">The factor.</param>
/// <param name="Result">What it came to; null when it was refused.</param>
/// <param name="Refusal">Why it was refused; null when it was not.</param>
/// <param name="Transaction">The transaction that it opened; null for none.</param>
/// <param name="Expires">Unix milliseconds: when that transaction ends.</param>
/// <param name="Until">Unix seconds from which it is forgotten.</param>
public sealed record KeptAnswer(string Key, string Factor, FactorResult? Result, Refusal? Refusal, string? Transaction, long Expires, long Until)
{
    /// <summary>The longest key.</summary>
    public const int LongestKey = 100;
    /// <summary>How many answers of a user are kept.</summary>
    public const int MostKept = 16;
    /// <summary>How long an answer is kept.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromDays(1);

    /// <summary>What is kept of an outcome; null for one that is none of a verification.</summary>
    public static KeptAnswer? Of(string key, FactorId factor, FactorOutcome outcome, DateTimeOffset now)
    {
        var until = (now + Life).ToUnixTimeSeconds();
        return outcome switch
        {
            FactorOutcome.Verified { Verification: var verification } => new KeptAnswer(
                key, factor.Value, verification.Result, Refusal: null, verification.Transaction?.Id, verification.Transaction?.Expires ?? 0, until),
            FactorOutcome.Refused refused => new KeptAnswer(key, factor.Value, Result: null, refused.Refusal, Transaction: null, Expires: 0, until),
            _ => null,
        };
    }

    /// <summary>The outcome again.</summary>
    public FactorOutcome Tell(Users.UserId user, Factor factor) => Result is not { } result ? new FactorOutcome.Refused(Refusal!.Value)
        : new FactorOutcome.Verified(user, factor, new Verification(result)
        {
            Transaction = Transaction is null ? null : new FactorTransaction { Id = Transaction, Expires = Expires, Result = FactorResult.Waiting },
        });
}

/// <summary>The answers that are kept of one user.</summary>
public static class KeptAnswers
{
    extension(ImmutableArray<KeptAnswer> answers)
    {
        /// <summary>The answer to the request of this key; null when there is none, or it is forgotten.</summary>
        public KeptAnswer? Find(string key, FactorId factor, DateTimeOffset now)
        {
            foreach (var answer in answers)
                if (answer.Key == key && answer.Factor == factor.Value) return now.ToUnixTimeSeconds() < answer.Until ? answer : null;
            return null;
        }

        /// <summary>The answers with this one, and without those that are forgotten.</summary>
        public ImmutableArray<KeptAnswer> Put(KeptAnswer answer, DateTimeOffset now)
        {
            var kept = answers.RemoveAll(other => other.Key == answer.Key || other.Until <= now.ToUnixTimeSeconds()).Add(answer);
            return kept.Length > KeptAnswer.MostKept ? kept[^KeptAnswer.MostKept..] : kept;
        }
    }
}
