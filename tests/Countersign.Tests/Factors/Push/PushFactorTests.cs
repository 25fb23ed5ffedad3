using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Countersign.Factors;
using Countersign.Factors.Push;
using Countersign.Factors.Transactions;
using Countersign.Organization;
using Countersign.Places;
using Countersign.Requests;
using Countersign.Sealing;
using Countersign.SystemLog;
using Countersign.Users;

namespace Countersign.Tests.Factors.Push;

/// <summary>The decisions of <c>push</c>, on plain values.</summary>
public sealed class PushFactorTests : IDisposable
{
    private const string Origin = "https://mfa.example.com";
    private const string Home = "203.0.113.7", Elsewhere = "198.51.100.9";

    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly PushSettings _settings = new();
    private DateTimeOffset _now = new(2026, 3, 5, 9, 41, 7, 250, TimeSpan.Zero);
    private UserState _user = new() { Id = new UserId("00uAqF3kVb2mXcZ0dS4R"), Version = 1, Status = UserStatus.Active, Login = "ines@example.com", DisplayName = "Ines Kovar" };

    public void Dispose() => _key.Dispose();

    [Fact]
    public void A_device_is_bound_by_what_it_signs_and_by_nothing_else()
    {
        var pending = Enroll();
        var registration = Registration(pending, "Inés’s phone");
        var ticket = Kind().ReadTicket(registration.Ticket)!;
        var activation = Kind().ActivationOf(pending, ticket, _now)!;

        foreach (var wrong in (DeviceRegistration[])
        [
            registration with { Device = registration.Device with { Name = "Eve's phone" } },
            registration with { Device = registration.Device with { Platform = "IOS" } },
            registration with { Signature = registration.Signature[..^2] + "AA" },
            registration with { Ticket = registration.Ticket + "x" },
        ])
        {
            Assert.Equal(Refusal.SignatureInvalid, Assert.IsType<FactorDecision.Refused>(Kind().Bind(pending, activation, wrong, Origin, _now)).Refusal);
        }
        Assert.Equal(Refusal.SignatureInvalid, Assert.IsType<FactorDecision.Refused>(Kind().Bind(pending, activation, registration, "https://mfa.example.org", _now)).Refusal);

        var bound = Assert.IsType<FactorDecision.Becomes>(Kind().Bind(pending, activation, registration, Origin, _now)).Factor;
        Assert.Equal(FactorStatus.Active, bound.Status);
        Assert.Null(Kind().ActivationOf(bound, ticket, _now));
        Assert.True(PushFactor.IsBoundBy(bound, ticket, registration, Origin, _now));
        Assert.False(PushFactor.IsBoundBy(bound, ticket, registration, Origin, _now.AddMinutes(11)));
    }

    [Fact]
    public void A_ticket_is_of_one_activation_and_ends_with_it()
    {
        var first = Enroll();
        var ticket = Kind().ReadTicket(Ticket(first))!;
        var again = Enroll(first);

        Assert.Equal(first.Id, again.Id);
        Assert.Null(Kind().ActivationOf(again, ticket, _now));
        Assert.NotNull(Kind().ActivationOf(again, Kind().ReadTicket(Ticket(again))!, _now));
        Assert.Null(Kind().ActivationOf(again, Kind().ReadTicket(Ticket(again))!, _now.AddMinutes(10)));
        var text = Ticket(again);
        for (var i = 0; i < text.Length; i++)
            Assert.Null(Kind().ReadTicket(text[..i] + (text[i] == 'A' ? 'B' : 'A') + text[(i + 1)..]) is { } read && read.Transaction == Kind().ReadTicket(text)!.Transaction && text[i] != 'A' ? read : null);
    }

