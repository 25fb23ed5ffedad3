using Countersign.Attempts;
using Countersign.Factors;
using Countersign.Hashing;
using Countersign.Requests;
using Countersign.SystemLog;

namespace Countersign.Users;

/// <summary>Moves users from status to status (contract 6.2, <c>lifecycle</c>), and removes them.</summary>
public sealed class UserLifecycle(IUserStore users, MemoryHardHash hash, AttemptRules attempts, FactorKinds kinds, UserLimits limits)
{
    /// <summary>Activates a staged or deactivated user. With <paramref name="handsOut"/> the link's token is answered.</summary>
    public Task<UserOutcome> ActivateAsync(UserId id, bool handsOut, RequestContext by, CancellationToken cancellationToken) => RunAsync(id, by, step =>
    {
        if (step.State.Status is not (UserStatus.Staged or UserStatus.Deprovisioned)) return UserTransition.Refuse(UserRefusal.AlreadyActive);
        var state = step.State.MoveTo(step.User.PasswordHash is null ? UserStatus.Provisioned : UserStatus.Active, step.At) with { Attempts = default };
        return Link(step, step.User with { Activated = step.At }, state, "activate", handsOut, limits.ActivationLinkLife, LogEventTypes.UserActivate);
    }, cancellationToken);

    /// <summary>Starts the activation of a user who has not finished it again.</summary>
    public Task<UserOutcome> ReactivateAsync(UserId id, bool handsOut, RequestContext by, CancellationToken cancellationToken) => RunAsync(id, by, step =>
        step.State.Status is UserStatus.Provisioned or UserStatus.Recovery
            ? Link(step, step.User, step.State, "activate", handsOut, limits.ActivationLinkLife, LogEventTypes.UserReactivate)
            : UserTransition.Refuse(UserRefusal.StatusForbids), cancellationToken);

    /// <summary>Deactivates a user: every factor goes, the codes that were used stay used.</summary>
    public Task<UserOutcome> DeactivateAsync(UserId id, RequestContext by, CancellationToken cancellationToken)
        => RunAsync(id, by, Deactivate, cancellationToken);

    /// <summary>Deactivates a user, or removes one who is deactivated already.</summary>
    public Task<UserOutcome> DeleteAsync(UserId id, RequestContext by, CancellationToken cancellationToken) => RunAsync(id, by, step =>
        step.State.Status != UserStatus.Deprovisioned ? Deactivate(step) : new UserTransition(new UserOutcome.Done(), Events:
        [
            step.Events.Of(LogEventTypes.UserDeleteInitiated, step.State),
            step.Events.Of(LogEventTypes.UserDeleteCompleted, step.State),
        ])
        { Removes = true }, cancellationToken);

    /// <summary>Suspends an active user.</summary>
    public Task<UserOutcome> SuspendAsync(UserId id, RequestContext by, CancellationToken cancellationToken)
        => MoveAsync(id, by, UserStatus.Active, UserStatus.Suspended, UserRefusal.NotActive, LogEventTypes.UserSuspend, cancellationToken);

    /// <summary>Ends a suspension.</summary>
    public Task<UserOutcome> UnsuspendAsync(UserId id, RequestContext by, CancellationToken cancellationToken)
        => MoveAsync(id, by, UserStatus.Suspended, UserStatus.Active, UserRefusal.NotSuspended, LogEventTypes.UserUnsuspend, cancellationToken);

    /// <summary>Ends a lock, and forgets the tries that led to it.</summary>
    public Task<UserOutcome> UnlockAsync(UserId id, RequestContext by, CancellationToken cancellationToken) => RunAsync(id, by, step =>
        step.State.Status == UserStatus.LockedOut
            ? step.Done(AttemptRules.Unlock(step.State, step.Now), LogEventTypes.AccountUnlockByAdmin)
            : UserTransition.Refuse(UserRefusal.NotLockedOut), cancellationToken);

    /// <summary>Makes the user change the password.</summary>
    public Task<UserOutcome> ExpirePasswordAsync(UserId id, RequestContext by, CancellationToken cancellationToken) => RunAsync(id, by, step =>
    {
        if (!HasPasswordLife(step.State)) return UserTransition.Refuse(UserRefusal.StatusForbids);
        var state = step.State.MoveUnderLock(UserStatus.PasswordExpired, step.At);
        var user = step.User with { LastUpdated = step.At };
        return new(new UserOutcome.Shown(user, state), user, state, step.Events.Of(LogEventTypes.PasswordReset, state));
    }, cancellationToken);

