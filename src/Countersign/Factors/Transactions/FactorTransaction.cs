using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Countersign.Factors.Transactions;

/// <summary>
/// A question that a factor put to somebody outside and whose answer is awaited (contract 9.6): a push to a device, a page that the user has open. It is part of the factor's
/// own state, so that what becomes of it is a commit like any other.
/// </summary>
public sealed record FactorTransaction
{
    /// <summary>What every id begins with.</summary>
    public const string Prefix = "v2mst.";
    private const int RandomBytes = 16;

    /// <summary>Its id (contract 1.3): <c>v2mst.</c> and 22 characters of base64url, drawn at random. It names the transaction, and is no secret.</summary>
    public required string Id { get; init; }
    /// <summary>Unix milliseconds from which no answer is heard any more.</summary>
    public required long Expires { get; init; }
    /// <summary><see cref="FactorResult.Waiting"/>, or what became of it: then it never changes again.</summary>
    [JsonConverter(typeof(JsonStringEnumConverter<FactorResult>))]
    public required FactorResult Result { get; init; }
    /// <summary>What the kind must remember of it while it waits; null for nothing.</summary>
    public JsonObject? Own { get; init; }

    /// <summary>When no answer is heard any more.</summary>
    [JsonIgnore]
    public DateTimeOffset ExpiresAt => DateTimeOffset.FromUnixTimeMilliseconds(Expires);

    /// <summary>Whether an answer is still heard.</summary>
    public bool IsOpen(DateTimeOffset now) => Result == FactorResult.Waiting && now < ExpiresAt;

    /// <summary>A new one, waiting.</summary>
    /// <param name="now">The time.</param>
    /// <param name="life">How long an answer is waited for.</param>
    /// <param name="own">What the kind must remember of it.</param>
    public static FactorTransaction New(DateTimeOffset now, TimeSpan life, JsonObject? own) => new()
    {
        Id = Prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(RandomBytes)),
        Expires = (now.ToWholeSeconds() + life).ToUnixTimeMilliseconds(),
        Result = FactorResult.Waiting,
        Own = own,
    };

    /// <summary>The transaction at its end.</summary>
    public FactorTransaction End(FactorResult result) => this with { Result = result, Own = null };
}
