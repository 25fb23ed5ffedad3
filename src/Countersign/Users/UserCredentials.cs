using Countersign.Attempts;
using Countersign.Hashing;
using Countersign.Requests;
using Countersign.SystemLog;

namespace Countersign.Users;

/// <summary>
/// Changes credentials on proof of others (contract 6.2, <c>credentials</c>). Proofs are checked outside of transactions, because that takes long; what is
/// decided is decided under the user's lock, on the very hash that the proof was checked against, and a user locked in the meantime is refused.
/// </summary>
public sealed class UserCredentials(IUserStore users, MemoryHardHash hash, AttemptRules attempts, UserLimits limits, TimeProvider clock)
{
    /// <summary>Changes the password of a user who knows the old one.</summary>
    public Task<UserOutcome> ChangePasswordAsync(UserId id, string oldPassword, string newPassword, RequestContext by, CancellationToken cancellationToken)
        => ChangeAsync(id, new Proof("oldPassword", oldPassword, user => user.PasswordHash, UserRefusal.WrongPassword, UserRefusal.Locked, UserRefusal.NoPasswordChange),
            new CredentialsRequest(newPassword), by, cancellationToken);

    /// <summary>Changes the recovery question of a user who knows the password.</summary>
    public Task<UserOutcome> ChangeRecoveryQuestionAsync(
        UserId id, string password, string question, string answer, RequestContext by, CancellationToken cancellationToken)
        => ChangeAsync(id, new Proof("password", password, user => user.PasswordHash, UserRefusal.WrongPassword, UserRefusal.Locked, UserRefusal.NoQuestionChange),
            new CredentialsRequest(null, question, answer), by, cancellationToken);

    /// <summary>Sets the password of a user who knows the answer to the recovery question.</summary>
    public Task<UserOutcome> RecoverPasswordAsync(UserId id, string answer, string newPassword, RequestContext by, CancellationToken cancellationToken)
        => ChangeAsync(id, new Proof("recovery_question.answer", Credentials.Normalize(answer), user => user.RecoveryAnswerHash, UserRefusal.WrongRecoveryAnswer, UserRefusal.LockedForRecovery, UserRefusal.NoPasswordRecovery),
            new CredentialsRequest(newPassword), by, cancellationToken);

    /// <summary>Starts the recovery of a password; the status stays. With <paramref name="handsOut"/> the link's token is answered.</summary>
    public Task<UserOutcome> ForgetPasswordAsync(UserId id, bool handsOut, RequestContext by, CancellationToken cancellationToken)
        => users.ChangeAsync(id, (user, stored, now) =>
        {
            var state = attempts.EndLock(stored, now);
            if (state.Status == UserStatus.LockedOut) return UserTransition.Refuse(UserRefusal.LockedForRecovery);
            if (!Allows(state.Status)) return UserTransition.Refuse(UserRefusal.NoPasswordRecovery);
            var logged = new UserEvents(by).Of(LogEventTypes.PasswordReset, state);
            if (!handsOut) return new(new UserOutcome.Done(), user with { Link = null }, null, logged);
            var (token, link) = Credentials.NewLink("reset_password", now.ToWholeSeconds() + limits.PasswordLinkLife);
            return new(new UserOutcome.Linked(token), user with { Link = link }, null, logged);
        }, cancellationToken);

    private async Task<UserOutcome> ChangeAsync(UserId id, Proof proof, CredentialsRequest request, RequestContext by, CancellationToken cancellationToken)
    {
        FieldFault[] faults =
        [
            .. proof.Secret.Length == 0 ? [new FieldFault(proof.Field, FieldFaultKind.Blank)] : Array.Empty<FieldFault>(),
            .. request.Password is { Length: 0 } ? [new FieldFault("password", FieldFaultKind.Blank)] : Array.Empty<FieldFault>(),
            .. Credentials.Check(request with { Password = null }, "", current: null),
        ];
        while (true)
        {
            if (await users.FindAsync(id, cancellationToken) is not { } found) return new UserOutcome.Refused(UserRefusal.NotFound);
            if (faults.Length > 0) return new UserOutcome.Invalid(faults);
            if (proof.Refuse(attempts.EndLock(found.State, clock.GetUtcNow())) is { } early) return new UserOutcome.Refused(early);
            var stored = proof.HashOf(found.User);
            if (await hash.VerifyAsync(proof.Secret, stored, cancellationToken) is not { } isRight) return new UserOutcome.Refused(UserRefusal.Busy);
            var isWeak = request.Password is { } password && !PasswordPolicy.Accepts(password, found.User.Login);
            if (await Credentials.HashAsync(isRight && !isWeak ? request : new(), hash, cancellationToken) is not { } hashed) return new UserOutcome.Refused(UserRefusal.Busy);
            var outcome = await users.ChangeAsync(id, (user, state, now) => Decide(user, attempts.EndLock(state, now), now), cancellationToken);
            if (outcome is not UserOutcome.Outdated) return outcome;

            UserTransition Decide(User user, UserState state, DateTimeOffset now)
            {
                if (proof.HashOf(user) != stored) return new(new UserOutcome.Outdated());
                if (proof.Refuse(state) is { } refusal) return UserTransition.Refuse(refusal);
                var events = new UserEvents(by);
                if (!isRight)
                {
                    var counted = attempts.WrongPassword(state, now);
                    return new(new UserOutcome.Refused(proof.Wrong), null, counted, events.Wrong(EventType(request), state, counted));
                }
                if (isWeak) return UserTransition.Refuse(UserRefusal.WeakPassword);
                var at = now.ToWholeSeconds();
                var after = request.Password is null ? state with { Attempts = state.Attempts with { WrongPasswordsInARow = 0 } } : Credentials.PasswordWasSet(state, at);
                var changed = hashed.Apply(user with { LastUpdated = at }, at);
                return new(new UserOutcome.Shown(changed, after), changed, after, events.Of(EventType(request), after));
            }
        }
    }

    private static string EventType(CredentialsRequest request) => request.Password is null ? LogEventTypes.ProfileUpdate : LogEventTypes.PasswordUpdate;

    private static bool Allows(UserStatus status) => status is UserStatus.Active or UserStatus.PasswordExpired or UserStatus.Recovery;

    /// <summary>What a client proves, and how its refusals are told.</summary>
    private sealed record Proof(string Field, string Secret, Func<User, string?> HashOf, UserRefusal Wrong, UserRefusal Locked, UserRefusal Forbidden)
    {
        /// <summary>Why a user in this state is not heard, or null.</summary>
        public UserRefusal? Refuse(UserState state) => state.Status == UserStatus.LockedOut ? Locked : Allows(state.Status) ? null : Forbidden;
    }
}
