using System.Collections.Concurrent;
using System.Security.Cryptography;
using Countersign.Bench.Passcodes;
using Countersign.Bench.Targets;
using Countersign.Factors.WebAuthn;
using Countersign.Storage.Users;
using Countersign.Users;

namespace Countersign.Bench.Seeding;

/// <summary>The challenges that a server issued for security keys, read from its users' states and signed.</summary>
internal sealed class SignedChallenges(CountersignStore store) : IAnswers
{
    public string Name => "WebAuthn";

    public string Body => "{3}";

    public bool AreJudgedAlone => true;

    public string FactorOf(Person person) => Ids.Key(person);

    public async Task<string[]> LinesAsync(DateTimeOffset since, CancellationToken cancellationToken)
    {
        var people = store.Population.People.ToDictionary(Ids.User);
        var issued = new List<(Person Person, string Challenge)>();
        await using var connection = await store.ConnectAsync(cancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT user_id, version, status, state FROM user_state";
        await using (var rows = await command.ExecuteReaderAsync(cancellationToken))
        {
            while (await rows.ReadAsync(cancellationToken))
            {
                if (!people.TryGetValue(rows.GetString(0), out var person)) continue;
                var state = UserStateCodec.Read(new UserId(rows.GetString(0)), rows.GetInt64(1), UserStatuses.Parse(rows.GetString(2)), rows.GetFieldValue<byte[]>(3));
                if (KeyData.Read(state.Factors[^1]).Challenge is { } challenge) issued.Add((person, challenge.Value));
            }
        }
        var lines = new ConcurrentBag<string>();
        Parallel.ForEach(issued, one =>
        {
            using var key = SigningKey.Open(one.Person);
            var clientData = SigningKey.ClientDataOf(one.Challenge);
            var body = $$"""{"clientData":"{{Convert.ToBase64String(clientData)}}","authenticatorData":"{{Convert.ToBase64String(SigningKey.AuthenticatorData)}}","signatureData":"{{Convert.ToBase64String(SigningKey.Sign(key, clientData))}}"}""";
            lines.Add($"{Ids.User(one.Person)} {Ids.Key(one.Person)} {body}");
        });
        var shuffled = lines.ToArray();
        RandomNumberGenerator.Shuffle(shuffled.AsSpan());
        return shuffled;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
