using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Countersign.Factors.Transactions;
using Countersign.Links;
using Countersign.Organization;
using Countersign.Outbox;
using Countersign.Places;
using Countersign.Sealing;
using Countersign.SystemLog;
using Countersign.Users;

namespace Countersign.Factors.Push;

/// <summary>
/// Push (contract 9.6): the user's device is shown who asks, from where, and signs what the user says to it. What the device itself does comes by <see cref="PushDevices"/>;
/// what becomes of it is decided here.
/// </summary>
internal sealed class PushFactor(IVault vault, PushSettings settings, IPlaces places) : OutOfBandFactor
{
    /// <summary>The first characters of its factors' ids.</summary>
    public const string Prefix = "opf";

    private const string ActivationPurpose = "push/activation", QrPurpose = "push/qr";
    private const int LeastNumber = 10, NumbersEnd = 100, Choices = 3;
    private const int LongestShown = 200;
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    public override string FactorType => "push";
    public override string Provider => "OKTA";
    public override string OrgFactor => "okta_push";
    public override string IdPrefix => Prefix;
    public override int ListOrder => 60;
    public override string DisplayName => "Countersign Authenticator";
    public override string LogName => "OKTA_VERIFY_PUSH";
    public override bool AllowsSeveral => settings.MostDevices > 1;

    protected override TimeSpan ActivationLife => TimeSpan.FromMinutes(10);
    protected override TimeSpan ChallengeLife => settings.RequestLifetime;

    public override FactorDecision Enroll(EnrollRequest request, Factor? pending, in FactorContext context)
    {
        if (context.User.Factors.Count(factor => factor.FactorType == FactorType && factor.Status != FactorStatus.PendingActivation) >= settings.MostDevices)
            return FactorDecision.Refuse(Refusal.AlreadySetUp);
        return Enroll(new PushData { CredentialId = context.User.Login }, pending, context);
    }

    public override FactorDecision Verify(Factor factor, VerifyRequest request, in FactorContext context)
        // A passcode is the TOTP twin's; whoever sends one does not want the user asked.
        => string.IsNullOrEmpty(request.PassCode) ? base.Verify(factor, request, context) : FactorDecision.Refuse(Refusal.Unsupported);

    public override IReadOnlyList<FactorId> CompanionsOf(Factor factor) => [.. PushData.Read(factor).Companions.Select(id => new FactorId(id))];

    /// <summary>The ticket of an activation link; null when it is none of ours.</summary>
    public TransactionTicket? ReadTicket(string text) => TransactionTicket.Read(text, ActivationPurpose, Prefix, vault);

    /// <summary>The open activation that a ticket is of; null when it is over, or was used.</summary>
    public FactorTransaction? ActivationOf(Factor factor, TransactionTicket ticket, DateTimeOffset now)
        => factor.Status == FactorStatus.PendingActivation ? FindOpen(factor, ticket.Transaction, now) : null;

    /// <summary>The link that binds a device to a pending factor; null when its activation is over.</summary>
    public string? LinkOf(Factor factor, UserId user, string baseUrl)
        => factor.Status == FactorStatus.PendingActivation && PushData.Read(factor).Activation is { Result: FactorResult.Waiting } activation
            ? $"{baseUrl}/authenticator/#activate={new TransactionTicket(user, factor.Id, activation.Id).Write(ActivationPurpose, vault)}" : null;

    /// <summary>Sends the link to a phone that shall be bound. An activation that is over begins again, as by a poll.</summary>
    public FactorDecision SendLink(Factor factor, LinkRequest request, string recipient, string? country, in FactorContext context)
    {
        if (factor.Status != FactorStatus.PendingActivation) return FactorDecision.Refuse(Refusal.NotInExpectedState);
        var (kept, state) = Activate(factor, new VerifyRequest(), context) switch
        {
            FactorDecision.Answered again => (again.Factor, again.Verification),
            FactorDecision.Told told => (told.Factor, told.Verification),
            var other => throw new InvalidOperationException($"{other.GetType().Name} is not how an activation stands"),
        };
        // Its time is over, and that is told first (contract 9.6).
        if (LinkOf(kept, context.User.Id, request.BaseUrl) is not { } link) return new FactorDecision.Answered(kept, state);
        var message = new LinkMessage(request.Channel, recipient, country, link, PushData.Read(kept).Activation!.ExpiresAt - context.Now, request.Message);
        return new FactorDecision.Answered(kept, state, message);
    }

