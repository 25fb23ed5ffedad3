using System.Text.Json.Nodes;

namespace Countersign.Server.HardwareTokens;

/// <summary>The seed of a YubiKey (contract 12.3).</summary>
internal sealed record YubiKeySeedRequest
{
    /// <summary>The key's serial number.</summary>
    public string? SerialNumber { get; init; }
    /// <summary>The id that it types before each OTP, in modhex: usually 12 letters.</summary>
    public string? PublicId { get; init; }
    /// <summary>The id inside of each OTP: 12 hexadecimal digits.</summary>
    public string? PrivateId { get; init; }
    /// <summary>The key that OTPs are encrypted with: 32 hexadecimal digits.</summary>
    public string? AesKey { get; init; }
}

/// <summary>A YubiKey of the inventory (contract 12.3).</summary>
internal sealed record YubiKeyTokenShape
{
    /// <summary>Its id.</summary>
    public required string Id { get; init; }
    /// <summary>When it was uploaded.</summary>
    public required DateTimeOffset Created { get; init; }
    /// <summary>Since when somebody has it.</summary>
    public DateTimeOffset? Activated { get; init; }
    /// <summary>When it was last verified with.</summary>
    public DateTimeOffset? LastVerified { get; init; }
    /// <summary>When anything about it last changed.</summary>
    public required DateTimeOffset LastUpdated { get; init; }
    /// <summary><c>ACTIVE</c> while somebody has it, else <c>UNASSIGNED</c>.</summary>
    public required string Status { get; init; }
    /// <summary><c>serial</c>, a number with zeros before it.</summary>
    public JsonObject? Profile { get; init; }
    /// <summary>What can be done next.</summary>
    public JsonObject? _links { get; init; }
    /// <summary><c>user</c>, when it was asked for and somebody has it.</summary>
    public JsonObject? _embedded { get; init; }
}

/// <summary>An OATH token of the inventory.</summary>
internal sealed record OathTokenShape
{
    /// <summary>Its id.</summary>
    public required string Id { get; init; }
    /// <summary>Its serial number, by which it is enrolled.</summary>
    public required string SerialNumber { get; init; }
    /// <summary>Which of several keys of one device it is.</summary>
    public string? KeyId { get; init; }
    /// <summary>Who made it.</summary>
    public string? Manufacturer { get; init; }
    /// <summary><c>ACTIVE</c> while somebody has it, else <c>UNASSIGNED</c>.</summary>
    public required string Status { get; init; }
    /// <summary>Whether its passcodes go by time, or by counter.</summary>
    public required bool TimeBased { get; init; }
    /// <summary>Digits of a passcode.</summary>
    public required int OtpLength { get; init; }
    /// <summary>Seconds of a time step; absent for those that count.</summary>
    public int? TimeStep { get; init; }
    /// <summary><c>HMacSHA1</c>, <c>HMacSHA256</c> or <c>HMacSHA512</c>.</summary>
    public required string HmacAlgorithm { get; init; }
    /// <summary>When it was first taken in.</summary>
    public required DateTimeOffset Created { get; init; }
    /// <summary>When anything about it last changed.</summary>
    public required DateTimeOffset LastUpdated { get; init; }
    /// <summary>Since when somebody has it.</summary>
    public DateTimeOffset? Activated { get; init; }
    /// <summary>When it was last verified with.</summary>
    public DateTimeOffset? LastVerified { get; init; }
    /// <summary>The user who has it.</summary>
    public string? UserId { get; init; }
    /// <summary>The factor that it belongs to.</summary>
    public string? FactorId { get; init; }
}
