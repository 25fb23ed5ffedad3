namespace Countersign.Integrations.Secrets;

/// <summary>Secrets that definitions refer to as <c>${workflow.secrets.NAME}</c>; sealed at rest (workflow contract 5.3, 18).</summary>
public interface ISecretStore
{
    /// <summary>The longest value, in bytes of UTF-8.</summary>
    const int LongestValue = 64 * 1024;
    /// <summary>The most that there may be.</summary>
    const int Most = 10_000;

    /// <summary>The value; null when there is none of this name.</summary>
    Task<string?> FindAsync(string name, CancellationToken cancellationToken);

    /// <summary>Names and times, in the order of names, after this name.</summary>
    Task<IReadOnlyList<SecretListing>> ListAsync(string? after, int limit, CancellationToken cancellationToken);

    /// <summary>Makes or replaces one; false when there are too many.</summary>
    /// <param name="name"><c>[A-Za-z0-9_]{1,64}</c>.</param>
    /// <param name="value">At most <see cref="LongestValue"/>.</param>
    /// <param name="logged">The event that is stored with it; its type is set by what happened.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<bool> PutAsync(string name, string value, SystemLog.LogEvent logged, CancellationToken cancellationToken);

    /// <summary>Removes one; false when there was none.</summary>
    Task<bool> RemoveAsync(string name, SystemLog.LogEvent logged, CancellationToken cancellationToken);
}

/// <summary>What is shown of a secret.</summary>
public sealed record SecretListing(string Name, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt);

/// <summary>Named sets of variables (workflow contract 18). The one with the id <see cref="DefaultId"/> is always there: executions read <c>${workflow.env.NAME}</c> from it.</summary>
public interface IEnvironmentStore
{
    /// <summary>The id of the environment of executions.</summary>
    const string DefaultId = "default";
    /// <summary>The most that there may be.</summary>
    const int Most = 100;

    /// <summary>One; null when there is none.</summary>
    Task<VariableSet?> FindAsync(string id, CancellationToken cancellationToken);

    /// <summary>All, at most 100, by name, the default first.</summary>
    Task<IReadOnlyList<VariableSet>> ListAsync(CancellationToken cancellationToken);

    /// <summary>Makes or replaces one; a secret variable whose value is null keeps the one that it has. False when there are too many. The event's type is set by what happened.</summary>
    Task<bool> PutAsync(VariableSet environment, SystemLog.LogEvent logged, CancellationToken cancellationToken);

    /// <summary>Changes one as the function says, of what nobody else changes meanwhile.</summary>
    /// <param name="id">Which.</param>
    /// <param name="change">What it becomes; null: it stays.</param>
    /// <param name="logged">The event; its type is set here.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>What it was before the change; null when there is none or it stayed.</returns>
    Task<VariableSet?> ChangeAsync(string id, Func<VariableSet, VariableSet?> change, SystemLog.LogEvent logged, CancellationToken cancellationToken);

    /// <summary>Removes one that is not the default; false when there was none.</summary>
    Task<bool> RemoveAsync(string id, SystemLog.LogEvent logged, CancellationToken cancellationToken);
}

/// <summary>An environment: a named set of variables.</summary>
/// <param name="Id">The id.</param>
/// <param name="Name">1 to 100 characters.</param>
/// <param name="Variables">At most 200, by name.</param>
public sealed record VariableSet(string Id, string Name, IReadOnlyList<Variable> Variables)
{
    /// <summary>A variable; null when there is none of this name.</summary>
    public Variable? Find(string name) => Variables.FirstOrDefault(variable => variable.Name == name);

    /// <summary>The value of <c>${workflow.env.NAME}</c> in executions, where it is stored and shown: so none of a secret variable. Secrets of executions are those of <see cref="ISecretStore"/>.</summary>
    public string? PlainValueOf(string name) => Find(name) is { IsSecret: false } variable ? variable.Value : null;
}

/// <summary>A variable of an environment.</summary>
/// <param name="Name"><c>[A-Za-z0-9_.-]{1,64}</c>.</param>
/// <param name="Value">The value; sealed at rest and never shown when it is secret.</param>
/// <param name="IsSecret">Whether it is.</param>
public sealed record Variable(string Name, string? Value, bool IsSecret);
