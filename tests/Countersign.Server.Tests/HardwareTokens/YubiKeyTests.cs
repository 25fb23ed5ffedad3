using System.Net;
using System.Text.Json.Nodes;
using Countersign.Testing;

namespace Countersign.Server.Tests.HardwareTokens;

public sealed class YubiKeyTests
{
    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task A_key_is_uploaded_enrolled_verified_and_given_back(Engine engine)
    {
        await using var app = new CountersignApp(engine);
        var (user, key) = (await app.AddUserAsync("ana@example.com"), new SoftwareYubiKey());
        var uploaded = await app.UploadAsync(key);
        app.Clock.Advance(TimeSpan.FromMinutes(1));

        var enrolled = await app.EnrollYubiKeyAsync(user, key.Touch());
        var held = await app.GetAsync($"{TokenClient.YubiKeys}/{uploaded.Id}");
        app.Clock.Advance(TimeSpan.FromMinutes(1));
        var verified = await app.VerifyAsync(user, enrolled.Id, key.Touch());
        var inUse = await app.DeleteAsync($"{TokenClient.YubiKeys}/{uploaded.Id}");
        var used = await app.GetAsync($"{TokenClient.YubiKeys}/{uploaded.Id}");
        await app.DeleteAsync($"/api/v1/users/{user}/factors/{enrolled.Id}");
        var back = await app.GetAsync($"{TokenClient.YubiKeys}/{uploaded.Id}");

        Assert.Equal((HttpStatusCode.OK, "UNASSIGNED", "000007886622"), (uploaded.Status, (string?)uploaded.Json["status"], (string?)uploaded.Json["profile"]!["serial"]));
        Assert.Equal(["GET", "DELETE"], uploaded.Json["_links"]!["self"]!["hints"]!["allow"]!.AsArray().Select(method => (string?)method));
        Assert.Equal(("ACTIVE", "YUBICO", "000007886622"), ((string?)enrolled.Json["status"], (string?)enrolled.Json["vendorName"], (string?)enrolled.Json["profile"]!["credentialId"]));
        Assert.Matches("^ykf[A-Za-z0-9]{17}$", enrolled.Id);
        Assert.Matches("^ykk[A-Za-z0-9]{17}$", uploaded.Id);
        Assert.Equal(("ACTIVE", "2026-03-05T09:42:07.000Z", null), ((string?)held.Json["status"], (string?)held.Json["activated"], held.Json["lastVerified"]));
        Assert.EndsWith($"/api/v1/users/{user}/factors/{enrolled.Id}", (string?)held.Json["_links"]!["deactivate"]!["href"], StringComparison.Ordinal);
        Assert.Equal(["GET"], held.Json["_links"]!["self"]!["hints"]!["allow"]!.AsArray().Select(method => (string?)method));
        Assert.Equal("SUCCESS", verified.FactorResult);
        Assert.Equal((HttpStatusCode.Forbidden, "E0000102"), (inUse.Status, inUse.ErrorCode));
        Assert.Equal(("2026-03-05T09:43:07.000Z", "2026-03-05T09:43:07.000Z"), ((string?)used.Json["lastVerified"], (string?)used.Json["lastUpdated"]));
        Assert.Equal(("UNASSIGNED", null, null), ((string?)back.Json["status"], back.Json["activated"], back.Json["_links"]!["user"]));
        Assert.Equal(HttpStatusCode.NoContent, (await app.DeleteAsync($"{TokenClient.YubiKeys}/{uploaded.Id}")).Status);
        Assert.Equal((HttpStatusCode.NotFound, "E0000007"), ((await app.GetAsync($"{TokenClient.YubiKeys}/{uploaded.Id}")).Status, (await app.DeleteAsync($"{TokenClient.YubiKeys}/{uploaded.Id}")).ErrorCode));
        Assert.Equal(["system.mfa.hardware_token.create", "system.mfa.hardware_token.delete"],
            (await app.GetAsync($"/api/v1/logs?q={uploaded.Id}")).Json.AsArray().Select(logged => (string?)logged!["eventType"]));
        var everything = uploaded.Text + held.Text + enrolled.Text + (await app.GetAsync("/api/v1/logs?limit=1000")).Text;
        Assert.DoesNotContain(key.AesKey, everything, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(key.PrivateId, everything, StringComparison.OrdinalIgnoreCase);
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task No_otp_counts_twice_whatever_becomes_of_the_key(Engine engine)
    {
        await using var app = new CountersignApp(engine);
        var (ana, ben) = (await app.AddUserAsync("ana@example.com"), await app.AddUserAsync("ben@example.com"));
        var key = new SoftwareYubiKey();
        var token = (await app.UploadAsync(key)).Id;
        var (first, second, third, fourth, fifth) = (key.Touch(), key.Touch(), key.Touch(), key.Touch(), key.Touch());

        var enrolled = (await app.EnrollYubiKeyAsync(ana, second)).Id;
        var earlier = await app.VerifyAsync(ana, enrolled, first);
        var again = await app.VerifyAsync(ana, enrolled, second);
        var verified = await app.VerifyAsync(ana, enrolled, fourth);
        var passedBy = await app.VerifyAsync(ana, enrolled, third);
        await app.DeleteAsync($"/api/v1/users/{ana}/factors/{enrolled}");
        var afterUnenrolling = await app.EnrollYubiKeyAsync(ben, fourth);
        await app.DeleteAsync($"{TokenClient.YubiKeys}/{token}");
        var gone = await app.EnrollYubiKeyAsync(ben, fifth);
        await app.UploadAsync(key);
        var afterUploadingAgain = await app.EnrollYubiKeyAsync(ben, fourth);
        var next = await app.EnrollYubiKeyAsync(ben, fifth);

        Assert.Equal(["E0000082", "E0000082", null, "E0000082"], new[] { earlier, again, verified, passedBy }.Select(answer => answer.ErrorCode));
        Assert.Equal(["E0000082", "E0000068", "E0000082", null], new[] { afterUnenrolling, gone, afterUploadingAgain, next }.Select(answer => answer.ErrorCode));
        key.PlugIn();
        Assert.Equal("SUCCESS", (await app.VerifyAsync(ben, next.Id, key.Touch())).FactorResult);
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task Of_many_copies_of_an_otp_one_succeeds(Engine engine)
    {
        await using var app = new CountersignApp(engine, new("Countersign:Attempts:LockoutThreshold", "100"), new("Countersign:Attempts:WrongPerWindow", "100"));
        var (user, key) = (await app.AddUserAsync("ana@example.com"), new SoftwareYubiKey());
        await app.UploadAsync(key);
        var factor = (await app.EnrollYubiKeyAsync(user, key.Touch())).Id;
        var otp = key.Touch();

        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => Task.Run(() => app.VerifyAsync(user, factor, otp))));

        Assert.Single(answers, answer => answer.FactorResult == "SUCCESS");
        Assert.Equal(39, answers.Count(answer => answer.ErrorCode == "E0000082"));
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task Of_users_who_enroll_one_key_at_once_one_gets_it(Engine engine)
    {
        await using var app = new CountersignApp(engine);
        var key = new SoftwareYubiKey();
        var token = (await app.UploadAsync(key)).Id;
        var users = new List<string>();
        for (var i = 0; i < 8; i++) users.Add(await app.AddUserAsync($"user{i}@example.com", password: null));

        // One OTP for half of them, one each for the others.
        var shared = key.Touch();
        var otps = users.Select((_, i) => i < 4 ? shared : key.Touch()).ToList();
        var answers = await Task.WhenAll(users.Select((user, i) => Task.Run(() => app.EnrollYubiKeyAsync(user, otps[i]))));

        var winner = Assert.Single(answers, answer => answer.Status == HttpStatusCode.OK);
        Assert.All(answers.Where(answer => answer != winner), answer => Assert.Contains(answer.ErrorCode, new[] { "E0000068", "E0000082" }));
        Assert.Contains(winner.Id, (await app.GetAsync($"{TokenClient.YubiKeys}/{token}")).Text, StringComparison.Ordinal);
        Assert.Equal(1, await app.Store.SqlAsync("SELECT count(*) FROM claim WHERE user_id IS NOT NULL"));
    }

    /// <summary>Whether a key is known, whose it is and what was wrong with an OTP is not told.</summary>
    [Fact]
    public async Task What_is_wrong_with_an_otp_is_not_told()
    {
        await using var app = new CountersignApp();
        var (ana, ben, key, other) = (await app.AddUserAsync("ana@example.com"), await app.AddUserAsync("ben@example.com"), new SoftwareYubiKey(), new SoftwareYubiKey(7_886_623));
        await app.UploadAsync(key);
        var factor = (await app.EnrollYubiKeyAsync(ana, key.Touch())).Id;
        await app.UploadAsync(other);

        var answers = new List<Answer>
        {
            await app.EnrollYubiKeyAsync(ben, new SoftwareYubiKey(5).Touch()),                          // an unknown key
            await app.EnrollYubiKeyAsync(ben, key.Touch()),                                             // somebody's key
            await app.EnrollYubiKeyAsync(ben, other.Touch(rightChecksum: false)),
            await app.EnrollYubiKeyAsync(ben, new SoftwareYubiKey(other.Serial).Touch()),               // another AES key and private id
            await app.EnrollYubiKeyAsync(ben, "no OTP"),
            await app.VerifyAsync(ana, factor, other.Touch()),
            await app.VerifyAsync(ana, factor, key.Touch(rightChecksum: false)),
            await app.VerifyAsync(ana, factor, new string('c', 44)),
        };

        Assert.All(answers, answer => Assert.Equal((HttpStatusCode.Forbidden, "E0000068"), (answer.Status, answer.ErrorCode)));
        Assert.Single(answers.Select(answer => (string?)answer.Json["errorCauses"]![0]!["errorSummary"]).Distinct());
        Assert.Equal("SUCCESS", (await app.VerifyAsync(ana, factor, key.Touch())).FactorResult);
    }

    [Fact]
    public async Task Enrollments_are_tried_five_times_in_five_minutes()
    {
        await using var app = new CountersignApp();
        var (user, key) = (await app.AddUserAsync("ana@example.com"), new SoftwareYubiKey());
        await app.UploadAsync(key);
        for (var i = 0; i < 5; i++) Assert.Equal("E0000068", (await app.EnrollYubiKeyAsync(user, new SoftwareYubiKey().Touch())).ErrorCode);

        var limited = await app.EnrollYubiKeyAsync(user, key.Touch());
        app.Clock.Advance(TimeSpan.FromMinutes(5));
        var later = await app.EnrollYubiKeyAsync(user, key.Touch());

        Assert.Equal((HttpStatusCode.TooManyRequests, "E0000047"), (limited.Status, limited.ErrorCode));
        Assert.Equal("ACTIVE", (string?)later.Json["status"]);
    }

    [Fact]
    public async Task Five_wrong_otps_lock_the_user()
    {
        await using var app = new CountersignApp();
        var (user, key) = (await app.AddUserAsync("ana@example.com"), new SoftwareYubiKey());
        await app.UploadAsync(key);
        var factor = (await app.EnrollYubiKeyAsync(user, key.Touch())).Id;

        for (var i = 0; i < 5; i++) Assert.Equal("E0000068", (await app.VerifyAsync(user, factor, key.Touch(rightChecksum: false))).ErrorCode);

        Assert.Equal("E0000069", (await app.VerifyAsync(user, factor, key.Touch())).ErrorCode);
    }

    [Fact]
    public async Task An_otp_must_be_given()
    {
        await using var app = new CountersignApp();
        var (user, key) = (await app.AddUserAsync("ana@example.com"), new SoftwareYubiKey());
        await app.UploadAsync(key);
        var without = await app.PostAsync($"/api/v1/users/{user}/factors", new JsonObject { ["factorType"] = "token:hardware" });
        var factor = (await app.EnrollYubiKeyAsync(user, key.Touch())).Id;

        Assert.Equal("E0000001", without.ErrorCode);
        Assert.Equal("E0000001", (await app.PostAsync($"/api/v1/users/{user}/factors/{factor}/verify", new JsonObject())).ErrorCode);
        Assert.Equal("E0000001", (await app.EnrollYubiKeyAsync(user, key.Touch())).ErrorCode);   // one is enough
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task A_key_is_free_again_when_its_user_loses_all_factors_or_is_deleted(Engine engine)
    {
        await using var app = new CountersignApp(engine);
        var (ana, ben, key) = (await app.AddUserAsync("ana@example.com"), await app.AddUserAsync("ben@example.com"), new SoftwareYubiKey());
        var token = (await app.UploadAsync(key)).Id;

        await app.EnrollYubiKeyAsync(ana, key.Touch());
        await app.PostAsync($"/api/v1/users/{ana}/lifecycle/reset_factors");
        var reset = await StatusAsync();
        await app.EnrollYubiKeyAsync(ben, key.Touch());
        var taken = await StatusAsync();
        await app.DeleteAsync($"/api/v1/users/{ben}");
        await app.DeleteAsync($"/api/v1/users/{ben}");

        Assert.Equal(("UNASSIGNED", "ACTIVE", "UNASSIGNED"), (reset, taken, await StatusAsync()));

        async Task<string?> StatusAsync() => (string?)(await app.GetAsync($"{TokenClient.YubiKeys}/{token}")).Json["status"];
    }
}
