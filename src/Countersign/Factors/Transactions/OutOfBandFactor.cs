using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Countersign.Users;

namespace Countersign.Factors.Transactions;

/// <summary>
/// What all kinds share whose answer comes another way than the question went: a challenge opens a transaction, which is polled and may be cancelled, and whose first final
/// result is the last word (contract 9.6). The activation of a pending factor is such a transaction too, but one without an address of its own. Decisions alone are here:
/// each is made on the state that its commit is guarded by, so that of two results that come at once one is decided upon the other.
/// </summary>
public abstract class OutOfBandFactor : FactorKind
{
    /// <inheritdoc/>
    public sealed override bool AnswersElsewhere => true;

    /// <summary>How long an activation is waited for.</summary>
    protected virtual TimeSpan ActivationLife => TransactionList.Life;

    /// <summary>How long an answer to a challenge is waited for.</summary>
    protected virtual TimeSpan ChallengeLife => TransactionList.Life;

    /// <summary>Reads the factor's state.</summary>
    protected abstract OutOfBandData Read(Factor factor);

    /// <summary>The state to store.</summary>
    protected abstract byte[] Write(OutOfBandData data);

    /// <summary>What a transaction shows of the factor: the contract's <c>profile</c>.</summary>
    protected abstract JsonObject Profile(OutOfBandData data);

    /// <summary>What the answer to a challenge shows of the factor.</summary>
    protected virtual JsonObject ChallengeProfile(OutOfBandData data) => Profile(data);

    /// <summary>
    /// Puts the question. Null: it is put, and a transaction begins that keeps <paramref name="own"/>; else what is to be done first, or why the question cannot be put.
    /// </summary>
    /// <param name="data">The factor's state, which may be changed.</param>
    /// <param name="challenge">What the client asks of the challenge; null: it is an activation.</param>
    /// <param name="context">What is known.</param>
    /// <param name="own">What the transaction must remember.</param>
    protected abstract FactorDecision? Begin(ref OutOfBandData data, VerifyRequest? challenge, in FactorContext context, out JsonObject? own);

    /// <summary>What tells the person that a transaction waits; null for nothing.</summary>
    protected virtual FactorMessage? Announce(UserId user, Factor factor, FactorTransaction transaction, DateTimeOffset now) => null;

    /// <summary>Looks whether an open transaction was answered. The usual decision is that it was not: its answer comes by itself.</summary>
    protected virtual FactorDecision Look(Factor factor, FactorTransaction transaction, in FactorContext context) => Tell(factor, transaction);

    /// <summary>Enrolls: a pending factor whose activation waits.</summary>
    protected FactorDecision Enroll(OutOfBandData data, Factor? pending, in FactorContext context)
    {
        if (Begin(ref data, challenge: null, context, out var own) is { } first) return first;
        var factor = NewFactor(FactorStatus.PendingActivation, default, context.Now, pending?.Id);
        var activation = FactorTransaction.New(context.Now, ActivationLife, own);
        return new FactorDecision.Becomes(factor with { Created = pending?.Created ?? factor.Created, Data = Write(data with { Activation = activation }) });
    }

    /// <summary>Polls the activation; one that is over, and was said to be so, begins again.</summary>
    public override FactorDecision Activate(Factor factor, VerifyRequest request, in FactorContext context)
    {
        var data = Read(factor);
        if (data.Activation is { Result: FactorResult.Waiting } waiting)
            return waiting.IsOpen(context.Now) ? Look(factor, waiting, context) : End(factor, waiting, FactorResult.Timeout, context.Now);
        if (data.Activation is { } over && over.Id == request.SeenWaiting) return Tell(factor, over);
        if (Begin(ref data, challenge: null, context, out var own) is { } first) return first;
        var activation = FactorTransaction.New(context.Now, ActivationLife, own);
        return new FactorDecision.Answered(factor with { Data = Write(data with { Activation = activation }) }, State(activation, data));
    }