    [Fact]
    public void What_was_shown_is_what_is_signed()
    {
        var push = Device();
        // Half a pair, controls and more than is kept: what cannot be written is not shown.
        var (asked, transaction, _) = Challenge(push, by: By(Home, "Mozilla\u0007 \ud83d " + new string('é', 500), "Payroll \U0001F4B6"));
        var request = PushFactor.RequestsOf(PushData.Read(asked), _now).Single();

        Assert.Equal("Payroll \U0001F4B6", request.Application);
        Assert.Equal("Mozilla  \ufffd ", request.UserAgent![..11]);
        Assert.Equal(200, request.UserAgent!.Length);
        Assert.IsType<FactorDecision.Finished>(Answer(asked, request, DeviceDecision.Approve));
        foreach (var spoiled in (PushRequest[])
        [
            request with { TransactionId = request.TransactionId + "x" },
            request with { CreatedAt = "2026-03-05T09:41:07.999Z" },
            request with { ExpiresAt = "2026-03-05T09:46:08.000Z" },
            request with { Application = "Payrol" },
            request with { Address = Elsewhere },
            request with { Place = "Ljubljana, Slovenia" },
            request with { UserAgent = null },
            request with { Number = "typed" },
        ])
        {
            var signed = Sign("answer", Origin, _user.Id.Value, asked.Id.Value, spoiled, "approve", "");
            var refused = Assert.IsType<FactorDecision.Refused>(Kind().Answer(_user.Id, asked, new DeviceAnswer(transaction.Id, DeviceDecision.Approve, "", signed), _now));
            Assert.Equal((Refusal.SignatureInvalid, (Factor?)null), (refused.Refusal, refused.Factor));
        }
        Assert.Equal(Refusal.SignatureInvalid, Refused(asked, transaction, DeviceDecision.Deny, "", Sign("answer", Origin, _user.Id.Value, asked.Id.Value, request, "approve", "")));
        Assert.Equal(Refusal.SignatureInvalid, Refused(asked, transaction, DeviceDecision.Approve, "", Sign("answer", "https://evil.example", _user.Id.Value, asked.Id.Value, request, "approve", "")));
        Assert.Equal(Refusal.SignatureInvalid, Refused(asked, transaction, DeviceDecision.Approve, "", Sign("register", Origin, _user.Id.Value, asked.Id.Value, request, "approve", "")));
        Assert.Equal(Refusal.SignatureInvalid, Refused(asked, transaction, DeviceDecision.Approve, "12", Sign("answer", Origin, _user.Id.Value, asked.Id.Value, request, "approve", "")));
    }

    [Fact]
    public void The_first_answer_is_the_last_word()
    {
        var (asked, transaction, _) = Challenge(Device());
        var request = PushFactor.RequestsOf(PushData.Read(asked), _now).Single();
        var denied = Assert.IsType<FactorDecision.Finished>(Answer(asked, request, DeviceDecision.Deny));

        Assert.Equal(FactorResult.Rejected, denied.Verification.Result);
        Assert.Equal([LogEventTypes.PushDenied], denied.AlsoLogged);
        Assert.Equal(Refusal.NotInExpectedState, Refused(denied.Factor, transaction, DeviceDecision.Approve, "", Sign("answer", Origin, _user.Id.Value, asked.Id.Value, request, "approve", "")));
        Assert.Empty(PushFactor.RequestsOf(PushData.Read(denied.Factor), _now));
        Assert.Equal(Refusal.TransactionNotFound, Refused(denied.Factor, transaction with { Id = "v2mst.0000000000000000000000" }, DeviceDecision.Approve, "", "x"));
        _now = _now.AddMinutes(5);
        Assert.Equal(Refusal.NotInExpectedState, Refused(asked, transaction, DeviceDecision.Approve, "", Sign("answer", Origin, _user.Id.Value, asked.Id.Value, request, "approve", "")));
    }

    [Fact]
    public void One_wrong_number_ends_the_request()
    {
        var (asked, transaction, correct) = Challenge(Device(), number: true);
        Assert.InRange(correct!.Value, 10, 99);
        var request = PushFactor.RequestsOf(PushData.Read(asked), _now).Single();
        Assert.Equal("typed", request.Number);
        Assert.Null(request.Choices);

        var wrong = (correct == 99 ? 10 : correct.Value + 1).ToString(System.Globalization.CultureInfo.InvariantCulture);
        foreach (var number in (string[])[wrong, "", $"0{correct}", $" {correct}"])
        {
            var refused = Assert.IsType<FactorDecision.Refused>(Answer(asked, request, DeviceDecision.Approve, number));
            Assert.Equal(Refusal.WrongPasscode, refused.Refusal);
            Assert.Equal(FactorResult.Rejected, PushData.Read(refused.Factor!).Transactions.Single().Result);
        }
        var approved = Assert.IsType<FactorDecision.Finished>(Answer(asked, request, DeviceDecision.Approve, $"{correct}"));
        Assert.Equal(FactorResult.Success, approved.Verification.Result);
        Assert.Equal(FactorResult.Success, PushData.Read(approved.Factor).Transactions.Single(one => one.Id == transaction.Id).Result);
    }

