using Countersign.Factors.BackEnds;
using Countersign.Sealing;

namespace Countersign.Factors.Rsa;

/// <summary>An RSA SecurID token (contract 9.12): its owner's name at the back end, and passcodes of a PIN followed by the token's code.</summary>
internal sealed class RsaFactor(ITokenBackEnd? backEnd, IVault vault) : BackEndTokenFactor(backEnd, vault)
{
    public override string Provider => "RSA";
    public override string OrgFactor => "rsa_token";
    public override string IdPrefix => "rsa";
    public override int ListOrder => 110;
    public override string DisplayName => "RSA SecurID";
    public override string LogName => "RSA_TOKEN_FACTOR";
    protected override bool EnrollsWithTwo => false;
}
