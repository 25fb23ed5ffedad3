using MudBlazor;

namespace Countersign.Console.Users;

/// <summary>One step of a user's life cycle, as an administrator takes it.</summary>
/// <param name="Link">The link by which a user says that the status allows it.</param>
/// <param name="Path">What follows <c>/lifecycle/</c>.</param>
/// <param name="Label">What the button says.</param>
/// <param name="Icon">What the button shows.</param>
/// <param name="Done">What is said afterwards.</param>
/// <param name="Warning">What is asked before; null when nothing is lost by it.</param>
internal sealed record LifecycleOperation(string Link, string Path, string Label, string Icon, string Done, string? Warning = null)
{
    public static readonly LifecycleOperation Delete = new(
        "delete", "", "Delete", Icons.Material.Outlined.DeleteForever, "User deleted",
        "The user and every factor are removed for good.");

    /// <summary>In the order in which they are offered.</summary>
    public static readonly IReadOnlyList<LifecycleOperation> All =
    [
        new("unlock", "unlock", "Unlock", Icons.Material.Outlined.LockOpen, "User unlocked"),
        new("activate", "activate?sendEmail=false", "Activate", Icons.Material.Outlined.PlayArrow, "User activated"),
        new("reactivate", "reactivate?sendEmail=false", "Reactivate", Icons.Material.Outlined.Replay, "User reactivated"),
        new("unsuspend", "unsuspend", "Unsuspend", Icons.Material.Outlined.PlayArrow, "User unsuspended"),
        new("suspend", "suspend", "Suspend", Icons.Material.Outlined.Pause, "User suspended",
            "The user cannot verify any factor until unsuspended."),
        new("resetFactors", "reset_factors", "Reset factors", Icons.Material.Outlined.PhonelinkErase, "Factors reset",
            "Every factor is removed; the user has to enroll again."),
        new("deactivate", "deactivate?sendEmail=false", "Deactivate", Icons.Material.Outlined.Block, "User deactivated",
            "The user becomes deprovisioned and every factor is removed. A deprovisioned user can be activated again or deleted."),
        Delete,
    ];
}
