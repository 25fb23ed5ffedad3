using Countersign.Outbox;
using Countersign.PhoneNumbers;
using Countersign.Requests;
using Countersign.SendLimits;
using Countersign.Users;

namespace Countersign.Factors.Push;

/// <summary>Sends the link of an activation to where the user reads it (contract 9.6): to the primary address, or to a number.</summary>
public sealed class ActivationLinks(FactorOperations factors, IUserStore users, SendGuard guard)
{
    /// <summary>Sends it, within the bounds of all messages to people.</summary>
    public async Task<FactorOutcome> SendAsync(UserId userId, FactorId factorId, LinkRequest request, RequestContext by, CancellationToken cancellationToken)
    {
        string? recipient = null, country = null;
        if (request.Channel == Channel.Email)
        {
            if (await users.FindAsync(userId, cancellationToken) is not { User: var user }) return new FactorOutcome.Refused(Refusal.UserNotFound);
            recipient = user.Emails.FirstOrDefault();
        }
        else if (PhoneNumber.Parse(request.PhoneNumber) is { } number)
        {
            if (guard.Refuses(number) is { } refusal) return new FactorOutcome.Refused(refusal);
            (recipient, country) = (number.Value, number.Country);
        }
        if (recipient is null) return new FactorOutcome.Refused(request.Channel == Channel.Email ? Refusal.EmailNotVerified : Refusal.InvalidPhoneNumber);
        return await factors.RunAsync(userId, factorId.Value, by, (step, kind, factor) =>
            kind is not PushFactor push ? FactorStep.Refuse(Refusal.Unsupported)
            : step.User.Status is UserStatus.Deprovisioned ? FactorStep.Refuse(Refusal.UserStatusForbids)
            : step.Keep(kind, push.SendLink(factor, request, recipient, country, step.Context), step.User, factor: factor), cancellationToken);
    }
}
