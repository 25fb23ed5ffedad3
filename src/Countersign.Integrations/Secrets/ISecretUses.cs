namespace Countersign.Integrations.Secrets;

/// <summary>Knows which workflow definitions name a secret.</summary>
public interface ISecretUses
{
    /// <summary>The definitions that name each of these secrets, as <c>name, version</c>; at most 20 each. Secrets that none names are absent.</summary>
    Task<IReadOnlyDictionary<string, IReadOnlyList<string>>> FindAsync(IReadOnlyCollection<string> names, CancellationToken cancellationToken);
}
