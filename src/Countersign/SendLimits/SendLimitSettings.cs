using Countersign.Settings;

namespace Countersign.SendLimits;

/// <summary>What guards against toll fraud and floods. Section <c>Countersign:SendLimits</c>.</summary>
public sealed class SendLimitSettings
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Countersign:SendLimits";

    /// <summary>The least time between two SMS to one number (contract 4.2). Default 30 seconds; zero to 1 day.</summary>
    [Setting(0, 86_400)]
    public TimeSpan SmsSpacing { get; set; } = TimeSpan.FromSeconds(30);
    /// <summary>The least time between two calls to one number (contract 4.2). Default 30 seconds; zero to 1 day.</summary>
    [Setting(0, 86_400)]
    public TimeSpan CallSpacing { get; set; } = TimeSpan.FromSeconds(30);
    /// <summary>The least time between two mails to one address (contract 4.2). Default 5 seconds; zero to 1 day.</summary>
    [Setting(0, 86_400)]
    public TimeSpan EmailSpacing { get; set; } = TimeSpan.FromSeconds(5);
    /// <summary>Messages to one number or address in a day, each channel by itself. Default 100; 0: no bound; 0 to 1,000,000,000.</summary>
    [Setting(0, 1_000_000_000)]
    public int PerRecipientPerDay { get; set; } = 100;
    /// <summary>Messages to one user in a day, each channel by itself. Default 100; 0: no bound; 0 to 1,000,000,000.</summary>
    [Setting(0, 1_000_000_000)]
    public int PerUserPerDay { get; set; } = 100;
    /// <summary>Messages that one client address causes in an hour. Default 0, no bound: behind an application all users share its address; 0 to 1,000,000,000.</summary>
    [Setting(0, 1_000_000_000)]
    public int PerAddressPerHour { get; set; }
    /// <summary>SMS or calls to one range of numbers in an hour. Default 0: no bound; 0 to 1,000,000,000.</summary>
    [Setting(0, 1_000_000_000)]
    public int PerPrefixPerHour { get; set; }
    /// <summary>SMS, and calls, of the whole organisation in 24 hours. Default 0: no bound; 0 to 1,000,000,000.</summary>
    [Setting(0, 1_000_000_000)]
    public int PerDay { get; set; }
    /// <summary>The digits after the country's code that make a range of numbers. Default 3; 0 to 10.</summary>
    [Setting(0, 10)]
    public int PrefixDigits { get; set; } = 3;
    /// <summary>The countries whose numbers are accepted (ISO 3166, <c>001</c> for international networks). None by default: all.</summary>
    [Setting(2, 3)]
    public string[] Countries { get; set; } = [];
    /// <summary>The countries whose numbers are refused. Default <c>001</c>: satellite and international networks.</summary>
    [Setting(2, 3)]
    public string[] DeniedCountries { get; set; } = ["001"];
    /// <summary>The types of numbers that are refused. Default: all that cost the caller more, or reach nobody.</summary>
    [Setting(Allowed = ["TOLL_FREE", "PREMIUM_RATE", "SHARED_COST", "PAGER", "UAN", "VOICEMAIL", "VOIP", "PERSONAL_NUMBER", "FIXED_LINE"])]
    public string[] DeniedTypes { get; set; } = ["TOLL_FREE", "PREMIUM_RATE", "SHARED_COST", "PAGER", "UAN", "VOICEMAIL"];
    /// <summary>The share of codes sent to a range of numbers that must be verified, in percent; below it, nothing more is sent there for a while. Default 10; 0: not watched; 0 to 100.</summary>
    [Setting(0, 100)]
    public int LeastConversion { get; set; } = 10;
    /// <summary>The codes sent to a range from which its conversion is judged. Default 50; 1 to 1,000,000,000.</summary>
    [Setting(1, 1_000_000_000)]
    public int ConversionFrom { get; set; } = 50;
    /// <summary>The window over which conversion is counted. Default 1 hour; 1 minute to 30 days.</summary>
    [Setting(60, 30 * 86_400)]
    public TimeSpan ConversionWindow { get; set; } = TimeSpan.FromHours(1);
    /// <summary>How long nothing is sent to a range whose conversion was too low. Default 1 hour; 1 minute to 30 days.</summary>
    [Setting(60, 30 * 86_400)]
    public TimeSpan ConversionPause { get; set; } = TimeSpan.FromHours(1);
}
