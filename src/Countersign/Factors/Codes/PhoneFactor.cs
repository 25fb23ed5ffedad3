using System.Text.Json.Nodes;
using Countersign.PhoneNumbers;
using Countersign.Sealing;
using Countersign.SendLimits;
using Countersign.Users;

namespace Countersign.Factors.Codes;

/// <summary>What SMS and calls share: the number (contract 9.3).</summary>
internal abstract class PhoneFactor(IVault vault, CodeSettings settings, SendGuard guard) : CodeFactor(vault, settings)
{
    private const int LongestInput = 100;

    private readonly TimeSpan _lifetime = settings.PhoneLifetime;

    /// <summary>The refusal when another number is known.</summary>
    protected abstract Refusal OtherNumber { get; }

    /// <summary>Reads what else the profile says into the data; a refusal when it cannot.</summary>
    protected virtual Refusal? ReadProfile(JsonObject? profile, CodeData data) => null;

    protected override TimeSpan? LifetimeOf(MessageRequest request) => _lifetime;

    protected override JsonObject Profile(CodeData data) => new() { ["phoneNumber"] = data.Phone };

    public override FactorDecision Enroll(EnrollRequest request, Factor? pending, in FactorContext context)
    {
        if (!request.Profile.TryReadText("phoneNumber", 0, LongestInput, out var given)) return FactorDecision.Refuse(Refusal.InvalidPhoneNumber);
        var known = context.User.KnownPhone;
        if (string.IsNullOrWhiteSpace(given) && (given = known) is null) return FactorDecision.Refuse(Refusal.NoPhoneNumber);
        // The first number that is read loads the world's numbering plans, which is not for a transaction.
        if (context.Answer is not ReadNumber read || read.Given != given) return new FactorDecision.Ask(new ReadNumber(given, null));
        if (read.Number is not { } number) return FactorDecision.Refuse(Refusal.InvalidPhoneNumber);
        if (guard.Refuses(number) is { } refusal) return FactorDecision.Refuse(refusal);
        if (known is not null && known != number.Value && !(request.UpdatePhone && !IsInUse(context.User, known))) return FactorDecision.Refuse(OtherNumber);
        var data = new CodeData { Phone = number.Value, Country = number.Country };
        return ReadProfile(request.Profile, data) is { } wrong ? FactorDecision.Refuse(wrong) : Enroll(data, request, pending, context.Now);
    }

    public override ValueTask<object?> AskAsync(object question, CancellationToken cancellationToken)
        => new((object)((ReadNumber)question with { Number = PhoneNumber.Parse(((ReadNumber)question).Given) }));

    public override UserState Remember(UserState user, Factor factor) => user with { KnownPhone = CodeData.Read(factor).Phone };

    public override string? PhoneOf(Factor factor) => CodeData.Read(factor).Phone;

    private static bool IsInUse(UserState user, string number)
    {
        foreach (var factor in user.Factors)
            if (factor.FactorType is "sms" or "call" && factor.Status != FactorStatus.PendingActivation && CodeData.Read(factor).Phone == number) return true;
        return false;
    }

    private sealed record ReadNumber(string Given, PhoneNumber? Number);
}
