using Countersign.Settings;

namespace Countersign.Delivery.Providers;

/// <summary>What every provider is told. Section <c>Countersign:Delivery:Providers:{name}</c>; what its type needs stands beside it.</summary>
public sealed class ProviderSettings
{
    /// <summary>The section that has a section for each provider.</summary>
    public const string Section = "Countersign:Delivery:Providers";

    /// <summary>What it is: <c>smtp</c>, <c>twilio</c>, <c>webhook</c> or <c>smpp</c>.</summary>
    [Setting(Allowed = ["smtp", "twilio", "webhook", "smpp"])]
    public string? Type { get; set; }
    /// <summary>The channels that it serves: <c>sms</c>, <c>call</c>, <c>email</c>. Default: all that its type can.</summary>
    [Setting(Allowed = ["sms", "call", "email"])]
    public string[] Channels { get; set; } = [];
    /// <summary>Its place among the providers of a channel: the lowest is tried first. Default 100; 0 to 1,000,000.</summary>
    [Setting(0, 1_000_000)]
    public int Order { get; set; } = 100;
    /// <summary>The countries that it serves (ISO 3166). Default: all.</summary>
    [Setting(2, 3)]
    public string[] Countries { get; set; } = [];
    /// <summary>The countries that it does not serve. Default: none.</summary>
    [Setting(2, 3)]
    public string[] ExceptCountries { get; set; } = [];
    /// <summary>How long it may take over one message. Default 10 seconds; 0.1 seconds to 2 minutes.</summary>
    [Setting(0.1, 120)]
    public TimeSpan TimeLimit { get; set; } = TimeSpan.FromSeconds(10);
}
