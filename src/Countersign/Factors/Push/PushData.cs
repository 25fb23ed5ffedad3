using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Countersign.Factors.Transactions;

namespace Countersign.Factors.Push;

/// <summary>The state of a push factor.</summary>
internal sealed record PushData : OutOfBandData
{
    /// <summary>The user's login at the time of the enrollment.</summary>
    public required string CredentialId { get; set; }
    /// <summary>The device; null while none is bound.</summary>
    public BoundDevice? Device { get; set; }
    /// <summary>Where messages for the device go; null: it learns of requests while it is open.</summary>
    public SealedSubscription? Subscription { get; set; }
    /// <summary>When the user was asked in the last hour; Unix seconds, oldest first.</summary>
    public ImmutableArray<long> Asked { get; set; } = [];
    /// <summary>When the user denied a request and approved none since; Unix seconds, null for never.</summary>
    public long? Denied { get; set; }
    /// <summary>The addresses that the user approved something from, the last one last; at most <see cref="MostAddresses"/>.</summary>
    public ImmutableArray<string> Addresses { get; set; } = [];
    /// <summary>The factors that were enrolled with this one, on the same device.</summary>
    public ImmutableArray<string> Companions { get; set; } = [];

    /// <summary>Addresses that are remembered.</summary>
    public const int MostAddresses = 10;

    /// <summary>Reads a factor's data.</summary>
    public static PushData Read(Factor factor) => JsonSerializer.Deserialize(factor.Data.Span, PushJson.Default.PushData)!;

    /// <summary>The data to store.</summary>
    public byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(this, PushJson.Default.PushData);

    /// <summary>The data after the user approved a request from this address.</summary>
    public PushData Approved(string? address)
    {
        if (address is null) return this with { Denied = null };
        var kept = Addresses.Remove(address).Add(address);
        return this with { Denied = null, Addresses = kept.Length > MostAddresses ? kept.RemoveAt(0) : kept };
    }
}

/// <summary>The device that a push factor is bound to.</summary>
/// <param name="Description">What it says of itself.</param>
/// <param name="Key">Its key.</param>
/// <param name="Origin">The origin that it was activated at; all that it signs is for that.</param>
/// <param name="Ticket">The transaction of its activation, by which the same registration is recognised.</param>
/// <param name="TicketExpires">Unix milliseconds until which it is.</param>
public sealed record BoundDevice(DeviceDescription Description, DeviceKey Key, string Origin, string Ticket, long TicketExpires);

/// <summary>A device's subscription as it is stored: its secret is sealed.</summary>
/// <param name="Endpoint">The address, sealed: whoever knows it may post to it.</param>
/// <param name="P256dh">The device's public key.</param>
/// <param name="Auth">The secret, sealed.</param>
internal sealed record SealedSubscription(Sealing.SealedSecret Endpoint, string P256dh, Sealing.SealedSecret Auth);

/// <summary>What a transaction asks, as its device is told, and signs.</summary>
public sealed record PushRequest
{
    /// <summary>The transaction's id.</summary>
    public required string TransactionId { get; init; }
    /// <summary>When it began; as it is written.</summary>
    public required string CreatedAt { get; init; }
    /// <summary>When it ends; as it is written.</summary>
    public required string ExpiresAt { get; init; }
    /// <summary>When it ends.</summary>
    public required DateTimeOffset Expires { get; init; }
    /// <summary>The application that asks.</summary>
    public string? Application { get; init; }
    /// <summary>The address of the person who signs in.</summary>
    public string? Address { get; init; }
    /// <summary>Roughly where that is.</summary>
    public string? Place { get; init; }
    /// <summary>The person's user agent.</summary>
    public string? UserAgent { get; init; }
    /// <summary><c>none</c>, <c>typed</c> or <c>choice</c>.</summary>
    public required string Number { get; init; }
    /// <summary>Where the number is picked: what it is picked from.</summary>
    public ImmutableArray<int>? Choices { get; init; }
}

/// <summary>What a push transaction remembers while it waits.</summary>
/// <param name="Created">Unix milliseconds.</param>
/// <param name="Application">The application that asks.</param>
/// <param name="Address">The person's address.</param>
/// <param name="Place">Roughly where that is.</param>
/// <param name="UserAgent">The person's user agent.</param>
/// <param name="Entry">How the number is asked for: <c>none</c>, <c>typed</c> or <c>choice</c>.</param>
/// <param name="CorrectAnswer">The number that the sign-in page shows; null when none is asked for.</param>
/// <param name="Choices">What it is picked from.</param>
internal sealed record PushQuestion(
    long Created, string? Application, string? Address, string? Place, string? UserAgent, string Entry, int? CorrectAnswer, ImmutableArray<int>? Choices)
{
    public const string NoNumber = "none";

    public JsonObject Write() => JsonSerializer.SerializeToNode(this, PushJson.Default.PushQuestion)!.AsObject();

    public static PushQuestion Read(FactorTransaction transaction) => transaction.Own!.Deserialize(PushJson.Default.PushQuestion)!;
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(PushData))]
[JsonSerializable(typeof(PushQuestion))]
internal sealed partial class PushJson : JsonSerializerContext;