    [Fact]
    public void Where_it_is_picked_the_number_is_among_three()
    {
        _settings.NumberEntry = PushSettings.Choice;
        var (asked, _, correct) = Challenge(Device(), number: true);
        var choices = PushFactor.RequestsOf(PushData.Read(asked), _now).Single().Choices!.Value;

        Assert.Equal(3, choices.Distinct().Count());
        Assert.Contains(correct!.Value, choices);
        Assert.All(choices, choice => Assert.InRange(choice, 10, 99));
    }

    [Theory]
    [InlineData(PushSettings.AtRisk, true)]
    [InlineData(PushSettings.WhenAsked, false)]
    public void After_a_denial_the_number_is_asked_for_a_day_or_until_an_approval(string matching, bool asks)
    {
        _settings.NumberMatching = matching;
        var denied = Deny(Device());

        Assert.Equal(asks, Challenge(denied).Correct is not null);
        _now = _now.AddHours(23);
        var (asked, _, correct) = Challenge(denied);
        Assert.Equal(asks, correct is not null);
        var approved = (FactorDecision.Finished)Answer(asked, PushFactor.RequestsOf(PushData.Read(asked), _now).Single(), DeviceDecision.Approve, $"{correct}");
        Assert.Null(Challenge(approved.Factor).Correct);
        _now = _now.AddHours(2);
        Assert.Null(Challenge(denied).Correct);
    }

    [Fact]
    public void A_denial_on_one_device_counts_for_all_of_them()
    {
        var other = Device();
        Deny(Device());

        Assert.NotNull(Challenge(other).Correct);
    }

    [Fact]
    public void From_an_address_that_nothing_was_approved_from_the_number_is_asked()
    {
        var device = Device();
        Assert.Null(Challenge(device, by: By(Home)).Correct);   // nothing is known yet
        var approved = Approve(device, By(Home));

        Assert.Null(Challenge(approved, by: By(Home)).Correct);
        var (asked, _, correct) = Challenge(approved, by: By(Elsewhere));
        Assert.NotNull(correct);
        var known = ((FactorDecision.Finished)Answer(asked, PushFactor.RequestsOf(PushData.Read(asked), _now).Single(), DeviceDecision.Approve, $"{correct}")).Factor;
        Assert.Null(Challenge(known, by: By(Elsewhere)).Correct);
        Assert.Null(Challenge(known, by: By(null)).Correct);
        _settings.NumberMatching = PushSettings.Always;
        Assert.NotNull(Challenge(known, by: By(Home)).Correct);
    }

    [Fact]
    public void Ten_addresses_are_remembered()
    {
        _settings.MostPerHour = 1_000;
        var device = Device();
        for (var i = 0; i < 12; i++) device = Approve(device, By($"10.0.0.{i}"));

        Assert.Equal(PushData.MostAddresses, PushData.Read(device).Addresses.Length);
        Assert.DoesNotContain("10.0.0.1", PushData.Read(device).Addresses);
        Assert.Contains("10.0.0.11", PushData.Read(device).Addresses);
    }

    [Fact]
    public void So_many_requests_wait_at_once_and_are_made_in_an_hour_over_all_devices()
    {
        (_settings.MostOpen, _settings.MostPerHour) = (2, 3);
        var (one, other) = (Device(), Device());
        var first = _now;
        one = Challenge(one).Factor;
        _now = _now.AddSeconds(30);
        other = Challenge(other).Factor;

        Assert.Equal(first.ToWholeSeconds().AddMinutes(5), Limited(one));
        Assert.Equal(first.ToWholeSeconds().AddMinutes(5), Limited(other));
        _now = first.AddMinutes(6);
        one = Challenge(one).Factor;
        Assert.Equal(first.ToWholeSeconds().AddHours(1), Limited(other));
        _now = first.AddHours(1).AddSeconds(1);
        Assert.Equal(FactorResult.Waiting, Challenge(other).Transaction.Result);
        Assert.Equal(first.ToWholeSeconds().AddSeconds(30).AddHours(1), Limited(one));
    }

