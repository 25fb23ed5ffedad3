using Countersign.Factors.Transactions;
using Countersign.Settings;

namespace Countersign.Factors.Push;

/// <summary>How devices are asked. Section <c>Countersign:Push</c>.</summary>
public sealed class PushSettings
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Countersign:Push";

    /// <summary>A request asks for the number where the application wants it.</summary>
    public const string WhenAsked = "asked";
    /// <summary>Also after a denial, and from an address that the user approved nothing from.</summary>
    public const string AtRisk = "risk";
    /// <summary>Every request asks for the number.</summary>
    public const string Always = "always";
    /// <summary>The person types the number.</summary>
    public const string Typed = "typed";
    /// <summary>The person picks the number out of three.</summary>
    public const string Choice = "choice";

    /// <summary>Devices that a user may own. Default 5; 1 to 50.</summary>
    [Setting(1, 50)]
    public int MostDevices { get; set; } = 5;
    /// <summary>When the device asks for the number that the sign-in page shows: <c>asked</c>, when the application wants it; <c>risk</c>, also after a denial and from an address that the user has approved nothing from yet, once they have from another; <c>always</c>. Default <c>risk</c>.</summary>
    [Setting(Allowed = [WhenAsked, AtRisk, Always])]
    public string NumberMatching { get; set; } = AtRisk;
    /// <summary>How the device asks for it: <c>typed</c>, or <c>choice</c> among three, which one of three guesses gets right. Default <c>typed</c>.</summary>
    [Setting(Allowed = [Typed, Choice])]
    public string NumberEntry { get; set; } = Typed;
    /// <summary>How long an answer to a request is waited for. Default 5 minutes (contract 11.5); 5 seconds to 10 minutes.</summary>
    [Setting(5, 600)]
    public TimeSpan RequestLifetime { get; set; } = TransactionList.Life;
    /// <summary>Requests that may wait for one user at once, on all devices. Default 5; 1 to 10.</summary>
    [Setting(1, 10)]
    public int MostOpen { get; set; } = 5;
    /// <summary>Requests to one user in an hour, to all devices. Default 30; 1 to 1,000.</summary>
    [Setting(1, 1_000)]
    public int MostPerHour { get; set; } = 30;
    /// <summary>Whether a device whose owner says "this was not me" is locked: it becomes <c>INACTIVE</c>, and the user needs a new activation. Default <c>false</c>.</summary>
    public bool LockWhenReported { get; set; }
    /// <summary>The mail addresses that are told when a user says "this was not me". Default none: the system log and its event hooks alone.</summary>
    [Setting(3, 100)]
    public string[] Administrators { get; set; } = [];
    /// <summary>Whether a device also becomes a <c>signed_nonce</c> factor of its user, which is listed but verified by nobody. Default <c>false</c>: several client libraries cannot read it.</summary>
    public bool ListDeviceKeys { get; set; }
}
