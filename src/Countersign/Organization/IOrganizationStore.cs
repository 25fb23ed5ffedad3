using Countersign.SystemLog;

namespace Countersign.Organization;

/// <summary>Keeps the organisation's settings.</summary>
public interface IOrganizationStore
{
    /// <summary>The settings; at most a second old, at once after a change by this process.</summary>
    ValueTask<OrganizationSettings> GetAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Loads the settings as they are at this moment, calls <paramref name="decide"/> with them and the time, and makes the change durable before it answers. One change
    /// at a time, on whatever nodes. <paramref name="decide"/> is pure and quick.
    /// </summary>
    Task<T> ChangeAsync<T>(Func<OrganizationSettings, DateTimeOffset, OrganizationChange<T>> decide, CancellationToken cancellationToken);
}

/// <summary>Everything that is to happen: the answer, the new settings and the events. Nothing of it happens unless all of it does.</summary>
/// <param name="Answer">What the caller is told once the rest is durable.</param>
/// <param name="Settings">The new settings; null leaves the old ones.</param>
/// <param name="Events">Events for the system log.</param>
public readonly record struct OrganizationChange<T>(T Answer, OrganizationSettings? Settings = null, params IReadOnlyList<LogEvent> Events);