    [Theory]
    [InlineData(true, FactorStatus.Inactive)]
    [InlineData(false, FactorStatus.Active)]
    public void What_its_owner_did_not_ask_for_is_told_and_may_lock_the_device(bool locks, FactorStatus status)
    {
        (_settings.LockWhenReported, _settings.Administrators) = (locks, ["security@example.com"]);
        var (asked, _, _) = Challenge(Device("Ines's phone"), by: By(Elsewhere, "curl", "Payroll"));

        var reported = Assert.IsType<FactorDecision.Finished>(Answer(asked, PushFactor.RequestsOf(PushData.Read(asked), _now).Single(), DeviceDecision.Report));

        Assert.Equal((FactorResult.Rejected, status), (reported.Verification.Result, reported.Factor.Status));
        Assert.Equal([LogEventTypes.PushDenied, LogEventTypes.SuspiciousActivity], reported.AlsoLogged);
        var message = Assert.IsType<ReportMessage>(reported.Message);
        Assert.Equal(["security@example.com"], message.Recipients);
        Assert.Equal(("Ines's phone", "Payroll", Elsewhere, "curl"), (message.Request.Device, message.Request.Application, message.Request.Address, message.Request.UserAgent));
        Assert.Equal(locks, PushFactor.DeviceOf(reported.Factor) is null);
    }

    [Fact]
    public void A_subscribed_device_is_sent_to_and_its_secrets_are_sealed()
    {
        var subscription = new PushSubscription("https://push.example.com/abc", "key", "secret");
        var device = Kind().Subscribe(_user.Id, Device(), subscription);
        _user = _user.With(device);

        var challenged = (FactorDecision.Answered)Kind().Verify(device, new VerifyRequest(), Context());
        var message = Assert.IsType<PushMessage>(challenged.Message);
        Assert.Equal((subscription, challenged.Verification.Transaction!.Id), (message.Subscription, message.TransactionId));
        Assert.DoesNotContain("push.example.com", Encoding.UTF8.GetString(device.Data.Span), StringComparison.Ordinal);
        Assert.Null(((FactorDecision.Answered)Kind().Verify(Kind().Subscribe(_user.Id, device, null), new VerifyRequest(), Context())).Message);
    }

    [Fact]
    public void A_user_has_so_many_devices()
    {
        _settings.MostDevices = 2;
        Device();
        Device();

        Assert.Equal(Refusal.AlreadySetUp, Assert.IsType<FactorDecision.Refused>(Kind().Enroll(new EnrollRequest(), null, Context())).Refusal);
    }

    private PushFactor Kind() => new(new PlainVault(), _settings, NoPlaces.Instance);

    private FactorContext Context(RequestContext? by = null) => new(_user, new OrganizationSettings { Name = "Example" }, _now, null) { By = by ?? By(Home) };

    private static RequestContext By(string? address, string userAgent = "Mozilla/5.0", string application = "Payroll") => new()
    {
        RequestId = "r",
        Uri = "/",
        Actor = LogSubject.System,
        IpAddress = address,
        UserAgent = userAgent,
        Application = application,
    };

    private Factor Enroll(Factor? pending = null)
    {
        var factor = Assert.IsType<FactorDecision.Becomes>(Kind().Enroll(new EnrollRequest(), pending, Context())).Factor;
        _user = _user.With(factor);
        return factor;
    }

    private string Ticket(Factor pending) => Kind().LinkOf(pending, _user.Id, Origin)!.Split("#activate=")[1];

    private Factor Device(string name = "phone")
    {
        _now = _now.AddMilliseconds(1);
        var pending = Enroll();
        var registration = Registration(pending, name);
        var bound = (FactorDecision.Becomes)Kind().Bind(pending, Kind().ActivationOf(pending, Kind().ReadTicket(registration.Ticket)!, _now)!, registration, Origin, _now);
        _user = _user.With(bound.Factor);
        return bound.Factor;
    }

