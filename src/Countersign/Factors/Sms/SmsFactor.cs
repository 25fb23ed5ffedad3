using Countersign.Factors.Codes;
using Countersign.Outbox;
using Countersign.Sealing;
using Countersign.SendLimits;

namespace Countersign.Factors.Sms;

/// <summary>Codes by SMS (contract 9.3).</summary>
internal sealed class SmsFactor(IVault vault, CodeSettings settings, SendGuard guard) : PhoneFactor(vault, settings, guard)
{
    public override string FactorType => "sms";
    public override string OrgFactor => "okta_sms";
    public override string IdPrefix => "sms";
    public override int ListOrder => 40;
    public override string DisplayName => "SMS";
    public override string LogName => "SMS_FACTOR";

    protected override Channel Channel => Channel.Sms;
    protected override Refusal OtherNumber => Refusal.VerifiedPhoneExists;
}
