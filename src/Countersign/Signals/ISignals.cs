using Countersign.Users;

namespace Countersign.Signals;

/// <summary>
/// Tells whoever waits that something of a user changed: a poll that waits for a transaction's end, a device that waits for requests. A signal says only where to look again; it may
/// come late or, when a node dies, never, so whoever waits also looks now and then. It reaches all nodes over one store. Thread-safe.
/// </summary>
public interface ISignals
{
    /// <summary>Tells all that watch the user, on whatever node; after the commit, and without waiting for anybody.</summary>
    void Raise(UserId user);

    /// <summary>Begins to watch users. What is raised from now on is not missed; so begin to watch before you look.</summary>
    ISignalWatch Watch(params ReadOnlySpan<UserId> users);
}

/// <summary>Watches users until it is disposed of. One caller waits at a time.</summary>
public interface ISignalWatch : IDisposable
{
    /// <summary>
    /// Waits until a signal came since the watch began, or since the last wait ended; true. False when none came in this time.
    /// </summary>
    /// <param name="atMost">The longest wait.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="OperationCanceledException">Gave up.</exception>
    ValueTask<bool> WaitAsync(TimeSpan atMost, CancellationToken cancellationToken);
}
