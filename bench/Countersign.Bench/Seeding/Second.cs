namespace Countersign.Bench.Seeding;

/// <summary>What the users of a store have beside their TOTP factor.</summary>
internal enum Second
{
    /// <summary>Nothing.</summary>
    None,
    /// <summary>An SMS factor.</summary>
    Phone,
    /// <summary>A WebAuthn factor (ES256).</summary>
    Key,
}
