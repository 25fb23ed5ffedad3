using Countersign.HardwareTokens;
using Countersign.Storage.Commits;

namespace Countersign.Storage.Sealing;

/// <summary>The secrets of hardware tokens in the inventory. An enrollment opens one right after it read it.</summary>
internal sealed class SealedTokens(Database database, SealedDocuments documents, Vault vault) : SealedRows(database, "token", "id", "secret")
{
    public override string Name => "hardware tokens";

    protected override bool IsOutdated(string key, byte[] read) => vault.IsOutdated(read);

    protected override byte[] SealAnew(string key, byte[] read) => documents.SealSecretAnew(read, HardwareToken.Owner(key));
}
