using System.Collections.Immutable;
using System.Security.Cryptography;
using Countersign.Attempts;
using Countersign.Factors;
using Countersign.Factors.Otp;
using Countersign.Links;
using Countersign.Organization;
using Countersign.SystemLog;
using Countersign.Users;

namespace Countersign.Server.FirstSteps;

/// <summary>
/// A user with a software TOTP factor whose passcodes the server tells, so that a verification can be tried before anything is installed. It is made once;
/// every later start finds it again.
/// </summary>
internal sealed class DemoUser(IUserStore users, IUserCommits commits, IOrganizationStore organizations, FactorKinds kinds, OtpLimits limits, TimeProvider clock)
{
    public const string Login = "demo@countersign.invalid";
    private const int Digits = 6, SecondsPerStep = 30, FurthestStep = 40;

    /// <summary>A passcode that will be accepted, once. Null when the organisation has switched the demo user's kind of factor off, or somebody deletes the user meanwhile.</summary>
    public async Task<DemoPasscode?> NextPasscodeAsync(CancellationToken cancellationToken)
    {
        var organization = await organizations.GetAsync(cancellationToken);
        var (kind, _) = kinds.Find("token:software:totp", "GOOGLE");
        if (kind is null || !organization.Allows(kind.OrgFactor)) return null;
        return await commits.DecideAsync(await FindOrAddAsync(cancellationToken), (user, now) => user is null
            ? new Transition<DemoPasscode?>(null)
            : Decide(kind, new FactorContext(Usable(user, now), organization, now, null)), cancellationToken);
    }

    /// <summary>Finds an unused passcode of the factor that is there, or puts a new factor in its place.</summary>
    private Transition<DemoPasscode?> Decide(FactorKind kind, in FactorContext context)
    {
        var state = context.User;
        if (state.Factors.FirstOrDefault(factor => factor.FactorType == kind.FactorType && factor.Provider == kind.Provider) is { } old)
        {
            if (old.Status == FactorStatus.Active && Unused(kind, old, context) is { } unused) return new(unused, state);
            state = state.Unenroll(old, kind, context.Now);
        }
        var enrolled = Become(kind.Enroll(new EnrollRequest { FactorType = kind.FactorType, Provider = kind.Provider }, null, context with { User = state }));
        var first = new VerifyRequest { PassCode = Passcode(Secret(kind, enrolled, context), ClockStep(context.Now)) };
        var active = Become(kind.Activate(enrolled, first, context with { User = state }));
        var made = new LogEvent { EventType = LogEventTypes.FactorActivate, Actor = LogSubject.System, Targets = [Subject(state.Id)], Factor = kind.LogName };
        return new(Unused(kind, active, context), state.With(active), made);
    }

    /// <summary>The passcode furthest ahead that the kind would accept now: it lives longest. To ask is a decision that nobody commits.</summary>
    private DemoPasscode? Unused(FactorKind kind, Factor factor, in FactorContext context)
    {
        var secret = Secret(kind, factor, context);
        for (var step = ClockStep(context.Now) + FurthestStep; step > ClockStep(context.Now) - FurthestStep; step--)
        {
            var passcode = Passcode(secret, step);
            if (kind.Verify(factor, new VerifyRequest { PassCode = passcode }, context) is FactorDecision.Answered)
                return new DemoPasscode(context.User.Id, factor.Id, passcode, secret, DateTimeOffset.FromUnixTimeSeconds((step + limits.TotpTolerance + 1) * SecondsPerStep));
        }
        return null;
    }

    /// <summary>The shared secret in base32: what a factor shows while it is pending.</summary>
    private static string Secret(FactorKind kind, Factor factor, in FactorContext context)
        => (string)kind.View(factor with { Status = FactorStatus.PendingActivation }, context.Organization, new UserUrls("", context.User.Id.Value)).Activation!["sharedSecret"]!;

    private static string Passcode(string base32, long step)
    {
        if (!Base32.TryDecode(base32, out var secret)) throw new FormatException("The demo user's secret is not base32");
        using var generator = new OtpGenerator(secret, Digits, OtpAlgorithm.Sha1);
        CryptographicOperations.ZeroMemory(secret);
        return generator.Passcode(step);
    }

    private static long ClockStep(DateTimeOffset now) => TimeWindow.StepAt(now, SecondsPerStep);

    private static Factor Become(FactorDecision decision) => ((FactorDecision.Becomes)decision).Factor;

    /// <summary>The state in which a verification is possible: wrong tries of the last run may have locked the user.</summary>
    private static UserState Usable(UserState user, DateTimeOffset now) => user.Status switch
    {
        UserStatus.Active => user,
        UserStatus.LockedOut => AttemptRules.Unlock(user, now),
        _ => user.MoveTo(UserStatus.Active, now.ToWholeSeconds()),
    };

    private async Task<UserId> FindOrAddAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow().ToWholeSeconds();
        while (true)
        {
            if (await commits.FindByLoginAsync(Login, cancellationToken) is { } found) return found;
            var id = UserId.New(now);
            var user = new User
            {
                Id = id,
                Created = now,
                Activated = now,
                LastUpdated = now,
                Profile = ImmutableSortedDictionary.CreateRange(StringComparer.Ordinal, new Dictionary<string, string>
                {
                    ["login"] = Login,
                    ["email"] = Login,
                    ["firstName"] = "Demo",
                    ["lastName"] = "User",
                }),
            };
            var state = new UserState { Id = id, Version = 1, Status = UserStatus.Active, StatusChanged = now, Login = Login, DisplayName = "Demo User" };
            await users.AddAsync(user, state, [new LogEvent { EventType = LogEventTypes.UserCreate, Actor = LogSubject.System, Targets = [Subject(id)] }], cancellationToken);
        }
    }

    private static LogSubject Subject(UserId id) => new(id.Value, "User", Login, "Demo User");
}

/// <summary>A passcode of the demo user.</summary>
/// <param name="User">The demo user.</param>
/// <param name="Factor">Its factor.</param>
/// <param name="Passcode">Six digits, not used yet.</param>
/// <param name="Secret">The factor's secret in base32, for an authenticator app.</param>
/// <param name="Until">From when the passcode is no longer accepted.</param>
internal sealed record DemoPasscode(UserId User, FactorId Factor, string Passcode, string Secret, DateTimeOffset Until);
