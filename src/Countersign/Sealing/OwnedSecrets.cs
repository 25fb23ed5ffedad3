using Countersign.Factors;
using Countersign.Users;

namespace Countersign.Sealing;

/// <summary>Seals and opens the secrets of one factor: what is sealed for one opens for no other.</summary>
public static class OwnedSecrets
{
    extension(IVault vault)
    {
        /// <summary>Seals a factor's secret.</summary>
        public SealedSecret Seal(ReadOnlySpan<byte> secret, UserId user, FactorId factor) => new(vault.Seal(secret, Owner(user, factor)));

        /// <summary>Opens a factor's secret into <paramref name="buffer"/> (at least <see cref="SealedSecret.MaxLength"/> bytes) and returns the part used.</summary>
        public Span<byte> Open(SealedSecret secret, UserId user, FactorId factor, Span<byte> buffer)
            => buffer[..vault.Open(secret.Bytes.Span, Owner(user, factor), buffer)];
    }

    /// <summary>The owner's name that a factor's secrets are bound to.</summary>
    public static string Owner(UserId user, FactorId factor) => $"{user.Value}/{factor.Value}";
}
