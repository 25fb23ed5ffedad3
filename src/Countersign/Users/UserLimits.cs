using Countersign.Settings;

namespace Countersign.Users;

/// <summary>Bounds of the operations on users. Section <c>Countersign:Users</c>.</summary>
public sealed class UserLimits
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Countersign:Users";

    /// <summary>Users that one list request looks at; what is left follows with the next page. Default 10,000; 200 to 1,000,000.</summary>
    [Setting(200, 1_000_000)]
    public int ScannedPerRequest { get; set; } = 10_000;
    /// <summary>How long the link of an activation holds. Default 7 days; 1 minute to 90 days.</summary>
    [Setting(60, 7_776_000)]
    public TimeSpan ActivationLinkLife { get; set; } = TimeSpan.FromDays(7);
    /// <summary>How long the link for a new password holds. Default 1 hour; 1 minute to 90 days.</summary>
    [Setting(60, 7_776_000)]
    public TimeSpan PasswordLinkLife { get; set; } = TimeSpan.FromHours(1);
}
