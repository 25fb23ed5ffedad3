using System.Text.Json.Nodes;

namespace Countersign.Testing;

/// <summary>The usual bodies and calls of tests on users.</summary>
public static class UserRequests
{
    /// <summary>A password that the default policy accepts.</summary>
    public const string Password = "Tram4Lisbon";

    /// <summary>The body of a new user.</summary>
    public static JsonObject Body(string login, string firstName = "Ines", string lastName = "Kovar", string? password = null) => new()
    {
        ["profile"] = new JsonObject { ["login"] = login, ["email"] = login.Contains('@', StringComparison.Ordinal) ? login : $"{login}@example.com", ["firstName"] = firstName, ["lastName"] = lastName },
        ["credentials"] = password is null ? null : new JsonObject { ["password"] = new JsonObject { ["value"] = password } },
    };

    extension(CountersignApp app)
    {
        /// <summary>Makes a user and answers the id.</summary>
        public async Task<string> AddUserAsync(string login, string? password = Password, string query = "")
            => (await app.PostAsync($"/api/v1/users{query}", Body(login, password: password))).Id;

        /// <summary>A user's status.</summary>
        public async Task<string?> StatusOfAsync(string userId) => (string?)(await app.GetAsync($"/api/v1/users/{userId}")).Json["status"];

        /// <summary>Enrolls and activates a TOTP factor, and answers its id and secret.</summary>
        public async Task<(string Id, string Secret)> AddTotpAsync(string userId)
        {
            var factors = $"/api/v1/users/{userId}/factors";
            var enrolled = await app.PostAsync(factors, new JsonObject { ["factorType"] = "token:software:totp", ["provider"] = "GOOGLE" });
            var secret = (string)enrolled.Json["_embedded"]!["activation"]!["sharedSecret"]!;
            await app.PostAsync($"{factors}/{enrolled.Id}/lifecycle/activate", new JsonObject { ["passCode"] = app.Totp(secret) });
            return (enrolled.Id, secret);
        }
    }
}
