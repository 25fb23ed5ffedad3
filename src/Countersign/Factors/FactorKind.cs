using System.Text.Json.Nodes;
using Countersign.Claims;
using Countersign.Factors.Transactions;
using Countersign.Identifiers;
using Countersign.Links;
using Countersign.Organization;
using Countersign.Requests;
using Countersign.Users;

namespace Countersign.Factors;

/// <summary>
/// One pair of factor type and provider (contract 7.1): its decisions, each a pure function of what it is given. A new kind is a folder with one
/// such class, and one line in <c>FactorServices</c>.
/// </summary>
public abstract class FactorKind
{
    /// <summary>The contract's factor type. Stored with every factor, so it never changes.</summary>
    public abstract string FactorType { get; }
    /// <summary>The contract's provider. Stored with every factor, so it never changes.</summary>
    public abstract string Provider { get; }
    /// <summary>The name of the organisation's switch (contract 12.1), for example <c>google_otp</c>.</summary>
    public abstract string OrgFactor { get; }
    /// <summary>The first three characters of its factors' ids (contract 1.3).</summary>
    public abstract string IdPrefix { get; }
    /// <summary>Its place in lists (contract 8.1); equal places go by creation.</summary>
    public abstract int ListOrder { get; }
    /// <summary>What a person calls it; in the log.</summary>
    public abstract string DisplayName { get; }
    /// <summary>The log's name of it, for example <c>SMS_FACTOR</c>.</summary>
    public abstract string LogName { get; }
    /// <summary>Whether a user may own several of it.</summary>
    public virtual bool AllowsSeveral => false;
    /// <summary>Whether it is activated by a passcode of an authenticator, so that tries are limited (contract 4.2).</summary>
    public virtual bool LimitsActivations => false;
    /// <summary>Whether its enrollment is proved by a passcode, so that tries are limited like those of activations (contract 4.2).</summary>
    public virtual bool LimitsEnrollments => false;
    /// <summary>
    /// Whether it can be enrolled here: false while the outside system that it asks is not configured. The organisation's switch is another matter. Factors that
    /// exist stay, and what is done with them is the kind's to answer.
    /// </summary>
    public virtual bool IsAvailable => true;

    /// <summary>
    /// Whether its answers come another way than its questions go (contract 9.6): a challenge opens a transaction, and an activation without a body polls. See <see cref="OutOfBandFactor"/>.
    /// </summary>
    public virtual bool AnswersElsewhere => false;

    /// <summary>Decides an enrollment. <paramref name="pending"/> is the pending factor of the same kind that it restarts, if any.</summary>
    public abstract FactorDecision Enroll(EnrollRequest request, Factor? pending, in FactorContext context);

    /// <summary>Decides an activation of a pending factor.</summary>
    public virtual FactorDecision Activate(Factor factor, VerifyRequest request, in FactorContext context)
        => FactorDecision.Refuse(Refusal.NotInExpectedState);

    /// <summary>Decides a verification of an active factor: a challenge when nothing is answered, else the judgement of the answer.</summary>
    public abstract FactorDecision Verify(Factor factor, VerifyRequest request, in FactorContext context);

    /// <summary>Decides a change of an active factor's profile (contract 8 operation 6).</summary>
    public virtual FactorDecision Update(Factor factor, EnrollRequest request, in FactorContext context)
        => FactorDecision.Refuse(Refusal.Unsupported);

    /// <summary>Sends the activation of a pending factor again (contract 8.6).</summary>
    public virtual FactorDecision Resend(Factor factor, EnrollRequest request, in FactorContext context)
        => FactorDecision.Refuse(Refusal.NotInExpectedState);

    /// <summary>Says how a transaction of an active factor stands, or brings it to its end (contract 9.6).</summary>
    public virtual FactorDecision Poll(Factor factor, string transactionId, in FactorContext context) => FactorDecision.Refuse(Refusal.TransactionNotFound);

    /// <summary>Cancels a transaction that waits; a finished one stays as it is (contract 9.6).</summary>
    public virtual FactorDecision Cancel(Factor factor, string transactionId, in FactorContext context) => FactorDecision.Refuse(Refusal.TransactionNotFound);

    /// <summary>Decides on a user who was sent to somebody else's page and comes back with an answer (contract 9.13).</summary>
    public virtual FactorDecision Complete(Factor factor, RedirectAnswer answer, in FactorContext context) => FactorDecision.Refuse(Refusal.NotInExpectedState);

    /// <summary>The factors that were enrolled with this one, on the same device, and go with it (contract 8.5).</summary>
    public virtual IReadOnlyList<FactorId> CompanionsOf(Factor factor) => [];

    /// <summary>What is left to remember when the factor goes, so that its used codes stay used.</summary>
    public virtual IReadOnlyList<SpentSecret> Spend(Factor factor) => [];

    /// <summary>The user's state with what is known of the user since a factor of this kind is active.</summary>
    public virtual UserState Remember(UserState user, Factor factor) => user;

    /// <summary>The number that a factor's codes go to by phone; null when they do not.</summary>
    public virtual string? PhoneOf(Factor factor) => null;

    /// <summary>The event beside the usual one when a verification was answered; null for none.</summary>
    public virtual string? RedeemEvent => null;

    /// <summary>What the kind shows of a factor.</summary>
    public abstract FactorView View(Factor factor, OrganizationSettings organization, UserUrls urls);

