using Countersign.Settings;

namespace Countersign.Attempts;

/// <summary>How many tries a user has. Section <c>Countersign:Attempts</c>.</summary>
public sealed class AttemptLimits
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Countersign:Attempts";

    /// <summary>Wrong answers in a row, over all factors, that lock the user (contract 11.2). Default 5; 1 to 1,000,000.</summary>
    [Setting(1, 1_000_000)]
    public int LockoutThreshold { get; set; } = 5;
    /// <summary>Wrong passwords in a row that lock the user. Default 10; 1 to 1,000,000.</summary>
    [Setting(1, 1_000_000)]
    public int PasswordLockoutThreshold { get; set; } = 10;
    /// <summary>How long a lock lasts before it ends by itself; zero: until an administrator unlocks. Default zero; zero to 3650 days.</summary>
    [Setting(0, 3650 * 86_400d)]
    public TimeSpan LockoutDuration { get; set; } = TimeSpan.Zero;
    /// <summary>Wrong answers that a user may give within <see cref="WrongWindow"/>; a right answer does not give them back. Default 20; 1 to 1,000,000.</summary>
    [Setting(1, 1_000_000)]
    public int WrongPerWindow { get; set; } = 20;
    /// <summary>The window of <see cref="WrongPerWindow"/>. Default one minute; 1 second to 1 day.</summary>
    [Setting(1, 86_400)]
    public TimeSpan WrongWindow { get; set; } = TimeSpan.FromMinutes(1);
    /// <summary>Activation tries, right or wrong, within <see cref="ActivationWindow"/> (contract 4.2). Default 5; 1 to 1,000,000.</summary>
    [Setting(1, 1_000_000)]
    public int ActivationsPerWindow { get; set; } = 5;
    /// <summary>The window of <see cref="ActivationsPerWindow"/>. Default five minutes; 1 second to 1 day.</summary>
    [Setting(1, 86_400)]
    public TimeSpan ActivationWindow { get; set; } = TimeSpan.FromMinutes(5);
}
