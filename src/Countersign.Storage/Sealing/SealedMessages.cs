using Countersign.Outbox;
using Countersign.Storage.Commits;

namespace Countersign.Storage.Sealing;

/// <summary>The contents of messages in the outbox that wait or are kept. Whoever sends has read them a moment before.</summary>
internal sealed class SealedMessages(Database database, SealedDocuments documents, Vault vault) : SealedRows(database, "outbox", "id", "content")
{
    public override string Name => "messages";

    protected override bool IsOutdated(string key, byte[] read) => vault.IsOutdated(read);

    protected override byte[] SealAnew(string key, byte[] read) => documents.SealSecretAnew(read, MessageContent.Owner(key));
}
