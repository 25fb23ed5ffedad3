using Countersign.SystemLog;

namespace Countersign.Integrations.TestRequests;

/// <summary>Keeps the last test requests of each person, sealed, and for an hour the bodies of their answers (workflow contract 17).</summary>
public interface ITestRequestStore
{
    /// <summary>The most that are kept of one person.</summary>
    const int MostPerPerson = 100;
    /// <summary>The largest body that is kept for download, in bytes.</summary>
    const int LargestBody = 10 * 1024 * 1024;
    /// <summary>Bytes of all bodies together; the oldest give way.</summary>
    const long AllBodies = 256L * 1024 * 1024;
    /// <summary>How long a body is kept.</summary>
    static readonly TimeSpan BodyLife = TimeSpan.FromHours(1);

    /// <summary>Keeps one, and removes what its owner has beyond <see cref="MostPerPerson"/>. The event is stored in any case; false when the id is taken.</summary>
    Task<bool> AddAsync(KeptTestRequest kept, LogEvent logged, CancellationToken cancellationToken);

    /// <summary>Whether an id is taken, by whomever.</summary>
    Task<bool> IsTakenAsync(string id, CancellationToken cancellationToken);

    /// <summary>The document of one; null when its owner has none of this id.</summary>
    Task<byte[]?> FindAsync(string owner, string id, CancellationToken cancellationToken);

    /// <summary>Ids and summaries of an owner's, the newest first, those that are older than this one.</summary>
    Task<IReadOnlyList<(string Id, byte[] Summary)>> ListAsync(string owner, string? after, int limit, CancellationToken cancellationToken);

    /// <summary>Removes one with its body; false when its owner has none of this id.</summary>
    Task<bool> RemoveAsync(string owner, string id, CancellationToken cancellationToken);

    /// <summary>Keeps a body of at most <see cref="LargestBody"/>.</summary>
    Task KeepBodyAsync(string id, ReadOnlyMemory<byte> body, CancellationToken cancellationToken);

    /// <summary>A body; null when it is not kept any more.</summary>
    Task<byte[]?> FindBodyAsync(string id, CancellationToken cancellationToken);
}

/// <summary>A test request as it is kept.</summary>
/// <param name="Id">A UUID in lower case.</param>
/// <param name="Owner">The id of the user who sent it.</param>
/// <param name="StartedAt">When.</param>
/// <param name="Summary">JSON: what a list shows.</param>
/// <param name="Document">JSON: the whole answer, and what was typed.</param>
public sealed record KeptTestRequest(string Id, string Owner, DateTimeOffset StartedAt, byte[] Summary, byte[] Document);