    /// <summary>Decides on a device that is to be bound.</summary>
    public FactorDecision Bind(Factor factor, FactorTransaction activation, DeviceRegistration registration, string origin, DateTimeOffset now)
    {
        if (!IsProof(registration, origin)) return new FactorDecision.Refused(Refusal.SignatureInvalid, Counts: true, "the registration's signature is not of its key, or not over it");
        var data = PushData.Read(factor) with
        {
            Device = new BoundDevice(registration.Device, registration.Key, origin, activation.Id, activation.Expires),
        };
        return End(factor with { Data = data.Write() }, activation, FactorResult.Success, now);
    }

    /// <summary>Whether the device that is bound already says again what it was bound by: the answer was lost on its way.</summary>
    public static bool IsBoundBy(Factor factor, TransactionTicket ticket, DeviceRegistration registration, string origin, DateTimeOffset now)
        => factor.Status == FactorStatus.Active && PushData.Read(factor).Device is { } device && device.Ticket == ticket.Transaction
            && now < DateTimeOffset.FromUnixTimeMilliseconds(device.TicketExpires) && device.Key == registration.Key && device.Origin == origin && IsProof(registration, origin);

    /// <summary>The device of a factor that may be used; null for none.</summary>
    public static BoundDevice? DeviceOf(Factor factor) => DataOf(factor)?.Device;

    /// <summary>The state of a factor whose device may be used; null for any other.</summary>
    public static PushData? DataOf(Factor factor) => factor.FactorType == "push" && factor.Status == FactorStatus.Active ? PushData.Read(factor) : null;

    /// <summary>What waits for the device, oldest first.</summary>
    public static IReadOnlyList<PushRequest> RequestsOf(PushData data, DateTimeOffset now)
        => [.. data.Transactions.Where(transaction => transaction.IsOpen(now)).Select(Request).OrderBy(request => request.CreatedAt, StringComparer.Ordinal)];

    /// <summary>Decides on what the user said to a request.</summary>
    public FactorDecision Answer(UserId user, Factor factor, DeviceAnswer answer, DateTimeOffset now)
    {
        if (DataOf(factor) is not { Device: { } device } data) return FactorDecision.Refuse(Refusal.FactorNotFound);
        if (data.Transactions.Find(answer.TransactionId, now) is not { } transaction) return FactorDecision.Refuse(Refusal.TransactionNotFound);
        if (!transaction.IsOpen(now)) return new FactorDecision.Refused(Refusal.NotInExpectedState, Counts: true, "the request was over before");
        var statement = Statement.Answer(device.Origin, user.Value, factor.Id.Value, Request(transaction), answer.Decision.Name, answer.Number);
        if (!device.Key.Verify(statement, answer.Signature))
            return new FactorDecision.Refused(Refusal.SignatureInvalid, Counts: true, "the signature is not the device's, or not over this request");
        var question = PushQuestion.Read(transaction);
        if (answer.Decision != DeviceDecision.Approve) return End(factor, data with { Denied = now.ToUnixTimeSeconds() }, transaction, FactorResult.Rejected, now, answer.Decision == DeviceDecision.Report);
        if (question.CorrectAnswer is { } correct && answer.Number != correct.ToString(CultureInfo.InvariantCulture))
        {
            // One guess, or three numbers were two guesses too many.
            var ended = End(factor, data with { Denied = now.ToUnixTimeSeconds() }, transaction, FactorResult.Rejected, now);
            return new FactorDecision.Refused(Refusal.WrongPasscode, Counts: true, "the number is not the one that was shown") { Factor = ended.Factor };
        }
        return End(factor, data.Approved(question.Address), transaction, FactorResult.Success, now);
    }

