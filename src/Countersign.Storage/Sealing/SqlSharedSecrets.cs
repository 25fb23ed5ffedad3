using System.Security.Cryptography;
using Countersign.Sealing;
using Countersign.Storage.Commits;
using Countersign.Storage.Organization;

namespace Countersign.Storage.Sealing;

/// <summary>Shared secrets as rows among the organisation's documents.</summary>
internal sealed class SqlSharedSecrets(Database database, Vault vault) : ISharedSecrets
{
    private const string Find = "SELECT document FROM organization WHERE key = @key";
    private const string Add = "INSERT INTO organization(key, document) VALUES(@key, @document) ON CONFLICT(key) DO NOTHING";

    public async Task<byte[]> GetAsync(string name, Func<byte[]> make, CancellationToken cancellationToken)
    {
        var key = OrganizationDocuments.SecretKey(name);
        if (await FindAsync(key, cancellationToken) is { } known) return Open(key, known);
        var made = make();
        var anew = vault.Seal(made, Owner(key));
        CryptographicOperations.ZeroMemory(made);
        await database.WriteAsync(work => work.ExecuteAsync(Add, ("@key", key), ("@document", anew)), cancellationToken);
        return Open(key, await FindAsync(key, cancellationToken) ?? throw new InvalidOperationException($"the shared secret '{name}' was removed while it was made"));
    }

    /// <summary>The owner's name that a shared secret is bound to, by the key of its row.</summary>
    public static string Owner(string key) => $"organization/{key}";

    private Task<byte[]?> FindAsync(string key, CancellationToken cancellationToken) => database.ReadAsync<byte[]?>(async connection =>
    {
        await using var command = connection.Command(Find).Bind("@key", key);
        return await command.ExecuteScalarAsync(cancellationToken) as byte[];
    }, cancellationToken);

    private byte[] Open(string key, byte[] document)
    {
        var buffer = new byte[document.Length];
        var secret = buffer[..vault.Open(document, Owner(key), buffer)];
        CryptographicOperations.ZeroMemory(buffer);
        return secret;
    }
}
