using Countersign.Sealing;
using Countersign.Storage.Commits;
using Countersign.Users;

namespace Countersign.Storage.Sealing;

/// <summary>
/// Rotates the data key online. First every node has to seal under the new key: a node looks for one before it seals, unless it did so a few seconds ago. Then each place where secrets
/// lie is gone through by key, and what is under an older one is sealed anew, guarded so that no change of somebody else is undone. A pass that finds nothing ends it.
/// </summary>
internal sealed class KeyRotation(DataKeyStore keys, Vault vault, IReadOnlyList<ISealedPlace> places, TimeProvider clock) : IKeyRotation
{
    // A little more than a node may go on sealing under the key that it knows.
    private static readonly TimeSpan UntilAllNodesKnow = Vault.KeysAreCurrentFor + TimeSpan.FromSeconds(2);

    // More than a node remembers settings for, and than a message takes to be sent.
    private static readonly TimeSpan UntilNobodyReads = TimeSpan.FromSeconds(5);

    public KeyRotation(Database database, DataKeyStore keys, Vault vault, IUserCommits commits, TimeProvider clock) : this(keys, vault, Places(database, vault, commits), clock) { }

    public async Task<RotatedKeys> RotateAsync(Action<string>? progress, CancellationToken cancellationToken)
    {
        var isNew = await keys.AddWhenNoneIsNewerAsync(cancellationToken);
        vault.Reload();
        var key = vault.CurrentKey;
        progress?.Invoke(isNew ? $"key {key} was made; waiting until every node seals with it" : $"going on with key {key}; waiting until every node seals with it");
        await Task.Delay(UntilAllNodesKnow, clock, cancellationToken);
        var (secrets, wasReadAhead) = await SealAllAsync(progress, cancellationToken);
        if (wasReadAhead) await Task.Delay(UntilNobodyReads, clock, cancellationToken);
        var removed = await keys.RemoveOlderAsync(key, cancellationToken);
        vault.Reload();
        return new RotatedKeys(key, secrets, removed);
    }

    private async Task<(long Secrets, bool WasReadAhead)> SealAllAsync(Action<string>? progress, CancellationToken cancellationToken)
    {
        var (secrets, wasReadAhead) = (0L, false);
        for (var last = 1L; last > 0; secrets += last)
        {
            last = 0;
            foreach (var place in places)
            {
                var found = await place.SealAnewAsync(cancellationToken);
                progress?.Invoke($"{found} {place.Name}' secrets were sealed anew");
                wasReadAhead |= found > 0 && place.IsReadAhead;
                last += found;
            }
        }
        return (secrets, wasReadAhead);
    }

    private static ISealedPlace[] Places(Database database, Vault vault, IUserCommits commits)
    {
        var documents = new SealedDocuments(vault);
        return
        [
            new SealedUsers(database, documents, commits), new SealedHooks(database, documents, vault), new SealedMessages(database, documents, vault),
            new SealedTokens(database, documents, vault), new SealedShared(database, documents, vault),
            new SealedNamedSecrets(database, documents, vault), new SealedEnvironments(database, documents, vault), new SealedTestRequests(database, documents, vault, summaries: true),
            new SealedTestRequests(database, documents, vault, summaries: false), new SealedBodies(database, documents, vault),
        ];
    }
}