    /// <summary>Decides on what else a device says of itself.</summary>
    public static FactorDecision Describe(Factor factor, string? name, string? version, DateTimeOffset now)
    {
        var data = PushData.Read(factor);
        var device = data.Device!;
        if ((name is not null && !DeviceDescription.IsName(name)) || (version is not null && !DeviceDescription.IsVersion(version))) return FactorDecision.Refuse(Refusal.InvalidProfile);
        var described = device.Description with { Name = name ?? device.Description.Name, Version = version ?? device.Description.Version };
        return new FactorDecision.Becomes(factor with { LastUpdated = now.ToWholeSeconds(), Data = (data with { Device = device with { Description = described } }).Write() });
    }

    /// <summary>The factor with this subscription in the place of an earlier one; null: with none.</summary>
    public Factor Subscribe(UserId user, Factor factor, PushSubscription? subscription) => factor with
    {
        Data = (PushData.Read(factor) with
        {
            Subscription = subscription is null ? null : new SealedSubscription(
                vault.Seal(Encoding.UTF8.GetBytes(subscription.Endpoint), user, factor.Id), subscription.P256dh, vault.Seal(Encoding.UTF8.GetBytes(subscription.Auth), user, factor.Id)),
        }).Write(),
    };

    /// <summary>Where messages for the device go; null: nowhere.</summary>
    public PushSubscription? SubscriptionOf(UserId user, Factor factor) => PushData.Read(factor).Subscription is { } kept
        ? new PushSubscription(Open(kept.Endpoint, user, factor.Id), kept.P256dh, Open(kept.Auth, user, factor.Id)) : null;

    public override FactorView View(Factor factor, OrganizationSettings organization, UserUrls urls)
    {
        var data = PushData.Read(factor);
        if (factor.Status != FactorStatus.PendingActivation)
        {
            var profile = Whole(data);
            if (data.Device is { } device) profile["keys"] = new JsonArray(KeyOf(device.Key));
            return new FactorView { Profile = profile };
        }
        return new FactorView { IsPolled = true, Activation = data.Activation is { } activation ? Shown(factor, activation, urls) : null };
    }

    public override JsonObject? ViewTransaction(Factor factor, FactorTransaction transaction, UserUrls urls)
        => PushQuestion.Read(transaction).CorrectAnswer is { } correct ? new JsonObject { ["challenge"] = new JsonObject { ["correctAnswer"] = correct } } : null;