    /// <summary>Opens a transaction.</summary>
    public override FactorDecision Verify(Factor factor, VerifyRequest request, in FactorContext context)
    {
        var data = Read(factor);
        // Whoever can open transactions can have the user asked over and over, until one question is answered to be rid of it.
        if (data.Transactions.FullUntil(context.Now) is { } until) return new FactorDecision.Refused(Refusal.TooManyTries, Counts: false) { RetryAt = until };
        if (Begin(ref data, request, context, out var own) is { } first) return first;
        var transaction = FactorTransaction.New(context.Now, ChallengeLife, own);
        var asked = factor with { Data = Write(data with { Transactions = data.Transactions.Put(transaction, context.Now) }) };
        return new FactorDecision.Answered(asked, State(transaction, data) with { Profile = ChallengeProfile(data) }, Announce(context.User.Id, asked, transaction, context.Now));
    }

    /// <inheritdoc/>
    public sealed override FactorDecision Poll(Factor factor, string transactionId, in FactorContext context)
    {
        if (Read(factor).Transactions.Find(transactionId, context.Now) is not { } transaction) return FactorDecision.Refuse(Refusal.TransactionNotFound);
        if (transaction.Result != FactorResult.Waiting) return Tell(factor, transaction);
        return transaction.IsOpen(context.Now) ? Look(factor, transaction, context) : End(factor, transaction, FactorResult.Timeout, context.Now);
    }

    /// <inheritdoc/>
    public sealed override FactorDecision Cancel(Factor factor, string transactionId, in FactorContext context)
    {
        if (Read(factor).Transactions.Find(transactionId, context.Now) is not { } transaction) return FactorDecision.Refuse(Refusal.TransactionNotFound);
        return transaction.IsOpen(context.Now) ? End(factor, transaction, FactorResult.Cancelled, context.Now) : Tell(factor, transaction);
    }

    /// <summary>The open transaction of this id, the activation of a pending factor among them; null when there is none that an answer could be for.</summary>
    protected FactorTransaction? FindOpen(Factor factor, string transactionId, DateTimeOffset now)
    {
        var data = Read(factor);
        var found = factor.Status != FactorStatus.PendingActivation ? data.Transactions.Find(transactionId, now)
            : data.Activation?.Id == transactionId ? data.Activation : null;
        return found?.IsOpen(now) == true ? found : null;
    }

    /// <summary>Brings a transaction that waits to its end. An activation that succeeds makes the factor active.</summary>
    protected FactorDecision End(Factor factor, FactorTransaction transaction, FactorResult result, DateTimeOffset now)
    {
        var data = Read(factor);
        if (factor.Status != FactorStatus.PendingActivation)
        {
            var ended = transaction.End(result);
            return new FactorDecision.Finished(factor with { Data = Write(data with { Transactions = data.Transactions.Put(ended, now) }) }, State(ended, data));
        }
        if (result == FactorResult.Success)
            return new FactorDecision.Becomes(factor with { Status = FactorStatus.Active, LastUpdated = now.ToWholeSeconds(), Data = Write(data with { Activation = null }) });
        // Activations have no REJECTED (contract 9.6).
        var over = transaction.End(result == FactorResult.Rejected ? FactorResult.Cancelled : result);
        return new FactorDecision.Answered(factor with { Data = Write(data with { Activation = over }) }, State(over, data));
    }

    /// <summary>Says how a transaction stands; nothing changes.</summary>
    protected FactorDecision Tell(Factor factor, FactorTransaction transaction) => new FactorDecision.Told(factor, State(transaction, Read(factor)));

    private Verification State(FactorTransaction transaction, OutOfBandData data) => transaction.Result switch
    {
        FactorResult.Success => Verification.Success,
        FactorResult.Cancelled => new Verification(FactorResult.Cancelled) { Transaction = transaction },
        var result => new Verification(result, Profile(data)) { Transaction = transaction },
    };
}

/// <summary>The state of a factor whose answers come from elsewhere.</summary>
public abstract record OutOfBandData
{
    /// <summary>The activation of a pending factor; null when the factor is active.</summary>
    public FactorTransaction? Activation { get; set; }
    /// <summary>The transactions of challenges, in the order of their last change.</summary>
    public ImmutableArray<FactorTransaction> Transactions { get; set; } = [];
}
