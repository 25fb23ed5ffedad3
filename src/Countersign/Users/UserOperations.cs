using System.Collections.Immutable;
using Countersign.Attempts;
using Countersign.Hashing;
using Countersign.Requests;
using Countersign.SystemLog;

namespace Countersign.Users;

/// <summary>Makes, shows and changes users (contract 6.2, 6.3).</summary>
public sealed class UserOperations(IUserStore users, MemoryHardHash hash, AttemptRules attempts, TimeProvider clock)
{
    /// <summary>One user.</summary>
    public async Task<UserOutcome> GetAsync(UserId id, CancellationToken cancellationToken)
        => await users.FindAsync(id, cancellationToken) is { } found
            ? new UserOutcome.Shown(found.User, attempts.EndLock(found.State, clock.GetUtcNow()))
            : new UserOutcome.Refused(UserRefusal.NotFound);

    /// <summary>Makes a user.</summary>
    public async Task<UserOutcome> CreateAsync(CreateUserRequest request, RequestContext by, CancellationToken cancellationToken)
    {
        var profile = UserProfile.Apply(ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal), request.Profile, replaces: true);
        if (request.ExpirePassword && request.Credentials.Password is null) return new UserOutcome.Refused(UserRefusal.PasswordNeeded);
        if (request.ExpirePassword && !request.Activate) return new UserOutcome.Refused(UserRefusal.ActivationNeeded);
        var login = profile.GetValueOrDefault("login", "");
        FieldFault[] faults = [.. UserProfile.Check(profile, request.Profile.Keys), .. Credentials.Check(request.Credentials, login, current: null)];
        if (faults.Length > 0) return new UserOutcome.Invalid(faults);
        if (await Credentials.HashAsync(request.Credentials, hash, cancellationToken) is not { } hashed) return new UserOutcome.Refused(UserRefusal.Busy);

        var now = clock.GetUtcNow().ToWholeSeconds();
        var status = !request.Activate ? UserStatus.Staged
            : request.Credentials.Password is null ? UserStatus.Provisioned
            : request.ExpirePassword ? UserStatus.PasswordExpired : UserStatus.Active;
        DateTimeOffset? activated = request.Activate ? now : null;
        var user = hashed.Apply(new User { Id = UserId.New(clock.GetUtcNow()), Created = now, Activated = activated, LastUpdated = now, Profile = profile }, now);
        var state = new UserState { Id = user.Id, Version = 1, Status = status, StatusChanged = activated, Login = user.Login, DisplayName = user.DisplayName };
        var events = new UserEvents(by);
        LogEvent[] logged = request.Activate
            ? [events.Of(LogEventTypes.UserCreate, state), events.Of(LogEventTypes.UserActivate, state)]
            : [events.Of(LogEventTypes.UserCreate, state)];
        return await users.AddAsync(user, state, logged, cancellationToken)
            ? new UserOutcome.Shown(user, state)
            : new UserOutcome.Refused(UserRefusal.LoginTaken);
    }

    /// <summary>Changes a user's profile and credentials.</summary>
    public async Task<UserOutcome> UpdateAsync(UserId id, UpdateUserRequest request, RequestContext by, CancellationToken cancellationToken)
    {
        if (await users.FindAsync(id, cancellationToken) is not { } found) return new UserOutcome.Refused(UserRefusal.NotFound);
        if (Faults(found.User, Changed(found.User, request), request) is { Count: > 0 } faults) return new UserOutcome.Invalid(faults);
        if (await Credentials.HashAsync(request.Credentials, hash, cancellationToken) is not { } hashed) return new UserOutcome.Refused(UserRefusal.Busy);

        return await users.ChangeAsync(id, (user, stored, now) =>
        {
            var state = attempts.EndLock(stored, now);
            if (state.Status is UserStatus.Deprovisioned) return UserTransition.Refuse(UserRefusal.StatusForbids);
            var profile = Changed(user, request);
            if (Faults(user, profile, request) is { Count: > 0 } late) return new(new UserOutcome.Invalid(late));
            var named = !profile.SequenceEqual(user.Profile);
            if (!named && hashed == default) return new(new UserOutcome.Shown(user, state));

            var at = now.ToWholeSeconds();
            var changed = hashed.Apply(user with { Profile = profile, LastUpdated = at }, at);
            var after = (hashed.Password is null ? state : Credentials.PasswordWasSet(state, at)).NamedAs(changed);
            var events = new UserEvents(by);
            List<LogEvent> logged = [];
            if (named || hashed.Question is not null) logged.Add(events.Of(LogEventTypes.ProfileUpdate, after));
            if (hashed.Password is not null) logged.Add(events.Of(LogEventTypes.PasswordUpdate, after));
            return new(new UserOutcome.Shown(changed, after), changed, after == stored ? null : after, logged);
        }, cancellationToken);
    }

    private static ImmutableSortedDictionary<string, string> Changed(User user, UpdateUserRequest request)
        => request.Profile is { } change ? UserProfile.Apply(user.Profile, change, request.Replaces)
            : request.Replaces ? user.Profile.Clear() : user.Profile;

    private static IReadOnlyList<FieldFault> Faults(User user, ImmutableSortedDictionary<string, string> profile, UpdateUserRequest request) =>
    [
        .. request.Profile is null && !request.Replaces ? [] : UserProfile.Check(profile, request.Profile?.Keys ?? []),
        .. Credentials.Check(request.Credentials, profile.GetValueOrDefault("login", user.Login), user),
    ];
}