    public override string? QrContent(Factor factor, string token, UserState user, OrganizationSettings organization, UserUrls urls)
        => LinkOf(factor, user.Id, urls.BaseUrl) is { } link
            && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(QrToken(factor, PushData.Read(factor).Activation!, user.Id)), Encoding.UTF8.GetBytes(token)) ? link : null;

    protected override FactorMessage? Announce(UserId user, Factor factor, FactorTransaction transaction, DateTimeOffset now)
        => SubscriptionOf(user, factor) is { } subscription ? new PushMessage(subscription, transaction.Id, transaction.ExpiresAt - now) : null;

    protected override OutOfBandData Read(Factor factor) => PushData.Read(factor);

    protected override byte[] Write(OutOfBandData data) => ((PushData)data).Write();

    protected override JsonObject Profile(OutOfBandData data) => new() { ["credentialId"] = ((PushData)data).CredentialId };

    protected override JsonObject ChallengeProfile(OutOfBandData data) => Whole((PushData)data);

    protected override FactorDecision? Begin(ref OutOfBandData data, VerifyRequest? challenge, in FactorContext context, out JsonObject? own)
    {
        own = null;
        if (challenge is null) return null;
        var now = context.Now;
        var history = PushHistory.Of(context.User, now);
        if (history.OpenUntil.Count >= settings.MostOpen) return Limited(history.OpenUntil.Min());
        if (history.Asked.Count >= settings.MostPerHour) return Limited(DateTimeOffset.FromUnixTimeSeconds(history.Asked.Min()) + Hour);
        var push = (PushData)data;
        var address = Bounded(context.By?.IpAddress);
        var entry = AsksForNumber(challenge, history, address) ? settings.NumberEntry : PushQuestion.NoNumber;
        int? correct = entry == PushQuestion.NoNumber ? null : RandomNumberGenerator.GetInt32(LeastNumber, NumbersEnd);
        own = new PushQuestion(
            now.ToUnixTimeMilliseconds(), Bounded(context.By?.Application), address, address is null ? null : Bounded(places.PlaceOf(address)), Bounded(context.By?.UserAgent),
            entry, correct, entry == PushSettings.Choice ? ChoicesAround(correct!.Value) : null).Write();
        data = push with { Asked = [.. push.Asked.Where(at => at > (now - Hour).ToUnixTimeSeconds()), now.ToUnixTimeSeconds()] };
        return null;
    }

    private bool AsksForNumber(VerifyRequest challenge, PushHistory history, string? address) => challenge.UseNumberMatchingChallenge || settings.NumberMatching switch
    {
        PushSettings.Always => true,
        PushSettings.AtRisk => history.Denied || (address is not null && history.Addresses.Count > 0 && !history.Addresses.Contains(address)),
        _ => false,
    };

    private FactorDecision.Finished End(Factor factor, PushData data, FactorTransaction transaction, FactorResult result, DateTimeOffset now, bool reported = false)
    {
        var ended = (FactorDecision.Finished)End(factor with { Data = data.Write() }, transaction, result, now);
        if (result == FactorResult.Success) return ended with { AlsoLogged = [LogEventTypes.PushApproved] };
        if (!reported) return ended with { AlsoLogged = [LogEventTypes.PushDenied] };
        var question = PushQuestion.Read(transaction);
        var request = new ReportedRequest(DateTimeOffset.FromUnixTimeMilliseconds(question.Created), data.Device?.Description.Name, question.Application, question.Address, question.Place, question.UserAgent);
        ended = ended with { AlsoLogged = [LogEventTypes.PushDenied, LogEventTypes.SuspiciousActivity], Message = new ReportMessage(settings.Administrators, request) };
        return settings.LockWhenReported ? ended with { Factor = ended.Factor with { Status = FactorStatus.Inactive, LastUpdated = now.ToWholeSeconds() } } : ended;
    }

    private static FactorDecision.Refused Limited(DateTimeOffset until) => new(Refusal.TooManyTries, Counts: false) { RetryAt = until };

    private static PushRequest Request(FactorTransaction transaction)
    {
        var question = PushQuestion.Read(transaction);
        return new PushRequest
        {
            TransactionId = transaction.Id,
            CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(question.Created).ToTimestamp(),
            ExpiresAt = transaction.ExpiresAt.ToTimestamp(),
            Expires = transaction.ExpiresAt,
            Application = question.Application,
            Address = question.Address,
            Place = question.Place,
            UserAgent = question.UserAgent,
            Number = question.Entry,
            Choices = question.Choices,
        };
    }

    private static bool IsProof(DeviceRegistration registration, string origin)
        => registration.Key.Verify(Statement.Register(origin, registration.Ticket, registration.Key, registration.Device), registration.Signature);

    private static JsonObject Whole(PushData data)
    {
        var profile = new JsonObject { ["credentialId"] = data.CredentialId };
        if (data.Device is not { } device) return profile;
        profile["deviceType"] = device.Description.DeviceType;
        profile["name"] = device.Description.Name;
        profile["platform"] = device.Description.Platform;
        profile["version"] = device.Description.Version;
        return profile;
    }

    /// <summary>A device's key as profiles show it (contract 9.6, 9.7).</summary>
    public static JsonObject KeyOf(DeviceKey key)
        => new() { ["kty"] = "EC", ["crv"] = "P-256", ["x"] = key.X, ["y"] = key.Y, ["use"] = "sig", ["kid"] = "default" };

    private JsonObject Shown(Factor factor, FactorTransaction activation, UserUrls urls)
    {
        var shown = new JsonObject();
        if (activation.Result == FactorResult.Waiting) shown["expiresAt"] = activation.ExpiresAt.ToTimestamp();
        shown["factorResult"] = activation.Result.Name;
        if (activation.Result != FactorResult.Waiting) return shown;
        var self = urls.Factor(factor.Id.Value);
        shown["_links"] = new JsonObject
        {
            ["send"] = new JsonArray(Send("email"), Send("sms")),
            ["qrcode"] = Hal.Image($"{self}/qr/{QrToken(factor, activation, new UserId(urls.UserId))}"),
        };
        return shown;

        JsonObject Send(string name)
        {
            var link = Hal.Link($"{self}/lifecycle/activate/{name}", "POST");
            link.Insert(0, "name", name);
            return link;
        }
    }

    private string QrToken(Factor factor, FactorTransaction activation, UserId user) => new TransactionTicket(user, factor.Id, activation.Id).Hash(QrPurpose, vault);

    private string Open(SealedSecret secret, UserId user, FactorId factor)
    {
        var buffer = new byte[secret.Bytes.Length];
        return Encoding.UTF8.GetString(vault.Open(secret, user, factor, buffer));
    }

    private static ImmutableArray<int> ChoicesAround(int correct)
    {
        var numbers = new HashSet<int> { correct };
        while (numbers.Count < Choices) numbers.Add(RandomNumberGenerator.GetInt32(LeastNumber, NumbersEnd));
        var shuffled = numbers.ToArray();
        RandomNumberGenerator.Shuffle(shuffled.AsSpan());
        return [.. shuffled];
    }

    // What is signed must be what was written: half a surrogate pair cannot be.
    private static string? Bounded(string? text)
    {
        if (string.IsNullOrWhiteSpace(text)) return null;
        var kept = new StringBuilder(Math.Min(text.Length, LongestShown));
        foreach (var rune in text.EnumerateRunes())
        {
            if (kept.Length + rune.Utf16SequenceLength > LongestShown) break;
            kept.Append(Rune.IsControl(rune) ? new Rune(' ') : rune);
        }
        return kept.ToString();
    }
}

