using Countersign.Hooks;
using Countersign.Sealing;
using Countersign.Storage.Commits;
using Countersign.Storage.Organization;

namespace Countersign.Storage.Sealing;

/// <summary>The secrets of hooks, among the organisation's documents. Their other texts are people's own, and may look like secrets. Nodes remember the documents for a second.</summary>
internal sealed class SealedHooks(Database database, SealedDocuments documents, Vault vault) : SealedRows(database, "organization", "key", "document")
{
    public override string Name => "hooks";

    protected override bool IsOutdated(string key, byte[] read) => OrganizationDocuments.ReadHook(key, read)?.AuthValue is { } value && vault.IsOutdated(value.Bytes.Span);

    protected override byte[] SealAnew(string key, byte[] read)
    {
        var hook = OrganizationDocuments.ReadHook(key, read)!;
        return OrganizationDocuments.WriteHook(hook with { AuthValue = new SealedSecret(documents.SealSecretAnew(hook.AuthValue!.Value.Bytes.Span, Hook.Owner(hook.Id))) });
    }
}
