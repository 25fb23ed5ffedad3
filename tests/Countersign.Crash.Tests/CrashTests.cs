using System.Security.Cryptography;
using Countersign.Testing;

namespace Countersign.Crash.Tests;

/// <summary>A server that is killed in the middle of its work, again and again, on one store.</summary>
public sealed class CrashTests
{
    private const int Kills = 20, Workers = 16;

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task What_was_acknowledged_survives_every_kill_and_no_code_is_accepted_again(Engine engine)
    {
        using var store = new TestStore(engine);
        KeyValuePair<string, string>[] settings = [new("Countersign:Attempts:WrongPerWindow", "1000000"), new("Countersign:Attempts:LockoutThreshold", "1000")];
        var server = await CountersignProcess.StartAsync(store, settings);
        try
        {
            List<Worker> workers;
            using (var client = server.CreateClient())
            {
                var profile = await client.AddCounterProfileAsync();
                workers = [];
                for (var number = 0; number < Workers; number++)
                {
                    var user = await client.AddUserAsync($"worker{number}@example.com");
                    workers.Add(new Worker(number, user, await client.EnrollCounterAsync(user, profile)));
                }
            }

            for (var kill = 0; kill < Kills; kill++)
            {
                var left = RandomNumberGenerator.GetInt32(1, 400);
                using (var client = server.CreateClient())
                {
                    var dying = server;
                    await Task.WhenAll(workers.Select(worker => worker.RunAsync(client, Acknowledged)));

                    void Acknowledged()
                    {
                        if (Interlocked.Decrement(ref left) == 0) dying.Kill();
                    }
                }
                server.Dispose();
                server = await CountersignProcess.StartAsync(store, settings);
                using var survivor = server.CreateClient();
                await Task.WhenAll(workers.Select(worker => worker.CheckAsync(survivor)));
            }

            Assert.All(workers, worker => Assert.True(worker.Acknowledged > 0, "a worker was never answered"));
            using (var client = server.CreateClient()) await Task.WhenAll(workers.Select(worker => worker.CheckLogAsync(client)));
            Assert.Equal(0, (await CountersignCommand.RunAsync(store, "log", "verify")).ExitCode);
        }
        finally
        {
            server.Dispose();
        }
    }
}