    /// <summary><c>_embedded.activation</c> of a pending factor, for kinds whose device needs to know the user; null where <see cref="View"/> says it, or nothing is to be said.</summary>
    public virtual JsonObject? ViewActivation(Factor factor, UserState user, OrganizationSettings organization) => null;
    /// <summary>What the kind shows of a transaction that waits, as its <c>_embedded</c>; null for nothing.</summary>
    public virtual JsonObject? ViewTransaction(Factor factor, FactorTransaction transaction, UserUrls urls) => null;

    /// <summary>The content of the picture at <c>qr/{token}</c>, or null when the factor has none or the token is not its own.</summary>
    public virtual string? QrContent(Factor factor, string token, UserState user, OrganizationSettings organization, UserUrls urls) => null;

    /// <summary>
    /// The step between load and decide for kinds that compute long or ask somebody else. A decision that needs it returns
    /// <see cref="FactorDecision.Ask"/>; then this runs outside any transaction and the decision is made again with its answer in the context.
    /// </summary>
    public virtual ValueTask<object?> AskAsync(object question, CancellationToken cancellationToken) => new((object?)null);

    /// <summary>A new factor of this kind, of whole seconds.</summary>
    protected Factor NewFactor(FactorStatus status, ReadOnlyMemory<byte> data, DateTimeOffset now, FactorId? id = null)
    {
        var at = now.ToWholeSeconds();
        return new Factor
        {
            Id = id ?? new FactorId(Identifier.New(IdPrefix, now)),
            FactorType = FactorType,
            Provider = Provider,
            Status = status,
            Created = at,
            LastUpdated = at,
            Data = data,
        };
    }
}

/// <summary>What a decision may know.</summary>
/// <param name="User">The user's state as loaded.</param>
/// <param name="Organization">The organisation's settings.</param>
/// <param name="Now">The time.</param>
/// <param name="Answer">What <see cref="FactorKind.AskAsync"/> answered; null before it was asked.</param>
public readonly record struct FactorContext(UserState User, OrganizationSettings Organization, DateTimeOffset Now, object? Answer)
{
    /// <summary>Who asks, from where; null when nobody does.</summary>
    public RequestContext? By { get; init; }
}

/// <summary>What a kind decided. Closed: nothing outside this file can add a case.</summary>
public abstract record FactorDecision
{
    private FactorDecision() { }

    /// <summary>The factor becomes <paramref name="Factor"/>; the answer is the factor itself. <paramref name="Message"/> is sent.</summary>
    public sealed record Becomes(Factor Factor, FactorMessage? Message = null) : FactorDecision
    {
        /// <summary>What the factor claims with it; null for nothing.</summary>
        public FactorClaim? Claim { get; init; }
        /// <summary>What the answer shows in <c>_embedded.activation</c>, this once; null for nothing.</summary>
        public JsonObject? ShownOnce { get; init; }
    }

    /// <summary>The factor becomes <paramref name="Factor"/>; the answer is <paramref name="Verification"/>. <paramref name="Message"/> is sent.</summary>
    public sealed record Answered(Factor Factor, Verification Verification, FactorMessage? Message = null) : FactorDecision
    {
        /// <summary>What the log says of a verification beside its success; null for nothing.</summary>
        public string? Remark { get; init; }
        /// <summary>What the factor claims with it; null for nothing.</summary>
        public FactorClaim? Claim { get; init; }
    }

    /// <summary>Nothing changes; the answer is <paramref name="Verification"/>: how a transaction of <paramref name="Factor"/> stands.</summary>
    public sealed record Told(Factor Factor, Verification Verification) : FactorDecision;

    /// <summary>A transaction of <paramref name="Factor"/> came to its end, which <paramref name="Verification"/> says. <paramref name="Message"/> is sent.</summary>
    public sealed record Finished(Factor Factor, Verification Verification, FactorMessage? Message = null) : FactorDecision
    {
        /// <summary>The types of events beside the usual one of a verification.</summary>
        public IReadOnlyList<string> AlsoLogged { get; init; } = [];
    }

    /// <summary>
    /// Refused. <paramref name="Counts"/>: it was a wrong answer and counts towards the lockout. <paramref name="Reason"/> says in the log what exactly was wrong, which
    /// the client is not told; null when there is no more to say.
    /// </summary>
    public sealed record Refused(Refusal Refusal, bool Counts, string? Reason = null) : FactorDecision
    {
        /// <summary>What the factor becomes although it was refused; null: it stays as it is.</summary>
        public Factor? Factor { get; init; }
        /// <summary>What to tell the person beside the refusal; null for nothing.</summary>
        public string? Prompt { get; init; }
        /// <summary>When another try will be heard, where there is such a time.</summary>
        public DateTimeOffset? RetryAt { get; init; }
    }

    /// <summary>Something slow must be found out first: <see cref="FactorKind.AskAsync"/> is called with <paramref name="Question"/>.</summary>
    public sealed record Ask(object Question) : FactorDecision;

    /// <summary>Refused without counting as a wrong answer.</summary>
    public static FactorDecision Refuse(Refusal refusal) => new Refused(refusal, Counts: false);

    /// <summary>Refused as a wrong answer.</summary>
    public static FactorDecision Wrong(Refusal refusal, string? reason = null) => new Refused(refusal, Counts: true, reason);
}

/// <summary>A change of a claim that a decision depends on.</summary>
/// <param name="Change">The change.</param>
/// <param name="WhenRefused">The decision when somebody else has what is claimed, or used it meanwhile: a refusal, or the question that finds out more.</param>
public sealed record FactorClaim(ClaimChange Change, FactorDecision WhenRefused);
