using System.Buffers.Text;
using System.Net;
using System.Text.Json.Nodes;
using Countersign.Testing;
using Countersign.Testing.WebAuthn;
using Countersign.WebAuthn;

namespace Countersign.Server.Tests.Factors;

public sealed class WebAuthnTests
{
    private const string Origin = "https://login.example.com", RpId = "example.com";

    private static readonly KeyValuePair<string, string>[] Settings =
    [
        new("Countersign:WebAuthn:Origins:0", Origin),
        new("Countersign:WebAuthn:RpIds:0", RpId),
    ];

    private static readonly Func<byte[], string>[] Spellings =
    [
        Convert.ToBase64String,
        bytes => Convert.ToBase64String(bytes).TrimEnd('='),
        bytes => Convert.ToBase64String(bytes).Replace('+', '-').Replace('/', '_'),
        bytes => Base64Url.EncodeToString(bytes),
    ];

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task A_key_lives_from_enrollment_to_unenrollment(Engine engine)
    {
        await using var app = new CountersignApp(engine, Settings);
        var user = await app.AddUserAsync("ines@example.com");
        using var key = new SoftwareAuthenticator { Flags = AuthenticatorFlags.UserPresent | AuthenticatorFlags.BackupEligible | AuthenticatorFlags.BackedUp };

        var enrolled = await EnrollAsync(app, user);

        Assert.Equal(("PENDING_ACTIVATION", "fwf"), ((string?)enrolled.Json["status"], enrolled.Id[..3]));
        Assert.Null(enrolled.Json["profile"]);
        var activation = enrolled.Json["_embedded"]!["activation"]!;
        Assert.Equal(20, ((string)activation["challenge"]!).Length);
        Assert.Equal(("direct", "preferred", RpId, "Countersign"),
            ((string?)activation["attestation"], (string?)activation["authenticatorSelection"]!["userVerification"], (string?)activation["rp"]!["id"], (string?)activation["rp"]!["name"]));
        Assert.Equal((user, "ines@example.com", "Ines Kovar"),
            ((string?)activation["user"]!["id"], (string?)activation["user"]!["name"], (string?)activation["user"]!["displayName"]));
        Assert.Equal([-7, -8, -35, -36, -37, -257], activation["pubKeyCredParams"]!.AsArray().Select(one => (int)one!["alg"]!));
        Assert.Empty(activation["excludeCredentials"]!.AsArray());
        Assert.Equal(["activate", "self", "user"], enrolled.Json["_links"]!.AsObject().Select(link => link.Key));

        var pending = await app.GetAsync(Path(user, enrolled.Id));
        Assert.Equal((string?)activation["challenge"], (string?)pending.Json["_embedded"]!["activation"]!["challenge"]);

        var activated = await ActivateAsync(app, user, enrolled, key);
        Assert.Equal("ACTIVE", (string?)activated.Json["status"]);
        Assert.Equal(Base64Url.EncodeToString(key.CredentialId), (string?)activated.Json["profile"]!["credentialId"]);
        Assert.Equal(("Passkey", true, true), ((string?)activated.Json["profile"]!["authenticatorName"], (bool?)activated.Json["profile"]!["backupEligible"], (bool?)activated.Json["profile"]!["backupState"]));
        Assert.Null(activated.Json["_embedded"]);

        var challenged = await ChallengeAsync(app, user, enrolled.Id);
        Assert.Equal(("CHALLENGE", 20), (challenged.FactorResult, ChallengeOf(challenged).Length));
        Assert.Equal(["verify", "factor"], challenged.Json["_links"]!.AsObject().Select(link => link.Key));
        key.Flags = AuthenticatorFlags.UserPresent | AuthenticatorFlags.BackupEligible;
        var verified = await AnswerAsync(app, user, enrolled.Id, key.Sign(ChallengeOf(challenged), Origin, RpId));
        Assert.Equal(("SUCCESS", Base64Url.EncodeToString(key.CredentialId)), (verified.FactorResult, (string?)verified.Json["profile"]!["credentialId"]));
        Assert.False((bool?)(await app.GetAsync(Path(user, enrolled.Id))).Json["profile"]!["backupState"]);

        Assert.Equal(HttpStatusCode.NoContent, (await app.DeleteAsync(Path(user, enrolled.Id))).Status);
        Assert.Equal(0, await app.Store.SqlAsync("SELECT count(*) FROM claim"));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 2)]
    [InlineData(2, 3)]
    [InlineData(3, 0)]
    public async Task Base64_is_read_in_every_spelling(int registration, int assertion)
    {
        await using var app = new CountersignApp(Engine.Sqlite, Settings);
        using var key = new SoftwareAuthenticator(credentialIdLength: 61);
        var enrolled = await EnrollAsync(app, "me");

        var activated = await ActivateAsync(app, "me", enrolled, key, spell: Spellings[registration]);
        var challenged = await ChallengeAsync(app, "me", enrolled.Id);
        var verified = await AnswerAsync(app, "me", enrolled.Id, key.Sign(ChallengeOf(challenged), Origin, RpId), Spellings[assertion]);

        Assert.Equal(("ACTIVE", "SUCCESS"), ((string?)activated.Json["status"], verified.FactorResult));
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task An_answer_is_accepted_once_however_many_bring_it(Engine engine)
    {
        await using var app = new CountersignApp(engine, [.. Settings, new("Countersign:Attempts:LockoutThreshold", "1000")]);
        using var key = new SoftwareAuthenticator { SignCount = null };
        var factor = await ActiveAsync(app, "me", key);
        var answer = key.Sign(ChallengeOf(await ChallengeAsync(app, "me", factor)), Origin, RpId);

        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => AnswerAsync(app, "me", factor, answer)));

        Assert.Equal(1, answers.Count(one => one.Status == HttpStatusCode.OK && one.FactorResult == "SUCCESS"));
        Assert.All(answers.Where(one => one.Status != HttpStatusCode.OK), one => Assert.True(one.ErrorCode is "E0000068" or "E0000047", one.Text));
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task A_credential_belongs_to_one_factor_of_one_user(Engine engine)
    {
        await using var app = new CountersignApp(engine, Settings);
        using var key = new SoftwareAuthenticator();
        var users = new List<string>();
        for (var i = 0; i < 8; i++) users.Add(await app.AddUserAsync($"user{i}@example.com"));
        var enrolled = await Task.WhenAll(users.Select(user => EnrollAsync(app, user)));

        var activated = await Task.WhenAll(users.Select((user, i) => ActivateAsync(app, user, enrolled[i], key)));

        Assert.Equal(1, activated.Count(answer => answer.Status == HttpStatusCode.OK));
        Assert.All(activated.Where(answer => answer.Status != HttpStatusCode.OK), answer => Assert.Equal("E0000068", answer.ErrorCode));
        var owner = activated.ToList().FindIndex(answer => answer.Status == HttpStatusCode.OK);
        Assert.Contains("CredentialTaken", (await app.GetAsync("/api/v1/logs?filter=eventType eq \"user.mfa.factor.activate\"&limit=100")).Text, StringComparison.Ordinal);

        // When its factor goes, it can be registered again, also by another.
        await app.PostAsync($"/api/v1/users/{users[owner]}/lifecycle/reset_factors");
        var other = (owner + 1) % users.Count;
        Assert.Equal("ACTIVE", (string?)(await ActivateAsync(app, users[other], await EnrollAsync(app, users[other]), key)).Json["status"]);
    }

    [Fact]
    public async Task A_user_owns_several_keys_and_is_not_offered_the_same_again()
    {
        await using var app = new CountersignApp(Engine.Sqlite, Settings);
        using var one = new SoftwareAuthenticator();
        using var other = new SoftwareAuthenticator();
        var first = await ActiveAsync(app, "me", one);
        app.Clock.Advance(TimeSpan.FromSeconds(1));

        var enrolled = await EnrollAsync(app, "me");

        Assert.NotEqual(first, enrolled.Id);
        Assert.Equal([Base64Url.EncodeToString(one.CredentialId)], enrolled.Json["_embedded"]!["activation"]!["excludeCredentials"]!.AsArray().Select(known => (string)known!["id"]!));
        Assert.Equal("ACTIVE", (string?)(await ActivateAsync(app, "me", enrolled, other)).Json["status"]);
        var listed = (await app.GetAsync(FactorClient.Factors)).Json.AsArray().Where(factor => (string?)factor!["factorType"] == "webauthn");
        Assert.Equal([first, enrolled.Id], listed.Select(factor => (string)factor!["id"]!));
        // Each answers for itself.
        var challenged = await ChallengeAsync(app, "me", first);
        Assert.Equal("E0000068", (await AnswerAsync(app, "me", first, other.Sign(ChallengeOf(challenged), Origin, RpId))).ErrorCode);
        Assert.Equal("SUCCESS", (await AnswerAsync(app, "me", first, one.Sign(ChallengeOf(challenged), Origin, RpId))).FactorResult);
    }

    [Fact]
    public async Task Enrolling_again_while_one_is_pending_restarts_it()
    {
        await using var app = new CountersignApp(Engine.Sqlite, Settings);
        using var key = new SoftwareAuthenticator();
        var first = await EnrollAsync(app, "me");

        var second = await EnrollAsync(app, "me");

        Assert.Equal(first.Id, second.Id);
        Assert.Equal("E0000068", (await ActivateAsync(app, "me", first, key)).ErrorCode);
        Assert.Equal("ACTIVE", (string?)(await ActivateAsync(app, "me", second, key)).Json["status"]);
    }

    [Fact]
    public async Task The_newest_challenge_alone_counts_and_for_its_time()
    {
        await using var app = new CountersignApp(Engine.Sqlite, Settings);
        using var key = new SoftwareAuthenticator();
        var factor = await ActiveAsync(app, "me", key);
        var older = ChallengeOf(await ChallengeAsync(app, "me", factor));
        var newest = ChallengeOf(await ChallengeAsync(app, "me", factor));

        var answers = new List<string?>();
        answers.Add((await AnswerAsync(app, "me", factor, key.Sign(older, Origin, RpId))).ErrorCode);
        app.Clock.Advance(TimeSpan.FromMinutes(5) - TimeSpan.FromMilliseconds(1));
        answers.Add((await AnswerAsync(app, "me", factor, key.Sign(newest, Origin, RpId))).FactorResult);
        answers.Add((await AnswerAsync(app, "me", factor, key.Sign(newest, Origin, RpId))).ErrorCode);
        var late = ChallengeOf(await ChallengeAsync(app, "me", factor));
        app.Clock.Advance(TimeSpan.FromMinutes(5));
        answers.Add((await AnswerAsync(app, "me", factor, key.Sign(late, Origin, RpId))).ErrorCode);

        Assert.Equal(["E0000068", "SUCCESS", "E0000068", "E0000068"], answers);
    }

    [Fact]
    public async Task What_is_wrong_is_in_the_log_and_nowhere_else()
    {
        await using var app = new CountersignApp(Engine.Sqlite, [.. Settings, new("Countersign:Attempts:LockoutThreshold", "1000")]);
        using var key = new SoftwareAuthenticator { SignCount = 9 };
        var factor = await ActiveAsync(app, "me", key);
        var challenge = ChallengeOf(await ChallengeAsync(app, "me", factor));
        var right = key.Sign(challenge, Origin, RpId);

        var answers = new List<Answer>
        {
            await AnswerAsync(app, "me", factor, key.Sign(challenge, "https://evil.example", RpId)),
            await AnswerAsync(app, "me", factor, key.Sign(challenge, Origin, "evil.example")),
            await AnswerAsync(app, "me", factor, right with { Signature = [.. right.Signature[..^1], (byte)(right.Signature[^1] ^ 1)] }),
        };
        key.SignCount = 3;
        answers.Add(await AnswerAsync(app, "me", factor, key.Sign(challenge, Origin, RpId)));
        key.SignCount = 30;
        key.Flags |= AuthenticatorFlags.BackupEligible;
        answers.Add(await AnswerAsync(app, "me", factor, key.Sign(challenge, Origin, RpId)));

        Assert.All(answers, answer => Assert.Equal((HttpStatusCode.Forbidden, "E0000068", "Your passcode doesn't match our records. Please try again."), (answer.Status, answer.ErrorCode, answer.Cause)));
        var log = (await app.GetAsync("/api/v1/logs?filter=eventType eq \"user.authentication.auth_via_mfa\"&sortOrder=ASCENDING")).Json.AsArray();
        Assert.Equal(["Origin", "RpIdHash", "Signature", "SignCount", "BackupEligibility"], log.Select(logged => (string?)logged!["debugContext"]!["debugData"]!["failure"]));
        Assert.All(log, logged => Assert.Equal("INVALID_CREDENTIALS", (string?)logged!["outcome"]!["reason"]));
    }

    [Fact]
    public async Task A_possible_clone_is_accepted_and_told_where_that_is_the_policy()
    {
        await using var app = new CountersignApp(Engine.Sqlite, [.. Settings, new("Countersign:WebAuthn:AcceptPossibleClones", "true")]);
        using var key = new SoftwareAuthenticator { SignCount = 9 };
        var factor = await ActiveAsync(app, "me", key);
        key.SignCount = 3;

        var verified = await AnswerAsync(app, "me", factor, key.Sign(ChallengeOf(await ChallengeAsync(app, "me", factor)), Origin, RpId));

        Assert.Equal("SUCCESS", verified.FactorResult);
        var log = (await app.GetAsync("/api/v1/logs?filter=eventType eq \"user.authentication.auth_via_mfa\"")).Json.AsArray();
        Assert.Equal("SignCount", (string?)log.Single()!["debugContext"]!["debugData"]!["remark"]);
    }

    [Fact]
    public async Task Five_wrong_answers_lock_the_user()
    {
        await using var app = new CountersignApp(Engine.Sqlite, Settings);
        var user = await app.AddUserAsync("ines@example.com");
        using var key = new SoftwareAuthenticator();
        var factor = await ActiveAsync(app, user, key);
        var challenge = ChallengeOf(await ChallengeAsync(app, user, factor));

        for (var i = 0; i < 5; i++) Assert.Equal("E0000068", (await AnswerAsync(app, user, factor, key.Sign("AAAAAAAAAAAAAAAAAAAA", Origin, RpId))).ErrorCode);

        Assert.Equal("E0000069", (await AnswerAsync(app, user, factor, key.Sign(challenge, Origin, RpId))).ErrorCode);
        Assert.Equal("E0000069", (await ChallengeAsync(app, user, factor)).ErrorCode);
    }

    [Theory]
    [InlineData("{\"clientData\":\"e30\"}")]
    [InlineData("{\"clientData\":\"e30\",\"authenticatorData\":\"AAAA\",\"signatureData\":\"%%%\"}")]
    [InlineData("{\"clientData\":\"\",\"authenticatorData\":\"\",\"signatureData\":\"\"}")]
    [InlineData("{\"clientData\":\"W10\",\"authenticatorData\":\"AAAA\",\"signatureData\":\"AAAA\"}")]
    public async Task What_is_no_answer_is_a_wrong_one(string body)
    {
        await using var app = new CountersignApp(Engine.Sqlite, Settings);
        using var key = new SoftwareAuthenticator();
        var factor = await ActiveAsync(app, "me", key);
        await ChallengeAsync(app, "me", factor);

        var answer = await app.PostAsync($"{Path("me", factor)}/verify", JsonNode.Parse(body));

        Assert.Equal((HttpStatusCode.Forbidden, "E0000068"), (answer.Status, answer.ErrorCode));
    }

    [Fact]
    public async Task An_activation_without_an_attestation_is_refused_and_the_factor_stays_pending()
    {
        await using var app = new CountersignApp(Engine.Sqlite, Settings);
        using var key = new SoftwareAuthenticator();
        var enrolled = await EnrollAsync(app, "me");

        var refused = await app.PostAsync($"{Path("me", enrolled.Id)}/lifecycle/activate", new JsonObject { ["clientData"] = "e30" });

        Assert.Equal((HttpStatusCode.Forbidden, "E0000068"), (refused.Status, refused.ErrorCode));
        Assert.Equal("ACTIVE", (string?)(await ActivateAsync(app, "me", enrolled, key)).Json["status"]);
    }

    [Fact]
    public async Task Pages_of_localhost_may_use_keys_where_nothing_is_configured()
    {
        await using var app = new CountersignApp();
        using var key = new SoftwareAuthenticator();
        var enrolled = await EnrollAsync(app, "me");
        Assert.Null(enrolled.Json["_embedded"]!["activation"]!["rp"]!["id"]);

        var elsewhere = await ActivateAsync(app, "me", enrolled, key, "https://login.example.com", "example.com");
        var here = await ActivateAsync(app, "me", enrolled, key, "http://localhost:8080", "localhost");

        Assert.Equal("E0000068", elsewhere.ErrorCode);
        Assert.Equal("ACTIVE", (string?)here.Json["status"]);
    }

    [Fact]
    public async Task Related_origins_are_accepted_and_told_to_browsers()
    {
        await using var app = new CountersignApp(Engine.Sqlite, [.. Settings, new("Countersign:WebAuthn:RelatedOrigins:0", "https://example.co.uk")]);
        using var key = new SoftwareAuthenticator();

        var told = await app.GetAsync("/.well-known/webauthn");
        var activated = await ActivateAsync(app, "me", await EnrollAsync(app, "me"), key, "https://example.co.uk", RpId);

        Assert.Equal("""{"origins":["https://example.co.uk"]}""", told.Text);
        Assert.Equal("ACTIVE", (string?)activated.Json["status"]);
        await using var without = new CountersignApp(Engine.Sqlite, Settings);
        Assert.Equal(HttpStatusCode.NotFound, (await without.GetAsync("/.well-known/webauthn")).Status);
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task A_key_lives_by_U2F_and_answers_browsers_by_its_app_id(Engine engine)
    {
        await using var app = new CountersignApp(engine, Settings);
        using var key = new SoftwareAuthenticator { Flags = AuthenticatorFlags.UserPresent };
        using var by = new SoftwareAttestation(app.Clock.GetUtcNow());

        var enrolled = await EnrollAsync(app, "me", "u2f");
        var activation = enrolled.Json["_embedded"]!["activation"]!;
        Assert.Equal(("U2F_V2", 20, Origin), ((string?)activation["version"], (int?)activation["timeoutSeconds"], (string?)activation["appId"]));
        var (clientData, registration) = key.RegisterU2f((string)activation["nonce"]!, Origin, Origin, by);
        var activated = await app.PostAsync($"{Path("me", enrolled.Id)}/lifecycle/activate",
            new JsonObject { ["clientData"] = Base64Url.EncodeToString(clientData), ["registrationData"] = Base64Url.EncodeToString(registration) });
        Assert.Equal(("ACTIVE", Base64Url.EncodeToString(key.CredentialId), "U2F_V2"),
            ((string?)activated.Json["status"], (string?)activated.Json["profile"]!["credentialId"], (string?)activated.Json["profile"]!["version"]));

        var challenged = await ChallengeAsync(app, "me", enrolled.Id);
        var nonce = (string)challenged.Json["_embedded"]!["challenge"]!["nonce"]!;
        var signed = key.SignU2f(nonce, Origin, Origin);
        var body = new JsonObject { ["clientData"] = Base64Url.EncodeToString(signed.ClientData), ["signatureData"] = Base64Url.EncodeToString(signed.Signature) };
        var verified = await app.PostAsync($"{Path("me", enrolled.Id)}/verify", body);
        var again = await app.PostAsync($"{Path("me", enrolled.Id)}/verify", body.DeepClone());
        Assert.Equal(("SUCCESS", "E0000068"), (verified.FactorResult, again.ErrorCode));

        var byBrowser = await ChallengeAsync(app, "me", enrolled.Id);
        Assert.Equal(Origin, (string?)byBrowser.Json["_embedded"]!["challenge"]!["extensions"]!["appid"]);
        Assert.Equal("SUCCESS", (await AnswerAsync(app, "me", enrolled.Id, key.Sign((string)byBrowser.Json["_embedded"]!["challenge"]!["challenge"]!, Origin, Origin))).FactorResult);
    }

    private static string Path(string user, string factor) => $"/api/v1/users/{user}/factors/{factor}";

    private static Task<Answer> EnrollAsync(CountersignApp app, string user, string type = "webauthn")
        => app.PostAsync($"/api/v1/users/{user}/factors", new JsonObject { ["factorType"] = type, ["provider"] = "FIDO" });

    private static async Task<string> ActiveAsync(CountersignApp app, string user, SoftwareAuthenticator key)
    {
        var activated = await ActivateAsync(app, user, await EnrollAsync(app, user), key);
        Assert.Equal("ACTIVE", (string?)activated.Json["status"]);
        return activated.Id;
    }

    private static Task<Answer> ActivateAsync(
        CountersignApp app, string user, Answer enrolled, SoftwareAuthenticator key, string origin = Origin, string rpId = RpId, Func<byte[], string>? spell = null)
    {
        spell ??= Convert.ToBase64String;
        var answer = key.Register((string)enrolled.Json["_embedded"]!["activation"]!["challenge"]!, origin, rpId);
        return app.PostAsync($"{Path(user, enrolled.Id)}/lifecycle/activate", new JsonObject { ["attestation"] = spell(answer.Attestation), ["clientData"] = spell(answer.ClientData) });
    }

    private static Task<Answer> ChallengeAsync(CountersignApp app, string user, string factor) => app.PostAsync($"{Path(user, factor)}/verify");

    private static string ChallengeOf(Answer challenged) => (string)challenged.Json["_embedded"]!["challenge"]!["challenge"]!;

    private static Task<Answer> AnswerAsync(CountersignApp app, string user, string factor, SoftwareAssertion answer, Func<byte[], string>? spell = null)
    {
        spell ??= Convert.ToBase64String;
        return app.PostAsync($"{Path(user, factor)}/verify", new JsonObject
        {
            ["clientData"] = spell(answer.ClientData),
            ["authenticatorData"] = spell(answer.AuthenticatorData),
            ["signatureData"] = spell(answer.Signature),
        });
    }
}
