using System.Text.Json.Nodes;
using Countersign.Testing;

namespace Countersign.Server.Tests.Factors;

/// <summary>What tests of factors do over and over, for the administrator's own user.</summary>
internal static class FactorClient
{
    public const string Factors = "/api/v1/users/me/factors";
    public const string Profiles = "/api/v1/org/factors/hotp/profiles";

    extension(CountersignApp app)
    {
        public Task<Answer> EnrollAsync(JsonObject body, string query = "") => app.PostAsync(Factors + query, body);

        /// <summary>Enrolls a factor whose codes are sent: to this number, or to the user's address.</summary>
        public Task<Answer> EnrollAsync(string user, string type, string? number = "+14155550142", string query = "")
        {
            var body = new JsonObject { ["factorType"] = type, ["provider"] = "OKTA" };
            if (type != "email" && number is not null) body["profile"] = new JsonObject { ["phoneNumber"] = number };
            return app.PostAsync($"/api/v1/users/{user}/factors{query}", body);
        }

        /// <summary>Enrolls it active, and answers its path.</summary>
        public async Task<string> ActiveAsync(string user, string type, string? number = "+14155550142")
            => $"/api/v1/users/{user}/factors/{(await app.EnrollAsync(user, type, number, "?activate=true")).Id}";

        public Task<Answer> EnrollTotpAsync(string provider = "GOOGLE", string? secret = null)
        {
            var body = new JsonObject { ["factorType"] = "token:software:totp", ["provider"] = provider };
            if (secret is not null) body["profile"] = new JsonObject { ["sharedSecret"] = secret };
            return app.EnrollAsync(body);
        }

        /// <summary>Enrolls and activates; the code of the clock's step is used up by that.</summary>
        public async Task<(string Id, string Secret)> ActiveTotpAsync(string provider = "GOOGLE")
        {
            var enrolled = await app.EnrollTotpAsync(provider);
            var secret = (string)enrolled.Json["_embedded"]!["activation"]!["sharedSecret"]!;
            var activated = await app.ActivateAsync(enrolled.Id, app.Totp(secret));
            Assert.Equal("ACTIVE", (string?)activated.Json["status"]);
            return (enrolled.Id, secret);
        }

        public Task<Answer> EnrollQuestionAsync(string answer = "lemmings", string question = "first_computer_game") => app.EnrollAsync(new JsonObject
        {
            ["factorType"] = "question",
            ["profile"] = new JsonObject { ["question"] = question, ["answer"] = answer },
        });

        public async Task<Answer> EnrollHotpAsync(JsonObject settings, string secret)
        {
            var profile = await app.PostAsync(Profiles, new JsonObject { ["name"] = "Door tokens", ["settings"] = settings });
            return await app.EnrollAsync(new JsonObject
            {
                ["factorType"] = "token:hotp",
                ["provider"] = "CUSTOM",
                ["factorProfileId"] = profile.Id,
                ["profile"] = new JsonObject { ["sharedSecret"] = secret },
            }, "?activate=true");
        }

        public Task<Answer> ActivateAsync(string factor, string passCode)
            => app.PostAsync($"{Factors}/{factor}/lifecycle/activate", new JsonObject { ["passCode"] = passCode });

        public Task<Answer> VerifyAsync(string factor, string passCode, string? nextPassCode = null)
        {
            var body = new JsonObject { ["passCode"] = passCode };
            if (nextPassCode is not null) body["nextPassCode"] = nextPassCode;
            return app.PostAsync($"{Factors}/{factor}/verify", body);
        }

        public Task<Answer> AnswerAsync(string factor, string answer) => app.PostAsync($"{Factors}/{factor}/verify", new JsonObject { ["answer"] = answer });
    }
}
