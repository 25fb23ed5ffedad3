using System.Text;
using Countersign.Factors.BackEnds;

namespace Countersign.Delivery.SymantecVip;

/// <summary>What the service's reason codes mean (VIP Web Services Developer's Guide, error codes). Pure.</summary>
internal static class VipReasons
{
    /// <summary>The answer that a reason code gives.</summary>
    /// <param name="reason">Four hexadecimal digits, upper case.</param>
    /// <param name="codes">The codes that were asked about.</param>
    public static TokenAnswer Meaning(string reason, ReadOnlySpan<string> codes) => reason switch
    {
        "0000" => new TokenAnswer.Accepted(),
        // Right, but so far from what was expected that the code after it is wanted as well.
        "4923" when codes.Length == 1 => new TokenAnswer.Challenged(Encoding.UTF8.GetBytes(codes[0]), "Enter the next code that the credential shows"),
        "4923" => new TokenAnswer.Rejected(),
        // The code is wrong.
        "49B5" => new TokenAnswer.Rejected(),
        // The credential's state: new, inactive, disabled, locked. Nobody is told which, or that the code would have been right.
        ['4', '9', '9', _] => new TokenAnswer.Rejected(),
        // 4E..: the request, our account or the credential is not the service's; 48..: the service is not to be had. All else is as little an answer.
        _ => new TokenAnswer.Refused(),
    };
}
