namespace Countersign.Sealing;

/// <summary>Seals secrets for storage with AES-256-GCM under a data key that can be rotated, and opens them again.</summary>
public interface IVault
{
    /// <summary>Seals <paramref name="secret"/> so that it opens only for the same <paramref name="owner"/> (its place: whose secret it is).</summary>
    /// <returns>Key id, nonce, ciphertext and tag.</returns>
    byte[] Seal(ReadOnlySpan<byte> secret, string owner);

    /// <summary>Opens what <see cref="Seal"/> made, into <paramref name="secret"/>.</summary>
    /// <returns>The secret's length in bytes.</returns>
    /// <exception cref="System.Security.Cryptography.CryptographicException">The owner differs, the key is gone or a byte was changed.</exception>
    int Open(ReadOnlySpan<byte> sealedSecret, string owner, Span<byte> secret);

    /// <summary>A keyed hash by which equal secrets are recognised and nothing else is learnt; base64.</summary>
    string Fingerprint(ReadOnlySpan<byte> secret);

    /// <summary>Whether <paramref name="sealedSecret"/> was sealed under a key that is no longer the current one.</summary>
    bool IsOutdated(ReadOnlySpan<byte> sealedSecret);
}
