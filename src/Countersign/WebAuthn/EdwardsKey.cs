using NSec.Cryptography;

namespace Countersign.WebAuthn;

/// <summary>EdDSA on Ed25519 (RFC 8032), which the base library has not.</summary>
internal sealed class EdwardsKey : CredentialPublicKey
{
    private const int Ed25519 = 6, Length = 32;
    private const string Oid = "1.3.101.112";   // RFC 8410 §3

    private readonly NSec.Cryptography.PublicKey _key;
    private readonly byte[] _point;

    private EdwardsKey(NSec.Cryptography.PublicKey key, byte[] point) : base(CoseAlgorithm.EdDsa) => (_key, _point) = (key, point);

    /// <summary>The key; null when it is none of Ed25519.</summary>
    public static EdwardsKey? TryMake(CoseParameters parameters)
        => parameters is { Curve: Ed25519, X: { Length: Length } x } && NSec.Cryptography.PublicKey.TryImport(SignatureAlgorithm.Ed25519, x, KeyBlobFormat.RawPublicKey, out var key)
            ? new EdwardsKey(key!, x) : null;

    public override bool Verify(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature) => SignatureAlgorithm.Ed25519.Verify(_key, data, signature);

    internal override bool IsKeyOf(System.Security.Cryptography.X509Certificates.PublicKey key)
        => key.Oid.Value == Oid && key.EncodedKeyValue.RawData.AsSpan().SequenceEqual(_point);

    internal override bool HasParameters(CoseParameters parameters) => parameters.Curve == Ed25519 && parameters.X.AsSpan().SequenceEqual(_point);

    public override void Dispose()
    {
        // A public key holds nothing to let go of.
    }
}
