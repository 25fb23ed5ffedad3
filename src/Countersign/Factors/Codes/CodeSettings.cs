using Countersign.Settings;

namespace Countersign.Factors.Codes;

/// <summary>The one-time codes that messages carry. Section <c>Countersign:Codes</c>.</summary>
public sealed class CodeSettings
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Countersign:Codes";

    /// <summary>The least and the most seconds that a code of a mail can be asked to hold (contract 8.4).</summary>
    public const int LeastLifetimeSeconds = 1, MostLifetimeSeconds = 86_400;

    /// <summary>Digits of a code. Default 6; 5 to 9.</summary>
    [Setting(5, 9)]
    public int Digits { get; set; } = 6;
    /// <summary>How long a code sent by SMS or call holds. Default 5 minutes; 30 seconds to 1 hour.</summary>
    [Setting(30, 3_600)]
    public TimeSpan PhoneLifetime { get; set; } = TimeSpan.FromMinutes(5);
    /// <summary>How long a code sent by mail holds when a request does not say. Default 5 minutes; 1 second to 1 day.</summary>
    [Setting(LeastLifetimeSeconds, MostLifetimeSeconds)]
    public TimeSpan EmailLifetime { get; set; } = TimeSpan.FromMinutes(5);
    /// <summary>The id of the SMS template that is used where a request names none; absent: the default text (contract 13.4).</summary>
    [Setting(1, 50)]
    public string? SmsTemplate { get; set; }
}
