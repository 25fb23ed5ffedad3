using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Countersign.Factors.Otp;
using Countersign.Testing;

namespace Countersign.Crash.Tests;

/// <summary>Requests to a server that may die at any moment.</summary>
internal static class Api
{
    public const string Secret = "3132333435363738393031323334353637383930";

    extension(HttpClient client)
    {
        /// <summary>Posts; an answer that is no success of HTTP is the caller's to judge.</summary>
        public async Task<Answer> PostAsync(string path, JsonNode body)
        {
            using var content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
            using var response = await client.PostAsync(path, content);
            return await Answer.ReadAsync(response);
        }

        /// <summary>Gets.</summary>
        public async Task<Answer> ReadAsync(string path)
        {
            using var response = await client.GetAsync(path);
            return await Answer.ReadAsync(response);
        }

        /// <summary>Makes a user and answers the id.</summary>
        public async Task<string> AddUserAsync(string login)
        {
            var made = await client.PostAsync("/api/v1/users", UserRequests.Body(login));
            return made.Status == HttpStatusCode.OK ? made.Id : throw new InvalidOperationException($"{login}: {made.Text}");
        }

        /// <summary>Makes a profile of tokens by counter and answers its id.</summary>
        public async Task<string> AddCounterProfileAsync() => (await client.PostAsync("/api/v1/org/factors/hotp/profiles", new JsonObject
        {
            ["name"] = "Counters",
            ["settings"] = new JsonObject { ["timeBased"] = false, ["encoding"] = "hexadecimal" },
        })).Id;

        /// <summary>Enrolls a token by counter and answers the factor's id.</summary>
        public async Task<string> EnrollCounterAsync(string user, string profile) => (await client.PostAsync($"/api/v1/users/{user}/factors?activate=true", new JsonObject
        {
            ["factorType"] = "token:hotp",
            ["provider"] = "CUSTOM",
            ["factorProfileId"] = profile,
            ["profile"] = new JsonObject { ["sharedSecret"] = Secret },
        })).Id;

        /// <summary>Verifies the passcode of a counter.</summary>
        public Task<Answer> VerifyAsync(string user, string factor, long counter)
            => client.PostAsync($"/api/v1/users/{user}/factors/{factor}/verify", new JsonObject { ["passCode"] = Passcode(counter) });
    }

    private static string Passcode(long counter)
    {
        using var generator = new OtpGenerator(Convert.FromHexString(Secret), 6, OtpAlgorithm.Sha1);
        return generator.Passcode(counter);
    }
}
