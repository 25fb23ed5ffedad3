using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Countersign.Sealing;

namespace Countersign.Storage.Sealing;

/// <summary>Finds the secrets in JSON documents, whatever the documents are, and seals them anew.</summary>
internal sealed class SealedDocuments(Vault vault)
{
    /// <summary>Whether a document holds a secret under an older key.</summary>
    public bool HasOutdated(ReadOnlySpan<byte> document)
    {
        var reader = new Utf8JsonReader(document);
        while (reader.Read())
            if (reader.TokenType == JsonTokenType.String && reader.ValueSpan.StartsWith("sealed:"u8) && vault.IsOutdated(Convert.FromBase64String(reader.GetString()![SealedSecret.Prefix.Length..]))) return true;
        return false;
    }

    /// <summary>The document with every secret sealed under the newest key.</summary>
    public ReadOnlyMemory<byte> SealAnew(ReadOnlySpan<byte> document, string owner)
    {
        var root = JsonNode.Parse(document)!;
        SealAnew(root, owner);
        var output = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(output)) root.WriteTo(writer);
        return output.WrittenMemory;
    }

    /// <summary>One sealed secret, sealed under the newest key.</summary>
    public byte[] SealSecretAnew(ReadOnlySpan<byte> sealedSecret, string owner)
    {
        Span<byte> buffer = new byte[sealedSecret.Length];
        var clear = buffer[..vault.Open(sealedSecret, owner, buffer)];
        var anew = vault.Seal(clear, owner);
        CryptographicOperations.ZeroMemory(clear);
        return anew;
    }

    private void SealAnew(JsonNode node, string owner)
    {
        if (node is JsonObject members) foreach (var (name, value) in members.ToList()) Replace(value, sealedAnew => members[name] = sealedAnew);
        if (node is JsonArray items) for (var i = 0; i < items.Count; i++) Replace(items[i], sealedAnew => items[i] = sealedAnew);

        void Replace(JsonNode? value, Action<JsonNode> replace)
        {
            if (value is JsonValue text && text.TryGetValue<string>(out var secret) && secret.StartsWith(SealedSecret.Prefix, StringComparison.Ordinal))
                replace(SealedSecret.Prefix + Convert.ToBase64String(SealSecretAnew(Convert.FromBase64String(secret[SealedSecret.Prefix.Length..]), owner)));
            else if (value is not null) SealAnew(value, owner);
        }
    }
}
