using System.Collections.Frozen;
using Countersign.Integrations.Workflows;
using Countersign.Requests;

namespace Countersign.Integrations.Runs;

/// <summary>Keeps workflow definitions, every version, and task definitions. Changes are events of the system log: a definition says where secrets go.</summary>
public interface IDefinitionStore
{
    /// <summary>A version of a definition, or the highest; null when there is none.</summary>
    Task<WorkflowDefinition?> FindAsync(string name, int? version, CancellationToken cancellationToken);

    /// <summary>Definitions by name and version, after this one.</summary>
    /// <param name="after">Where to go on; null: from the first.</param>
    /// <param name="limit">At most so many.</param>
    /// <param name="latestOnly">Only the highest version of each name.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<IReadOnlyList<WorkflowDefinition>> ListAsync((string Name, int Version)? after, int limit, bool latestOnly, CancellationToken cancellationToken);

    /// <summary>Makes or replaces a version; false when it is there and may not be replaced. The times of its document are set here.</summary>
    Task<bool> PutAsync(WorkflowDefinition definition, bool replaces, RequestContext by, CancellationToken cancellationToken);

    /// <summary>The definitions that name each of these secrets, the first <paramref name="most"/> of each; secrets that none names are absent.</summary>
    Task<IReadOnlyDictionary<string, IReadOnlyList<SecretUse>>> FindSecretUsesAsync(IReadOnlyCollection<string> secrets, int most, CancellationToken cancellationToken);

    /// <summary>Removes a version; false when there was none.</summary>
    Task<bool> RemoveAsync(string name, int version, RequestContext by, CancellationToken cancellationToken);

    /// <summary>Every task definition by name, at most a second old; at once after a change by this process.</summary>
    ValueTask<FrozenDictionary<string, TaskDefinition>> TaskDefinitionsAsync(CancellationToken cancellationToken);

    /// <summary>Makes or replaces task definitions.</summary>
    /// <param name="definitions">The definitions.</param>
    /// <param name="mustExist">Whether nothing is to be done when one of them is not there.</param>
    /// <param name="most">How many there may be in all.</param>
    /// <param name="by">Who.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<TaskDefinitionsPut> PutTaskDefinitionsAsync(IReadOnlyList<TaskDefinition> definitions, bool mustExist, int most, RequestContext by, CancellationToken cancellationToken);

    /// <summary>Removes a task definition; false when there was none.</summary>
    Task<bool> RemoveTaskDefinitionAsync(string name, RequestContext by, CancellationToken cancellationToken);
}

/// <summary>A definition that names a secret.</summary>
/// <param name="Name">The definition.</param>
/// <param name="Version">Its version; null: it is a task definition.</param>
public sealed record SecretUse(string Name, int? Version);

/// <summary>What became of putting task definitions.</summary>
public enum TaskDefinitionsPut
{
    /// <summary>They are stored.</summary>
    Stored,
    /// <summary>One is not there that must be.</summary>
    Missing,
    /// <summary>There would be too many.</summary>
    TooMany,
}
