using System.Text.Json.Nodes;
using Countersign.Factors.Codes;
using Countersign.Outbox;
using Countersign.Sealing;
using Countersign.SystemLog;
using Countersign.Users;

namespace Countersign.Factors.Email;

/// <summary>Codes by e-mail to a verified address of the user's (contract 9.5).</summary>
internal sealed class EmailFactor(IVault vault, CodeSettings settings, IUserStore users) : CodeFactor(vault, settings)
{
    private const int LongestAddress = 100;

    private readonly TimeSpan _lifetime = settings.EmailLifetime;

    public override string FactorType => "email";
    public override string OrgFactor => "okta_email";
    public override string IdPrefix => "emf";
    public override int ListOrder => 10;
    public override string DisplayName => "Email";
    public override string LogName => "EMAIL_FACTOR";
    public override string? RedeemEvent => LogEventTypes.EmailRedeemed;

    protected override Channel Channel => Channel.Email;

    protected override TimeSpan? LifetimeOf(MessageRequest request) => request.TokenLifetimeSeconds switch
    {
        null => _lifetime,
        >= CodeSettings.LeastLifetimeSeconds and <= CodeSettings.MostLifetimeSeconds and var seconds => TimeSpan.FromSeconds(seconds),
        _ => null,
    };

    protected override JsonObject Profile(CodeData data) => new() { ["email"] = data.Email };

    protected override JsonObject? ChallengeProfile(CodeData data) => null;

    public override FactorDecision Enroll(EnrollRequest request, Factor? pending, in FactorContext context)
    {
        if (!request.Profile.TryReadText("email", 0, LongestAddress, out var given)) return FactorDecision.Refuse(Refusal.EmailNotVerified);
        // The addresses are in the profile, which verifications do not read.
        if (context.Answer is not Addresses addresses) return new FactorDecision.Ask(context.User.Id);
        var wanted = string.IsNullOrWhiteSpace(given) ? null : given.Trim();
        var address = addresses.Verified.FirstOrDefault(verified => wanted is null || verified.Equals(wanted, StringComparison.OrdinalIgnoreCase));
        return address is null ? FactorDecision.Refuse(Refusal.EmailNotVerified) : Enroll(new CodeData { Email = address }, request, pending, context.Now);
    }

    public override async ValueTask<object?> AskAsync(object question, CancellationToken cancellationToken)
        => new Addresses(await users.FindAsync((UserId)question, cancellationToken) is { User: var user } ? [.. user.Emails] : []);

    private sealed record Addresses(IReadOnlyList<string> Verified);
}
