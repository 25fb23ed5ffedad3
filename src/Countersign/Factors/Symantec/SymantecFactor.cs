using Countersign.Factors.BackEnds;
using Countersign.Sealing;

namespace Countersign.Factors.Symantec;

/// <summary>A Symantec VIP credential (contract 9.12): its id, for example <c>VSMT14393584</c>, and its codes; two consecutive ones when it is enrolled.</summary>
internal sealed class SymantecFactor(ITokenBackEnd? backEnd, IVault vault) : BackEndTokenFactor(backEnd, vault)
{
    public override string Provider => "SYMANTEC";
    public override string OrgFactor => "symantec_vip";
    public override string IdPrefix => "ufv";
    public override int ListOrder => 120;
    public override string DisplayName => "Symantec VIP";
    public override string LogName => "SYMANTEC_VIP_FACTOR";
    protected override bool EnrollsWithTwo => true;
}
