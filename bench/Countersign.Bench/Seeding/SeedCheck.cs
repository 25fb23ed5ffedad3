using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Countersign.Bench.Passcodes;
using Countersign.Bench.Targets;

namespace Countersign.Bench.Seeding;

/// <summary>Whether bulk SQL wrote of a phone what the product writes: one number is enrolled through the API, and what is stored then is laid beside what is seeded.</summary>
internal static class SeedCheck
{
    /// <summary>What differs; null for nothing.</summary>
    /// <param name="plain">A server on a store that was filled without phones; <paramref name="person"/> gets one there.</param>
    /// <param name="withPhones">A store that was filled with them.</param>
    /// <param name="person">The user, seeded in both and not touched since.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<string?> CompareAsync(CountersignServer plain, CountersignStore withPhones, Person person, CancellationToken cancellationToken)
    {
        await EnrollAsync(plain, person, cancellationToken);
        var (enrolled, seeded) = (await ReadAsync(plain.Store, person, cancellationToken), await ReadAsync(withPhones, person, cancellationToken));
        if (enrolled.Version != seeded.Version) return $"a state of version {enrolled.Version} was seeded with {seeded.Version}";
        if (enrolled.State.Length != seeded.State.Length) return $"a state of {enrolled.State.Length} characters was seeded with {seeded.State.Length}";
        var (one, other) = (Comparable(enrolled.State), Comparable(seeded.State));
        return one == other ? null : $"{one} was seeded as {other}";
    }

    private static async Task EnrollAsync(CountersignServer server, Person person, CancellationToken cancellationToken)
    {
        using var client = new HttpClient { BaseAddress = server.Address };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("SSWS", server.Token);
        var request = new JsonObject { ["factorType"] = "sms", ["provider"] = "OKTA", ["profile"] = new JsonObject { ["phoneNumber"] = person.Phone } };
        using var body = new StringContent(request.ToJsonString(), Encoding.UTF8, "application/json");
        using var answer = await client.PostAsync($"/api/v1/users/{Ids.User(person)}/factors?activate=true", body, cancellationToken);
        if (!answer.IsSuccessStatusCode) throw new BenchException($"a phone could not be enrolled: {await answer.Content.ReadAsStringAsync(cancellationToken)}");
    }

    private static async Task<(long Version, string State)> ReadAsync(CountersignStore store, Person person, CancellationToken cancellationToken)
    {
        await using var connection = await store.ConnectAsync(cancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT version, state FROM user_state WHERE user_id = @id";
        var id = command.CreateParameter();
        (id.ParameterName, id.Value) = ("@id", Ids.User(person));
        command.Parameters.Add(id);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        if (!await row.ReadAsync(cancellationToken)) throw new BenchException($"user {Ids.User(person)} is not in {store.Name}");
        return (row.GetInt64(0), Encoding.UTF8.GetString(row.GetFieldValue<byte[]>(1)));
    }

    /// <summary>The document without what differs with every enrollment: the factor's id, the instants, and what the two stores sealed with keys of their own.</summary>
    private static string Comparable(string state)
    {
        var document = JsonNode.Parse(state)!.AsObject();
        document["changed"] = 0;
        document["attempts"] = 0;
        foreach (var factor in document["factors"]!.AsArray().Select(factor => factor!.AsObject()))
        {
            (factor["created"], factor["updated"]) = (0, 0);
            if ((string?)factor["type"] == "sms") factor["id"] = "";
            else factor.Remove("data");
        }
        return document.ToJsonString();
    }
}
