using Countersign.Storage.Commits;

namespace Countersign.Storage.Sealing;

/// <summary>A column of a table that is sealed as a whole, the row's key in its owner's name. Whoever opens it has read it a moment before.</summary>
internal abstract class SealedColumn(Database database, SealedDocuments documents, Vault vault, string table, string key, string value) : SealedRows(database, table, key, value)
{
    protected abstract string OwnerOf(string key);

    protected override bool IsOutdated(string key, byte[] read) => vault.IsOutdated(read);

    protected override byte[] SealAnew(string key, byte[] read) => documents.SealSecretAnew(read, OwnerOf(key));
}

/// <summary>Secrets of workflow definitions.</summary>
internal sealed class SealedNamedSecrets(Database database, SealedDocuments documents, Vault vault) : SealedColumn(database, documents, vault, "secret", "name", "value")
{
    public override string Name => "workflow definitions";

    protected override string OwnerOf(string key) => Owner(key);

    public static string Owner(string name) => $"secret/{name}";
}

/// <summary>The variables of environments.</summary>
internal sealed class SealedEnvironments(Database database, SealedDocuments documents, Vault vault) : SealedColumn(database, documents, vault, "environment", "id", "variables")
{
    public override string Name => "environments";

    protected override string OwnerOf(string key) => Owner(key);

    public static string Owner(string id) => $"environment/{id}";
}

/// <summary>Test requests: their summaries, or their documents.</summary>
internal sealed class SealedTestRequests(Database database, SealedDocuments documents, Vault vault, bool summaries)
    : SealedColumn(database, documents, vault, "test_request", "id", summaries ? "summary" : "document")
{
    public override string Name => summaries ? "listed test requests" : "test requests";

    protected override int AtOnce => 20;

    protected override string OwnerOf(string key) => summaries ? OwnerOfSummary(key) : OwnerOfDocument(key);

    public static string OwnerOfSummary(string id) => $"test-request/{id}/summary";

    public static string OwnerOfDocument(string id) => $"test-request/{id}";
}

/// <summary>Bodies of test requests' answers, in parts.</summary>
internal sealed class SealedBodies(Database database, SealedDocuments documents, Vault vault) : SealedColumn(database, documents, vault, "test_request_body", "key", "content")
{
    public override string Name => "bodies of test requests";

    protected override int AtOnce => 20;

    protected override string OwnerOf(string key) => Owner(key);

    public static string Owner(string key) => $"test-request-body/{key}";
}