    /// <summary>Gives the user a password that must be changed.</summary>
    public async Task<UserOutcome> GiveTemporaryPasswordAsync(UserId id, RequestContext by, CancellationToken cancellationToken)
    {
        if (await users.FindAsync(id, cancellationToken) is not { } found) return new UserOutcome.Refused(UserRefusal.NotFound);
        if (!HasPasswordLife(found.State)) return new UserOutcome.Refused(UserRefusal.StatusForbids);
        var password = PasswordPolicy.NewTemporary(found.User.Login);
        if (await hash.HashAsync(password, cancellationToken) is not { } hashed) return new UserOutcome.Refused(UserRefusal.Busy);
        return await RunAsync(id, by, step =>
        {
            if (!HasPasswordLife(step.State)) return UserTransition.Refuse(UserRefusal.StatusForbids);
            var state = Credentials.PasswordWasSet(step.State, step.At).MoveUnderLock(UserStatus.PasswordExpired, step.At);
            return new(new UserOutcome.TemporaryPassword(password), new HashedCredentials(hashed).Apply(step.User with { LastUpdated = step.At }, step.At), state,
                step.Events.Of(LogEventTypes.PasswordReset, state));
        }, cancellationToken);
    }

    /// <summary>Makes the user choose a new password. With <paramref name="handsOut"/> the link's token is answered.</summary>
    public Task<UserOutcome> ResetPasswordAsync(UserId id, bool handsOut, RequestContext by, CancellationToken cancellationToken) => RunAsync(id, by, step =>
        HasPasswordLife(step.State) || step.State.Status == UserStatus.Provisioned
            ? Link(step, step.User, step.State.MoveUnderLock(UserStatus.Recovery, step.At), "reset_password", handsOut, limits.PasswordLinkLife, LogEventTypes.PasswordReset)
            : UserTransition.Refuse(UserRefusal.StatusForbids), cancellationToken);

    /// <summary>Removes every factor; the codes that were used stay used.</summary>
    public Task<UserOutcome> ResetFactorsAsync(UserId id, RequestContext by, CancellationToken cancellationToken) => RunAsync(id, by, step =>
        step.State.Factors.IsEmpty ? new(new UserOutcome.Done()) : step.Done(WithoutFactors(step), LogEventTypes.FactorResetAll), cancellationToken);

    /// <summary>Whether there is such a user; sessions are none of this service's, so there is nothing to end.</summary>
    public async Task<UserOutcome> RevokeSessionsAsync(UserId id, CancellationToken cancellationToken)
        => await users.FindAsync(id, cancellationToken) is null ? new UserOutcome.Refused(UserRefusal.NotFound) : new UserOutcome.Done();

    private UserTransition Deactivate(UserStep step)
    {
        if (step.State.Status == UserStatus.Deprovisioned) return UserTransition.Refuse(UserRefusal.StatusForbids);
        var state = WithoutFactors(step).MoveTo(UserStatus.Deprovisioned, step.At) with { StatusBeforeLock = null };
        return new(new UserOutcome.Done(), step.User with { Link = null }, state, step.Events.Of(LogEventTypes.UserDeactivate, step.State));
    }

    private UserState WithoutFactors(UserStep step)
        => step.State.Factors.Aggregate(step.State, (state, factor) => state.Unenroll(factor, kinds.Of(factor), step.Now));

    private Task<UserOutcome> MoveAsync(
        UserId id, RequestContext by, UserStatus from, UserStatus to, UserRefusal otherwise, string eventType, CancellationToken cancellationToken)
        => RunAsync(id, by, step => step.State.Status == from ? step.Done(step.State.MoveTo(to, step.At), eventType) : UserTransition.Refuse(otherwise), cancellationToken);

    private static UserTransition Link(UserStep step, User user, UserState state, string purpose, bool handsOut, TimeSpan life, string eventType)
    {
        var logged = step.Events.Of(eventType, state);
        if (!handsOut) return new(new UserOutcome.Done(), user with { Link = null }, state, logged);
        var (token, link) = Credentials.NewLink(purpose, step.At + life);
        return new(new UserOutcome.Linked(token), user with { Link = link }, state, logged);
    }

    /// <summary>Whether the user has been active and is neither suspended nor deactivated: only then is there a password to expire or to reset.</summary>
    private static bool HasPasswordLife(UserState state)
        => state.Status is UserStatus.Active or UserStatus.PasswordExpired or UserStatus.Recovery or UserStatus.LockedOut;

    private Task<UserOutcome> RunAsync(UserId id, RequestContext by, Func<UserStep, UserTransition> decide, CancellationToken cancellationToken)
        => users.ChangeAsync(id, (user, state, now) =>
        {
            var transition = decide(new UserStep(user, attempts.EndLock(state, now), now, new UserEvents(by)));
            // Whoever follows the changes of users by date must see a new status.
            return transition.State is null || transition.State.StatusChanged == state.StatusChanged ? transition
                : transition with { User = (transition.User ?? user) with { LastUpdated = now.ToWholeSeconds() } };
        }, cancellationToken);
}

/// <summary>One try at deciding an operation on a user.</summary>
internal readonly record struct UserStep(User User, UserState State, DateTimeOffset Now, UserEvents Events)
{
    /// <summary>The time as users carry it.</summary>
    public DateTimeOffset At => Now.ToWholeSeconds();

    /// <summary>Done, with a new state and its event.</summary>
    public UserTransition Done(UserState state, string eventType) => new(new UserOutcome.Done(), null, state, Events.Of(eventType, state));
}