    private DeviceRegistration Registration(Factor pending, string name)
    {
        var point = _key.ExportParameters(includePrivateParameters: false).Q;
        var registration = new DeviceRegistration(
            Ticket(pending), new DeviceKey(Base64Url.EncodeToString(point.X), Base64Url.EncodeToString(point.Y)), new DeviceDescription(name, "SmartPhone_Android", "ANDROID", "16"), "");
        return registration with { Signature = Sign(Statement.Register(Origin, registration.Ticket, registration.Key, registration.Device)) };
    }

    private (Factor Factor, FactorTransaction Transaction, int? Correct) Challenge(Factor factor, bool number = false, RequestContext? by = null)
    {
        _user = _user.With(factor);
        var challenged = Assert.IsType<FactorDecision.Answered>(Kind().Verify(factor, new VerifyRequest { UseNumberMatchingChallenge = number }, Context(by)));
        var transaction = challenged.Verification.Transaction!;
        _user = _user.With(challenged.Factor);
        return (challenged.Factor, transaction, PushQuestion.Read(transaction).CorrectAnswer);
    }

    private DateTimeOffset? Limited(Factor factor)
    {
        _user = _user.With(factor);
        var refused = Assert.IsType<FactorDecision.Refused>(Kind().Verify(factor, new VerifyRequest(), Context()));
        Assert.Equal(Refusal.TooManyTries, refused.Refusal);
        return refused.RetryAt;
    }

    private Factor Deny(Factor factor)
    {
        var (asked, _, _) = Challenge(factor);
        var denied = ((FactorDecision.Finished)Answer(asked, PushFactor.RequestsOf(PushData.Read(asked), _now).Single(), DeviceDecision.Deny)).Factor;
        _user = _user.With(denied);
        return denied;
    }

    private Factor Approve(Factor factor, RequestContext by)
    {
        var (asked, _, correct) = Challenge(factor, by: by);
        var approved = ((FactorDecision.Finished)Answer(asked, PushFactor.RequestsOf(PushData.Read(asked), _now).Single(), DeviceDecision.Approve, $"{correct}")).Factor;
        _user = _user.With(approved);
        return approved;
    }

    private FactorDecision Answer(Factor factor, PushRequest request, DeviceDecision decision, string number = "") => Kind().Answer(
        _user.Id, factor, new DeviceAnswer(request.TransactionId, decision, number, Sign("answer", Origin, _user.Id.Value, factor.Id.Value, request, decision.Name, number)), _now);

    private Refusal Refused(Factor factor, FactorTransaction transaction, DeviceDecision decision, string number, string signature)
        => Assert.IsType<FactorDecision.Refused>(Kind().Answer(_user.Id, factor, new DeviceAnswer(transaction.Id, decision, number, signature), _now)).Refusal;

    /// <summary>Signs texts of its own, not the server's statement.</summary>
    private string Sign(string kind, string origin, string user, string factor, PushRequest request, string decision, string number)
    {
        using var bytes = new MemoryStream();
        foreach (var text in (string[])
        [
            "countersign-authenticator/1", kind, origin, user, factor, request.TransactionId, request.CreatedAt, request.ExpiresAt, request.Application ?? "", request.Address ?? "",
            request.Place ?? "", request.UserAgent ?? "", request.Number, decision, number,
        ])
        {
            var utf8 = Encoding.UTF8.GetBytes(text);
            bytes.Write([0, 0, (byte)(utf8.Length >> 8), (byte)utf8.Length]);
            bytes.Write(utf8);
        }
        return Sign(bytes.ToArray());
    }

    private string Sign(byte[] statement) => Base64Url.EncodeToString(_key.SignData(statement, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation));

    /// <summary>Seals by turning bits around, and hashes with a key.</summary>
    private sealed class PlainVault : IVault
    {
        public byte[] Seal(ReadOnlySpan<byte> secret, string owner) => [.. secret.ToArray().Select(value => (byte)~value)];

        public int Open(ReadOnlySpan<byte> sealedSecret, string owner, Span<byte> secret)
        {
            for (var i = 0; i < sealedSecret.Length; i++) secret[i] = (byte)~sealedSecret[i];
            return sealedSecret.Length;
        }

        public string Fingerprint(ReadOnlySpan<byte> secret) => Convert.ToBase64String(HMACSHA256.HashData("key"u8, secret)[..16]);

        public bool IsOutdated(ReadOnlySpan<byte> sealedSecret) => false;
    }
}