/// <summary>What all of a user's devices were asked lately, and answered: bounds and risks are the user's.</summary>
/// <param name="OpenUntil">The ends of the requests that wait.</param>
/// <param name="Asked">When the user was asked in the last hour; Unix seconds.</param>
/// <param name="Denied">Whether the last answer on any device was a denial, in the last day.</param>
/// <param name="Addresses">The addresses that the user approved something from.</param>
internal sealed record PushHistory(List<DateTimeOffset> OpenUntil, List<long> Asked, bool Denied, HashSet<string> Addresses)
{
    // In seconds. Not for ever: an application that shows no number could never have an approval again.
    private const long DenialCounts = 24 * 60 * 60;

    /// <summary>Gathers it.</summary>
    public static PushHistory Of(UserState user, DateTimeOffset now)
    {
        var (open, asked, denied, addresses) = (new List<DateTimeOffset>(), new List<long>(), false, new HashSet<string>(StringComparer.Ordinal));
        var since = now.ToUnixTimeSeconds() - 3_600;
        foreach (var factor in user.Factors)
        {
            if (factor.FactorType != "push") continue;
            var data = PushData.Read(factor);
            foreach (var transaction in data.Transactions)
                if (transaction.IsOpen(now)) open.Add(transaction.ExpiresAt);
            asked.AddRange(data.Asked.Where(at => at > since));
            denied |= data.Denied > now.ToUnixTimeSeconds() - DenialCounts;
            addresses.UnionWith(data.Addresses);
        }
        return new PushHistory(open, asked, denied, addresses);
    }
}
