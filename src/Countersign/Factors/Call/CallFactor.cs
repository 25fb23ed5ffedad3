using System.Text.Json.Nodes;
using Countersign.Factors.Codes;
using Countersign.Outbox;
using Countersign.Sealing;
using Countersign.SendLimits;

namespace Countersign.Factors.Call;

/// <summary>Codes by voice call (contract 9.4).</summary>
internal sealed class CallFactor(IVault vault, CodeSettings settings, SendGuard guard) : PhoneFactor(vault, settings, guard)
{
    private const int LongestExtension = 15;

    public override string FactorType => "call";
    public override string OrgFactor => "okta_call";
    public override string IdPrefix => "clf";
    public override int ListOrder => 50;
    public override string DisplayName => "Voice Call";
    public override string LogName => "CALL_FACTOR";

    protected override Channel Channel => Channel.Call;
    protected override Refusal OtherNumber => Refusal.AlreadySetUp;

    /// <summary>Digits and what telephones dial besides: pauses, star and hash.</summary>
    protected override Refusal? ReadProfile(JsonObject? profile, CodeData data)
    {
        if (!profile.TryReadText("phoneExtension", 0, LongestExtension, out var extension)
            || extension?.All(character => char.IsAsciiDigit(character) || character is ',' or '*' or '#') == false) return Refusal.InvalidPhoneExtension;
        data.Extension = string.IsNullOrEmpty(extension) ? null : extension;
        return null;
    }

    protected override JsonObject Profile(CodeData data)
    {
        var profile = base.Profile(data);
        if (data.Extension is not null) profile["phoneExtension"] = data.Extension;
        return profile;
    }
}
