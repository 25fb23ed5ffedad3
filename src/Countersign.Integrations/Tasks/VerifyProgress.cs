using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Countersign.Integrations.Tasks;

/// <summary>How far a <c>COUNTERSIGN_VERIFY</c> task has come: what it remembers between visits.</summary>
public sealed record VerifyProgress
{
    /// <summary>When nothing is waited for any more.</summary>
    public required DateTimeOffset Deadline { get; init; }
    /// <summary>The user's id.</summary>
    public required string UserId { get; init; }
    /// <summary>The factor's id.</summary>
    public required string FactorId { get; init; }
    /// <summary>The factor's type.</summary>
    public required string FactorType { get; init; }
    /// <summary>Whether the factor was challenged, or an answer was judged.</summary>
    public bool HasBegun { get; init; }
    /// <summary>The transaction that waits for a device; null for none.</summary>
    public string? TransactionId { get; init; }
    /// <summary>How many answers were judged.</summary>
    public int Attempts { get; init; }

    /// <summary>Reads what a task remembers; null when it was not visited yet.</summary>
    public static VerifyProgress? Read(JsonElement? memory) => memory is not { ValueKind: JsonValueKind.Object } kept ? null : new VerifyProgress
    {
        Deadline = DateTimeOffset.FromUnixTimeMilliseconds(kept.GetProperty("deadline").GetInt64()),
        UserId = kept.GetProperty("userId").GetString()!,
        FactorId = kept.GetProperty("factorId").GetString()!,
        FactorType = kept.GetProperty("factorType").GetString()!,
        HasBegun = kept.GetProperty("hasBegun").GetBoolean(),
        TransactionId = kept.TryGetProperty("transactionId", out var transaction) ? transaction.GetString() : null,
        Attempts = kept.GetProperty("attempts").GetInt32(),
    };

    /// <summary>What to remember.</summary>
    public JsonElement Write()
    {
        var memory = new JsonObject
        {
            ["deadline"] = Deadline.ToUnixTimeMilliseconds(),
            ["userId"] = UserId,
            ["factorId"] = FactorId,
            ["factorType"] = FactorType,
            ["hasBegun"] = HasBegun,
            ["attempts"] = Attempts,
        };
        if (TransactionId is not null) memory["transactionId"] = TransactionId;
        return Element(memory);
    }

    /// <summary>The task's output.</summary>
    /// <param name="factorResult">A factor result of the factors API; <c>FAILED</c> when the attempts are used up.</param>
    /// <param name="more">Further members: <c>errorCode</c>, <c>verifiedAt</c>, <c>challenge</c>.</param>
    public JsonElement Output(string factorResult, params ReadOnlySpan<(string Name, JsonNode? Value)> more)
    {
        var output = new JsonObject { ["factorResult"] = factorResult, ["factorId"] = FactorId, ["factorType"] = FactorType };
        if (TransactionId is not null) output["transactionId"] = TransactionId;
        output["attempts"] = Attempts;
        foreach (var (name, value) in more)
            if (value is not null) output[name] = value;
        return Element(output);
    }

    /// <summary>A document as an element.</summary>
    public static JsonElement Element(JsonObject document)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var writer = new Utf8JsonWriter(buffer)) document.WriteTo(writer);
        using var parsed = JsonDocument.Parse(buffer.WrittenMemory);
        return parsed.RootElement.Clone();
    }
}
