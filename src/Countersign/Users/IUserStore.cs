using Countersign.SystemLog;

namespace Countersign.Users;

/// <summary>Keeps users' profiles and credentials.</summary>
public interface IUserStore
{
    /// <summary>Stores a new user with the first state, and the events. False when the login is taken; then nothing changes.</summary>
    Task<bool> AddAsync(User user, UserState state, IReadOnlyList<LogEvent> events, CancellationToken cancellationToken);

    /// <summary>A user with the state, or null.</summary>
    Task<(User User, UserState State)?> FindAsync(UserId id, CancellationToken cancellationToken);
}
