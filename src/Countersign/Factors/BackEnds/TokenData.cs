using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Countersign.Sealing;

namespace Countersign.Factors.BackEnds;

/// <summary>The state of a factor whose passcodes a back end checks.</summary>
/// <param name="CredentialId">The token's owner or the token, as the back end knows it.</param>
internal sealed record TokenData(string CredentialId)
{
    /// <summary>The most passcodes that are remembered.</summary>
    public const int MostUsed = 32;

    /// <summary>The passcodes that were accepted lately, the oldest first.</summary>
    public ImmutableArray<UsedPasscode> Used { get; init; } = [];
    /// <summary>The back end's open challenge; null when there is none.</summary>
    public TokenChallenge? Challenge { get; init; }

    public static TokenData Read(Factor factor) => JsonSerializer.Deserialize(factor.Data.Span, TokenJson.Default.TokenData)!;

    public byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(this, TokenJson.Default.TokenData);

    /// <summary>Whether a passcode was accepted lately.</summary>
    public bool HasUsed(string fingerprint, DateTimeOffset now)
    {
        foreach (var used in Used)
            if (used.Fingerprint == fingerprint && used.Until > now.ToUnixTimeSeconds()) return true;
        return false;
    }

    /// <summary>The data with these passcodes used, and the challenge done with.</summary>
    public TokenData Use(IEnumerable<string> fingerprints, DateTimeOffset now, TimeSpan memory)
    {
        var until = (now + memory).ToUnixTimeSeconds();
        var used = Used.RemoveAll(earlier => earlier.Until <= now.ToUnixTimeSeconds()).AddRange(fingerprints.Select(fingerprint => new UsedPasscode(fingerprint, until)));
        return this with { Used = used.RemoveRange(0, Math.Max(0, used.Length - MostUsed)), Challenge = null };
    }
}

/// <summary>A passcode that was accepted.</summary>
/// <param name="Fingerprint">A keyed hash of the passcode and its token; base64.</param>
/// <param name="Until">Unix seconds after which it is forgotten.</param>
internal readonly record struct UsedPasscode(string Fingerprint, long Until);

/// <summary>A back end's open challenge.</summary>
/// <param name="State">What it wants to have back; null for nothing.</param>
/// <param name="Until">Unix seconds at which it ends.</param>
internal sealed record TokenChallenge(SealedSecret? State, long Until);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(TokenData))]
internal sealed partial class TokenJson : JsonSerializerContext;
