using System.Collections.Immutable;
using System.Diagnostics;
using System.Security.Cryptography;
using Countersign.Bench.Passcodes;
using Countersign.Bench.Report;
using Countersign.Bench.Seeding;
using Countersign.WebAuthn;

namespace Countersign.Bench.Sections;

/// <summary>Assertions (ES256) verified by one core, beside the signature check alone that the base library offers, taking turns.</summary>
internal static class Signatures
{
    private const int Turns = 6, AtOnce = 100;
    private const string Challenge = "c0XwM8nKz2VtRb5LqYdS";

    private static readonly RelyingParty Party = new() { RpIds = [SigningKey.RpId], Origins = ImmutableHashSet.Create(SigningKey.Origin) };

    public static void Run(BenchReport report, int seconds)
    {
        using var ecdsa = SigningKey.Open(new Person(0));
        var clientData = SigningKey.ClientDataOf(Challenge);
        var signature = SigningKey.Sign(ecdsa, clientData);
        var hash = SHA256.HashData([.. SigningKey.AuthenticatorData, .. SHA256.HashData(clientData)]);
        var cose = SigningKey.CoseOf(ecdsa);
        using var bare = ECDsa.Create(ecdsa.ExportParameters(includePrivateParameters: false));
        if (CredentialPublicKey.TryRead(cose, out var key) != WebAuthnFault.None) throw new BenchException("the bench's own key cannot be read");
        using var opened = key!;

        (string What, Func<bool> Verify)[] ways =
        [
            ("ECDsa.VerifyHash alone", () => bare.VerifyHash(hash, signature, DSASignatureFormat.Rfc3279DerSequence)),
            ("an assertion, key opened before", () => IsVerified(opened)),
            ("an assertion, key opened for it", () =>
            {
                CredentialPublicKey.TryRead(cose, out var once);
                using (once) return IsVerified(once!);
            }),
        ];
        var rates = ways.Select(_ => new List<double>()).ToArray();
        // The first turn lets the runtime compile, and is not looked at.
        for (var turn = 0; turn < Turns; turn++)
        {
            for (var way = 0; way < ways.Length; way++)
            {
                var rate = RateOf(ways[way].Verify, TimeSpan.FromSeconds(seconds / 4.0));
                if (turn > 0) rates[way].Add(rate);
            }
        }
        var table = new MarkdownTable("ES256, one core", "per second", "share");
        for (var way = 0; way < ways.Length; way++) table.Row(ways[way].What, Figures.Rate(rates[way].Average()), $"{rates[way].Average() / rates[0].Average():0.00}");
        report.Table(table);
        report.Check(Goal.AtLeast("an assertion: share of the bare signature check", rates[1].Average() / rates[0].Average(), 0.85));

        bool IsVerified(CredentialPublicKey by) => Assertion.Verify(new AssertionInput
        {
            Challenge = Challenge,
            ClientData = clientData,
            AuthenticatorData = SigningKey.AuthenticatorData,
            Signature = signature,
            RpId = SigningKey.RpId,
            SignCount = 0,
            IsBackupEligible = false,
        }, by, Party).Fault == WebAuthnFault.None;
    }

    private static double RateOf(Func<bool> verify, TimeSpan length)
    {
        var (count, watch) = (0, Stopwatch.StartNew());
        while (watch.Elapsed < length)
        {
            for (var i = 0; i < AtOnce; i++)
                if (!verify()) throw new BenchException("a right signature was refused");
            count += AtOnce;
        }
        return count / watch.Elapsed.TotalSeconds;
    }
}
