using PhoneNumbers;

namespace Countersign.PhoneNumbers;

/// <summary>A phone number as it is stored and dialled.</summary>
/// <param name="Value">E.164: a plus and up to 15 digits.</param>
/// <param name="Country">The country it belongs to by the numbering plan (ISO 3166), <c>001</c> for international networks.</param>
/// <param name="Type">What kind of number it is in the plan, for example <c>MOBILE</c>; <c>UNKNOWN</c> when the plan does not say.</param>
public sealed record PhoneNumber(string Value, string Country, string Type)
{
    private const int LongestInput = 100;
    private const string DefaultRegion = "US";

    private static readonly HashSet<string> TwoDigitCodes =
    [
        "20", "27", "30", "31", "32", "33", "34", "36", "39", "40", "41", "43", "44", "45", "46", "47", "48", "49", "51", "52", "53", "54", "55", "56", "57", "58",
        "60", "61", "62", "63", "64", "65", "66", "81", "82", "84", "86", "90", "91", "92", "93", "94", "95", "98",
    ];

    // The library's metadata are loaded with the first number that is read.
    private static readonly PhoneNumberUtil Plans = PhoneNumberUtil.GetInstance();

    /// <summary>
    /// Reads what a person typed (contract 9.3): separators, blanks and invisible characters are nothing; without a plus the number is one of the US, or if it is
    /// none there, one with the plus left out. The plan is checked, not the assignment: reserved-looking numbers pass. Null when it is no number.
    /// </summary>
    public static PhoneNumber? Parse(string? text)
    {
        if (string.IsNullOrWhiteSpace(text) || text.Length > LongestInput) return null;
        // Letters would be read as keys, and an extension would vanish.
        if (text.Any(char.IsLetter)) return null;
        var digits = new string([.. text.Where(char.IsAsciiDigit)]);
        if (digits.Length is < 5 or > 17) return null;
        return text.AsSpan().TrimStart().StartsWith("+") || text.TrimStart().StartsWith('＋')
            ? Read("+" + digits)
            : Read(digits) ?? Read("+" + digits);
    }

    /// <summary>The range that a number (E.164) is in: the country's code (ITU-T E.164: one to three digits) and so many digits after it, for example <c>+1415</c>.</summary>
    public static string RangeOf(string value, int digits)
    {
        // Codes are prefix-free: 1 and 7 stand alone, some zones have codes of two digits, the rest of three.
        var code = value[1] is '1' or '7' ? 1 : TwoDigitCodes.Contains(value[1..3]) ? 2 : 3;
        return value[..Math.Min(value.Length, 1 + code + digits)];
    }

    private static PhoneNumber? Read(string digits)
    {
        try
        {
            var parsed = Plans.Parse(digits, DefaultRegion);
            // Local numbers without an area code are possible, and cannot be dialled from outside.
            if (Plans.IsPossibleNumberWithReason(parsed) != PhoneNumberUtil.ValidationResult.IS_POSSIBLE) return null;
            var value = Plans.Format(parsed, PhoneNumberFormat.E164);
            var country = Plans.GetRegionCodeForNumber(parsed) ?? Plans.GetRegionCodeForCountryCode(parsed.CountryCode);
            return value.Length is >= 7 and <= 16 ? new PhoneNumber(value, country, Plans.GetNumberType(parsed).ToString()) : null;
        }
        catch (NumberParseException)
        {
            return null;
        }
    }
}
