using Countersign.Settings;

namespace Countersign.Integrations.Conductor;

/// <summary>Another Conductor server that definitions are handed over to. Section <c>Countersign:Conductor</c>.</summary>
public sealed class ConductorSettings
{
    /// <summary>The section.</summary>
    public const string Section = "Countersign:Conductor";

    /// <summary>Its address, with or without <c>/api</c>; absent: there is none.</summary>
    public Uri? Url { get; set; }
    /// <summary>The id of the key that it is signed in to with; absent: it has no sign-in.</summary>
    [Setting(1, 500)]
    public string? KeyId { get; set; }
    /// <summary>The secret of that key.</summary>
    [Setting(1, 4_096, IsSecret = true)]
    public string? KeySecret { get; set; }
    /// <summary>How long it may take to answer. Default 30 seconds; 1 second to 5 minutes.</summary>
    [Setting(1, 300)]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(30);
}
