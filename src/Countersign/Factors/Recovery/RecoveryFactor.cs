using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Countersign.Links;
using Countersign.Organization;
using Countersign.Sealing;

namespace Countersign.Factors.Recovery;

/// <summary>
/// Recovery codes, a kind of our own for whoever lost every other factor: ten codes on paper, each good once. They are shown when they are made, stored as keyed hashes,
/// and replaced all together. Off until the organisation switches it on.
/// </summary>
internal sealed class RecoveryFactor(IVault vault) : FactorKind
{
    public const string Name = "countersign_recovery";

    // Crockford's base 32: nothing that is read as something else. Ten characters are 50 bits, tried five times in a row.
    private const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private const int Count = 10, Length = 10, Half = Length / 2, LongestInput = 40;

    public override string FactorType => "token:recovery";
    public override string Provider => "COUNTERSIGN";
    public override string OrgFactor => Name;
    public override string IdPrefix => "rcf";
    public override int ListOrder => 160;
    public override string DisplayName => "Recovery Codes";
    public override string LogName => "RECOVERY_CODE_FACTOR";

    public override FactorDecision Enroll(EnrollRequest request, Factor? pending, in FactorContext context)
        => WithNewCodes(NewFactor(FactorStatus.Active, default, context.Now));

    public override FactorDecision Update(Factor factor, EnrollRequest request, in FactorContext context)
        => WithNewCodes(factor with { LastUpdated = context.Now.ToWholeSeconds() });

    public override FactorDecision Verify(Factor factor, VerifyRequest request, in FactorContext context)
    {
        if (string.IsNullOrWhiteSpace(request.PassCode)) return FactorDecision.Refuse(Refusal.PasscodeMissing);
        var data = RecoveryData.Read(factor);
        var hash = Encoding.ASCII.GetBytes(Hash(factor.Id, Normalize(request.PassCode)));
        var found = -1;
        // Every code is compared, so that the time says nothing.
        for (var i = 0; i < data.Codes.Length; i++)
            if (CryptographicOperations.FixedTimeEquals(hash, Encoding.ASCII.GetBytes(data.Codes[i]))) found = i;
        return found < 0 ? FactorDecision.Wrong(Refusal.WrongPasscode)
            : new FactorDecision.Answered(factor with { Data = new RecoveryData(data.Codes.RemoveAt(found)).Write() }, Verification.Success);
    }

    public override FactorView View(Factor factor, OrganizationSettings organization, UserUrls urls)
        => new() { Profile = new JsonObject { ["remaining"] = RecoveryData.Read(factor).Codes.Length } };

    private FactorDecision.Becomes WithNewCodes(Factor factor)
    {
        var codes = new string[Count];
        for (var i = 0; i < Count; i++) codes[i] = RandomNumberGenerator.GetString(Alphabet, Length);
        return new FactorDecision.Becomes(factor with { Data = new RecoveryData([.. codes.Select(code => Hash(factor.Id, code))]).Write() })
        {
            ShownOnce = new JsonObject { ["codes"] = new JsonArray([.. codes.Select(code => (JsonNode)$"{code[..Half]}-{code[Half..]}")]) },
        };
    }

    /// <summary>A code as it was drawn, however a person wrote it.</summary>
    private static string Normalize(string written)
    {
        var code = new StringBuilder(Length);
        foreach (var character in written.AsSpan(0, Math.Min(written.Length, LongestInput)))
        {
            if (character is '-' or ' ') continue;
            code.Append(char.ToUpperInvariant(character) switch
            {
                'O' => '0',
                'I' or 'L' => '1',
                var same => same,
            });
        }
        return code.ToString();
    }

    private string Hash(FactorId factor, string code) => vault.Fingerprint(Encoding.UTF8.GetBytes($"recovery/{factor.Value}/{code}"));
}

/// <summary>The state of a factor of recovery codes.</summary>
/// <param name="Codes">Keyed hashes of the codes that were not used, base64.</param>
internal sealed record RecoveryData(ImmutableArray<string> Codes)
{
    public static RecoveryData Read(Factor factor) => JsonSerializer.Deserialize(factor.Data.Span, RecoveryJson.Default.RecoveryData)!;

    public byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(this, RecoveryJson.Default.RecoveryData);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(RecoveryData))]
internal sealed partial class RecoveryJson : JsonSerializerContext;
