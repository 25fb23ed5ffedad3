using System.Text.Json.Nodes;
using Countersign.Factors.SignedNonce;
using Countersign.Factors.Totp;
using Countersign.Organization;
using Countersign.Requests;
using Countersign.SystemLog;
using Countersign.Users;

namespace Countersign.Factors.Push;

/// <summary>
/// What devices do (docs/authenticator-protocol.md): they are bound to a pending factor, look what waits for them, answer it, and say who they are. Each proves itself by its key; a
/// device is looked up by its own user and factor, so that nothing is searched for.
/// </summary>
public sealed class PushDevices(
    IUserCommits commits, IOrganizationStore organizations, FactorKinds kinds, FactorOperations factors, FactorLimits limits, PushSettings settings, IWebPush webPush, TimeProvider clock)
    : IPushSubscriptions
{
    /// <summary>How far a device's clock may be off.</summary>
    public static readonly TimeSpan ProofLife = TimeSpan.FromMinutes(5);

    private readonly PushFactor _push = Kind<PushFactor>(kinds, "push");
    private readonly TotpFactor _totp = Kind<TotpFactor>(kinds, "token:software:totp");
    private readonly SignedNonceFactor _nonce = Kind<SignedNonceFactor>(kinds, "signed_nonce");

    /// <summary>What a ticket is for; null when it is over, was used, or is none of ours.</summary>
    public async Task<ActivationView?> FindActivationAsync(string ticketText, CancellationToken cancellationToken)
    {
        if (_push.ReadTicket(ticketText) is not { } ticket || await commits.LoadAsync(ticket.User, cancellationToken) is not { } user) return null;
        var organization = await organizations.GetAsync(cancellationToken);
        return organization.Allows(_push.OrgFactor) && user.Find(ticket.Factor) is { } factor && _push.ActivationOf(factor, ticket, clock.GetUtcNow()) is { } activation
            ? new ActivationView(organization.Name, user.Login, activation.ExpiresAt) : null;
    }

    /// <summary>
    /// Binds a device: the pending factor becomes active, with its twins. The answer shows the factor, and in <see cref="FactorOutcome.Shown.Once"/> the TOTP secret, this once. The
    /// same registration again is answered again, without the secret.
    /// </summary>
    /// <param name="registration">What the device says.</param>
    /// <param name="origin">The origin that the server is reached at.</param>
    /// <param name="by">Who asks.</param>
    /// <param name="cancellationToken">Gives up waiting; what was committed stays.</param>
    public async Task<FactorOutcome> BindAsync(DeviceRegistration registration, string origin, RequestContext by, CancellationToken cancellationToken)
    {
        if (!registration.Device.IsValid() || !registration.Key.IsValid()) return new FactorOutcome.Refused(Refusal.InvalidProfile);
        if (_push.ReadTicket(registration.Ticket) is not { } ticket) return new FactorOutcome.Refused(Refusal.LinkUsed);
        var outcome = await factors.RunAsync(ticket.User, ticket.Factor.Value, by, (step, kind, factor) =>
        {
            var (user, now) = (step.User, step.Context.Now);
            if (user.Status is UserStatus.Deprovisioned or UserStatus.Suspended) return FactorStep.Refuse(Refusal.UserStatusForbids);
            if (user.Status is UserStatus.LockedOut) return FactorStep.Refuse(Refusal.UserLocked);
            if (PushFactor.IsBoundBy(factor, ticket, registration, origin, now)) return new(new FactorOutcome.Shown(user, factor));
            if (_push.ActivationOf(factor, ticket, now) is not { } activation) return FactorStep.Refuse(Refusal.LinkUsed);
            step = step with { By = step.By with { Actor = FactorEvents.Subject(user) } };
            return _push.Bind(factor, activation, registration, origin, now) switch
            {
                FactorDecision.Becomes bound => WithCompanions(step, bound.Factor),
                var other => step.Keep(kind, other, user, factor: factor),
            };
        }, cancellationToken);
        // Whose ticket it was is not told.
        return outcome is FactorOutcome.Refused { Refusal: Refusal.UserNotFound or Refusal.FactorNotFound } ? new FactorOutcome.Refused(Refusal.LinkUsed) : outcome;
    }

    /// <summary>Takes what a person said to a request: the first answer counts, once and for all.</summary>
    public Task<FactorOutcome> AnswerAsync(UserId user, FactorId factor, DeviceAnswer answer, RequestContext by, CancellationToken cancellationToken)
        => factors.JudgeAsync(user, factor, by, (step, kind, found) => kind == _push
            ? _push.Answer(user, found, answer, step.Context.Now)
            : FactorDecision.Refuse(Refusal.FactorNotFound), cancellationToken);

    /// <summary>The device that proves to ask this, and what waits for it; or why it is not heard.</summary>
    /// <param name="proof">The proof.</param>
    /// <param name="method">The request's method.</param>
    /// <param name="path">The request's path, from <c>/countersign</c> on.</param>
    /// <param name="body">The request's body.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async Task<(DeviceView? Device, Refusal Refusal)> AuthorizeAsync(
        DeviceProof proof, string method, string path, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        if ((clock.GetUtcNow() - proof.IssuedAt).Duration() > ProofLife) return (null, Refusal.SignatureInvalid);
        if (await ViewAsync(proof.User, proof.Factor, cancellationToken) is not { } view) return (null, Refusal.FactorNotFound);
        var device = view.Device;
        return device.Key.Verify(Statement.Request(device.Origin, proof, method, path, body.Span), proof.Signature) ? (view, default) : (null, Refusal.SignatureInvalid);
    }

    /// <summary>A device and what waits for it, without a proof; null when there is no such device.</summary>
    public async Task<DeviceView?> ViewAsync(UserId userId, FactorId factorId, CancellationToken cancellationToken)
    {
        var organization = await organizations.GetAsync(cancellationToken);
        if (!organization.Allows(_push.OrgFactor) || await commits.LoadAsync(userId, cancellationToken) is not { } user || user.Find(factorId) is not { } factor
            || PushFactor.DataOf(factor) is not { Device: { } device } data) return null;
        return new DeviceView(user, factor, organization.Name, device, data.Subscription is not null, PushFactor.RequestsOf(data, clock.GetUtcNow()));
    }

    /// <summary>Renames a device, or says which version it is of now.</summary>
    public Task<FactorOutcome> DescribeAsync(DeviceView device, string? name, string? version, RequestContext by, CancellationToken cancellationToken)
        => ChangeAsync(device.User.Id, device.Factor.Id, by, (step, kind, factor) => step.Keep(kind, PushFactor.Describe(factor, name, version, step.Context.Now), step.User), cancellationToken);

    /// <summary>Removes a device's factor, and those that were enrolled with it.</summary>
    public Task<FactorOutcome> RemoveAsync(DeviceView device, RequestContext by, CancellationToken cancellationToken)
        => factors.UnenrollAsync(device.User.Id, device.Factor.Id, forgetsPhone: false, by with { Actor = FactorEvents.Subject(device.User) }, cancellationToken);

    /// <summary>Keeps where messages for a device go; null: nowhere.</summary>
    public Task<FactorOutcome> SubscribeAsync(DeviceView device, PushSubscription? subscription, RequestContext by, CancellationToken cancellationToken)
        => subscription is not null && !webPush.Accepts(subscription) ? Task.FromResult<FactorOutcome>(new FactorOutcome.Refused(Refusal.InvalidProfile))
            : ChangeAsync(device.User.Id, device.Factor.Id, by, (step, _, factor) => Kept(step, _push.Subscribe(step.User.Id, factor, subscription)), cancellationToken);

    /// <inheritdoc/>
    public Task ForgetAsync(UserId user, FactorId factor, string endpoint, CancellationToken cancellationToken)
        => commits.DecideAsync(user, (state, _) => state?.Find(factor) is { } found && PushFactor.DeviceOf(found) is not null && _push.SubscriptionOf(user, found)?.Endpoint == endpoint
            ? new Transition<bool>(true, state.With(_push.Subscribe(user, found, null)))
            : new Transition<bool>(false), cancellationToken);

    /// <summary>A change that a device makes of itself, while it still is one.</summary>
    private Task<FactorOutcome> ChangeAsync(
        UserId user, FactorId factor, RequestContext by, Func<FactorStep, FactorKind, Factor, Transition<FactorOutcome>> change, CancellationToken cancellationToken)
        => factors.RunAsync(user, factor.Value, by, (step, kind, found) => PushFactor.DeviceOf(found) is null || step.User.Status is UserStatus.Deprovisioned
            ? FactorStep.Refuse(Refusal.FactorNotFound)
            : change(step with { By = step.By with { Actor = FactorEvents.Subject(step.User) } }, kind, found), cancellationToken);

    private static Transition<FactorOutcome> Kept(FactorStep step, Factor factor)
    {
        var state = step.User.With(factor);
        return new(new FactorOutcome.Shown(state, factor), state);
    }

    /// <summary>The device's factor with those that come with it: a TOTP factor, unless the user has one, and the key as a factor of its own where that is wanted.</summary>
    private Transition<FactorOutcome> WithCompanions(FactorStep step, Factor push)
    {
        var (state, organization) = (step.User.With(push), step.Context.Organization);
        List<Factor> added = [];
        JsonObject? once = null;
        if (organization.Allows(_totp.OrgFactor) && state.Factors.Length < limits.PerUser && _totp.Twin(step.Context with { User = state }) is { } twin)
        {
            added.Add(twin.Factor);
            once = new JsonObject { ["factor"] = twin.Factor.Id.Value, ["secret"] = twin.Secret };
        }
        var data = PushData.Read(push);
        if (settings.ListDeviceKeys && state.Factors.Length + added.Count < limits.PerUser) added.Add(_nonce.New(push, data.CredentialId, data.Device!, step.Context.Now));
        push = push with { Data = (data with { Companions = [.. added.Select(factor => factor.Id.Value)] }).Write() };
        state = added.Aggregate(state.With(push), (with, factor) => with.With(factor));
        List<LogEvent> events = [.. step.Events.Change(step.User, _push, push)];
        foreach (var factor in added) events.AddRange(step.Events.Change(step.User, kinds.Of(factor), factor));
        return new(new FactorOutcome.Shown(state, push) { Once = once }, state, events);
    }

    private static T Kind<T>(FactorKinds kinds, string factorType) where T : FactorKind => (T)kinds.Find(factorType, "OKTA").Kind!;
}

/// <summary>What a ticket is for.</summary>
/// <param name="Organization">The organisation's name.</param>
/// <param name="Login">The user's login.</param>
/// <param name="ExpiresAt">When it ends.</param>
public sealed record ActivationView(string Organization, string Login, DateTimeOffset ExpiresAt);

/// <summary>A device and what waits for it.</summary>
/// <param name="User">Whose it is.</param>
/// <param name="Factor">Its factor.</param>
/// <param name="Organization">The organisation's name.</param>
/// <param name="Device">The device itself.</param>
/// <param name="IsSubscribed">Whether messages can be sent to it.</param>
/// <param name="Requests">What waits, oldest first.</param>
public sealed record DeviceView(UserState User, Factor Factor, string Organization, BoundDevice Device, bool IsSubscribed, IReadOnlyList<PushRequest> Requests);
