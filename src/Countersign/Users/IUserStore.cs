using Countersign.SystemLog;
using Countersign.Users.Search;

namespace Countersign.Users;

/// <summary>Keeps users' profiles and credentials.</summary>
public interface IUserStore
{
    /// <summary>Stores a new user with the first state, and the events. False when the login is taken; then nothing changes.</summary>
    Task<bool> AddAsync(User user, UserState state, IReadOnlyList<LogEvent> events, CancellationToken cancellationToken);

    /// <summary>A user with the state, or null.</summary>
    Task<(User User, UserState State)?> FindAsync(UserId id, CancellationToken cancellationToken);

    /// <summary>
    /// Loads a user with the state, both locked, calls <paramref name="decide"/> with them and the time, and makes the transition durable before it answers.
    /// <paramref name="decide"/> is pure and quick. An unknown user and a login that another user has are refused.
    /// </summary>
    Task<UserOutcome> ChangeAsync(UserId id, Func<User, UserState, DateTimeOffset, UserTransition> decide, CancellationToken cancellationToken);

    /// <summary>The next users of a scan, at most <paramref name="count"/>, each with its place in the scan; from the beginning without a place.</summary>
    Task<IReadOnlyList<ScannedUser>> ScanAsync(UserScan scan, UserPlace? after, int count, CancellationToken cancellationToken);
}

/// <summary>Everything that is to happen to a user: the answer, the new profile and state, and the events. Nothing of it happens unless all of it does.</summary>
/// <param name="Outcome">What the caller is told once the rest is durable.</param>
/// <param name="User">The new profile and credentials; null leaves the old ones.</param>
/// <param name="State">The new state; null leaves the old one.</param>
/// <param name="Events">Events for the system log.</param>
public readonly record struct UserTransition(UserOutcome Outcome, User? User = null, UserState? State = null, params IReadOnlyList<LogEvent> Events)
{
    /// <summary>Whether the user is removed with everything that is theirs.</summary>
    public bool Removes { get; init; }

    /// <summary>A refusal that changes nothing.</summary>
    public static UserTransition Refuse(UserRefusal refusal) => new(new UserOutcome.Refused(refusal));
}
