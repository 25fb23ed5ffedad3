using System.Globalization;
using System.Numerics;

namespace Countersign.Delivery.Smpp;

/// <summary>
/// The forms of a message's id. The id is opaque (SMPP v3.4 §5.2.23), but the text of a receipt has it as ten decimal digits (Appendix B), so that some servers write the
/// same number in hexadecimal in the one place and in decimal in the other.
/// </summary>
internal static class MessageIdForms
{
    public const string Same = "same";
    public const string HexToDecimal = "hexToDecimal";

    /// <summary>The reference under which a message is kept: the id of a submit_sm_resp.</summary>
    public static string? Reference(string? responseId, string form)
        => responseId is not null && form == HexToDecimal && BigInteger.TryParse("0" + responseId, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var number)
            ? number.ToString(CultureInfo.InvariantCulture)
            : responseId;

    /// <summary>
    /// The references that a receipt may mean, the likeliest first: the parameter is by definition what the response said (§5.3.2.12), the text may be in the other form.
    /// </summary>
    public static IEnumerable<string> References(DeliveryReceipt receipt, string form)
        => ((IEnumerable<string?>)(form == HexToDecimal
            ? [WithoutZeros(receipt.TextId), Reference(receipt.ParameterId, form)]
            : [receipt.ParameterId, receipt.TextId])).OfType<string>().Distinct();

    private static string? WithoutZeros(string? id)
        => id is not null && id.All(char.IsAsciiDigit) ? BigInteger.Parse(id, NumberStyles.None, CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture) : id;
}
