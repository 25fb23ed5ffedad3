using Countersign.Claims;
using Countersign.Outbox;
using Countersign.SendLimits;
using Countersign.SystemLog;

namespace Countersign.Users;

/// <summary>
/// Load, decide, commit: the one way in which a user's state changes. Requests that wait at the same time share one read and one durable write; of racing
/// requests on one user each decides on what the one before it committed.
/// </summary>
public interface IUserCommits
{
    /// <summary>
    /// Loads the state, calls <paramref name="decide"/> with it (null: no such user) and the time, and makes the transition durable before it answers.
    /// <paramref name="decide"/> is pure and quick; it may be called again when a commit has to be repeated.
    /// </summary>
    /// <exception cref="CommitFailedException">Nothing was changed.</exception>
    Task<T> DecideAsync<T>(UserId user, Func<UserState?, DateTimeOffset, Transition<T>> decide, CancellationToken cancellationToken);

    /// <summary>Loads a state to look at; null when there is no such user.</summary>
    Task<UserState?> LoadAsync(UserId user, CancellationToken cancellationToken);

    /// <summary>
    /// The id behind a login, compared without regard to case, or behind the part of one before its <c>@</c> when only one user's begins so (contract 6.2);
    /// null when nobody has it.
    /// </summary>
    Task<UserId?> FindByLoginAsync(string login, CancellationToken cancellationToken);
}

/// <summary>Everything that is to happen: the answer, the new state and the events. Nothing of it happens unless all of it does.</summary>
/// <param name="Answer">What the caller is told once the rest is durable.</param>
/// <param name="State">The new state; null leaves the old one.</param>
/// <param name="Events">Events for the system log.</param>
public readonly record struct Transition<T>(T Answer, UserState? State = null, params IReadOnlyList<LogEvent> Events)
{
    /// <summary>What is sent, committed with the rest; null for nothing.</summary>
    public Sending<T>? Sends { get; init; }
    /// <summary>A claim that changes with the rest; null for none. Claims of factors that the new state has no longer end by themselves.</summary>
    public Claiming<T>? Claims { get; init; }

    /// <summary>Whether nothing is to be written, so that the answer is as good from a state that was only read.</summary>
    public bool ChangesNothing => State is null && Events.Count == 0 && Sends is null && Claims is null;
}

/// <summary>A claim of a transition.</summary>
/// <param name="Change">The change.</param>
/// <param name="WhenRefused">What happens instead when somebody else has what is claimed, or used it meanwhile; it claims and sends nothing.</param>
public sealed record Claiming<T>(ClaimChange Change, Func<Transition<T>> WhenRefused);

/// <summary>The messages of a transition, and the limits that they must keep.</summary>
/// <param name="Messages">The messages.</param>
/// <param name="Limits">The limits; taken together with the commit, or none of them.</param>
/// <param name="WhenRefused">What happens instead when one of them is reached; it sends nothing.</param>
public sealed record Sending<T>(IReadOnlyList<OutboxMessage> Messages, IReadOnlyList<SendLimit> Limits, Func<SendRefusal, Transition<T>> WhenRefused);

/// <summary>A commit failed; nothing of it happened.</summary>
public sealed class CommitFailedException(string message, Exception? innerException) : Exception(message, innerException);
