using Countersign.Storage.Commits;
using Countersign.Storage.Organization;

namespace Countersign.Storage.Sealing;

/// <summary>The secrets that all nodes share. A node opens one right after it read it.</summary>
internal sealed class SealedShared(Database database, SealedDocuments documents, Vault vault) : SealedRows(database, "organization", "key", "document")
{
    public override string Name => "all nodes";

    protected override bool IsOutdated(string key, byte[] read) => OrganizationDocuments.IsSecret(key) && vault.IsOutdated(read);

    protected override byte[] SealAnew(string key, byte[] read) => documents.SealSecretAnew(read, SqlSharedSecrets.Owner(key));
}
