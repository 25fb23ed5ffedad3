using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Countersign.Factors;
using Countersign.Sealing;
using Countersign.Storage.Commits;
using Countersign.Users;

namespace Countersign.Storage.Sealing;

/// <summary>
/// Rotates the data key online. First every node has to seal under the new key: a node looks for one before it seals, unless it did so a few seconds ago. Then users are gone
/// through by id, and whoever has a secret under an older key gets it sealed anew by an ordinary decision, guarded like any other. A pass that finds none ends it.
/// </summary>
internal sealed class KeyRotation(Database database, DataKeyStore keys, Vault vault, IUserCommits commits, TimeProvider clock) : IKeyRotation
{
    private const int UsersAtOnce = 200;

    private const string NextUsers = "SELECT user_id, state FROM user_state WHERE user_id > @after ORDER BY user_id LIMIT @count";

    // A little more than a node may go on sealing under the key that it knows.
    private static readonly TimeSpan UntilAllNodesKnow = Vault.KeysAreCurrentFor + TimeSpan.FromSeconds(2);

    public async Task<RotatedKeys> RotateAsync(Action<string>? progress, CancellationToken cancellationToken)
    {
        var isNew = await keys.AddWhenNoneIsNewerAsync(cancellationToken);
        vault.Reload();
        var key = vault.CurrentKey;
        progress?.Invoke(isNew ? $"key {key} was made; waiting until every node seals with it" : $"going on with key {key}; waiting until every node seals with it");
        await Task.Delay(UntilAllNodesKnow, clock, cancellationToken);
        long secrets = 0;
        for (var found = 1L; found > 0; secrets += found)
        {
            found = await SealAllAsync(cancellationToken);
            progress?.Invoke($"{found} users' secrets were sealed anew");
        }
        var removed = await keys.RemoveOlderAsync(key, cancellationToken);
        vault.Reload();
        return new RotatedKeys(key, secrets, removed);
    }

    private async Task<long> SealAllAsync(CancellationToken cancellationToken)
    {
        long count = 0;
        for (var after = ""; ;)
        {
            var users = await NextAsync(after, cancellationToken);
            if (users.Count == 0) return count;
            after = users[^1].Id.Value;
            var outdated = users.Where(user => user.IsOutdated).ToList();
            await Task.WhenAll(outdated.Select(user => commits.DecideAsync(user.Id, (state, _) => new Transition<bool>(true, state is null ? null : SealAnew(state)), cancellationToken)));
            count += outdated.Count;
        }
    }

    private Task<List<(UserId Id, bool IsOutdated)>> NextAsync(string after, CancellationToken cancellationToken) => database.ReadAsync(async connection =>
    {
        var users = new List<(UserId, bool)>(UsersAtOnce);
        await using var command = connection.Command(NextUsers).Bind("@after", after).Bind("@count", UsersAtOnce);
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken)) users.Add((new UserId(rows.GetString(0)), HasOutdated((byte[])rows[1])));
        return users;
    }, cancellationToken);

    /// <summary>Whether a document holds a secret under an older key, whatever its kind of factor.</summary>
    private bool HasOutdated(ReadOnlySpan<byte> document)
    {
        var reader = new Utf8JsonReader(document);
        while (reader.Read())
            if (reader.TokenType == JsonTokenType.String && reader.ValueSpan.StartsWith("sealed:"u8) && vault.IsOutdated(Convert.FromBase64String(reader.GetString()![SealedSecret.Prefix.Length..]))) return true;
        return false;
    }

    private UserState SealAnew(UserState state)
    {
        foreach (var factor in state.Factors)
            if (HasOutdated(factor.Data.Span)) state = state.With(factor with { Data = SealAnew(factor.Data, state.Id, factor.Id) });
        return state;
    }

    private ReadOnlyMemory<byte> SealAnew(ReadOnlyMemory<byte> data, UserId user, FactorId factor)
    {
        var document = JsonNode.Parse(data.Span)!;
        SealAnew(document, OwnedSecrets.Owner(user, factor));
        var output = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(output)) document.WriteTo(writer);
        return output.WrittenMemory;
    }

    private void SealAnew(JsonNode node, string owner)
    {
        if (node is JsonObject members) foreach (var (name, value) in members.ToList()) Replace(value, sealedAnew => members[name] = sealedAnew);
        if (node is JsonArray items) for (var i = 0; i < items.Count; i++) Replace(items[i], sealedAnew => items[i] = sealedAnew);

        void Replace(JsonNode? value, Action<JsonNode> replace)
        {
            if (value is JsonValue text && text.TryGetValue<string>(out var secret) && secret.StartsWith(SealedSecret.Prefix, StringComparison.Ordinal)) replace(SealAnew(secret, owner));
            else if (value is not null) SealAnew(value, owner);
        }
    }

    private string SealAnew(string secret, string owner)
    {
        Span<byte> clear = stackalloc byte[SealedSecret.MaxLength];
        clear = clear[..vault.Open(Convert.FromBase64String(secret[SealedSecret.Prefix.Length..]), owner, clear)];
        var anew = SealedSecret.Prefix + Convert.ToBase64String(vault.Seal(clear, owner));
        CryptographicOperations.ZeroMemory(clear);
        return anew;
    }
}
