using Countersign.SystemLog;

namespace Countersign.Organization;

/// <summary>Keeps the organisation's settings.</summary>
public interface IOrganizationStore
{
    /// <summary>The settings; at most a second old, at once after a change by this process.</summary>
    ValueTask<OrganizationSettings> GetAsync(CancellationToken cancellationToken);

    /// <summary>Switches an organisation factor on or off, with its event.</summary>
    Task SwitchFactorAsync(string orgFactor, bool active, LogEvent logged, CancellationToken cancellationToken);

    /// <summary>Adds or replaces a custom TOTP profile, with its event when there is one.</summary>
    Task SaveHotpProfileAsync(HotpProfile profile, LogEvent? logged, CancellationToken cancellationToken);
}
