using System.Security.Cryptography;
using System.Text;
using Countersign.Identifiers;
using Countersign.Sealing;
using Countersign.Users;

namespace Countersign.Factors.Duo;

/// <summary>
/// What is given to Duo's page and comes back with the answer (<c>state</c>): whose transaction it is, and a keyed hash over that. Nothing is searched for it, and
/// nothing of it is stored; whoever brings it was given it for this one transaction. 88 characters.
/// </summary>
/// <param name="User">The user.</param>
/// <param name="Factor">The factor.</param>
/// <param name="Transaction">The transaction's id.</param>
internal sealed record DuoState(UserId User, FactorId Factor, string Transaction)
{
    private const string TransactionPrefix = "v2mst.";

    /// <summary>The text that leaves the house.</summary>
    public string Write(IVault vault) => $"{User.Value}.{Factor.Value}.{Transaction[TransactionPrefix.Length..]}.{Hash("state", vault)}";

    /// <summary>The nonce that belongs to the same transaction: 22 characters, known to nobody who knows the state alone.</summary>
    public string Nonce(IVault vault) => Hash("nonce", vault);

    /// <summary>Reads what <see cref="Write"/> wrote; null for anything else.</summary>
    public static DuoState? Read(string text, IVault vault)
    {
        if (text.Length > 200) return null;
        var parts = text.Split('.');
        if (parts.Length != 4 || !Identifier.HasForm(parts[0], UserId.Prefix) || !Identifier.HasForm(parts[1], DuoFactor.Prefix)) return null;
        var state = new DuoState(new UserId(parts[0]), new FactorId(parts[1]), TransactionPrefix + parts[2]);
        return CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(state.Hash("state", vault)), Encoding.UTF8.GetBytes(parts[3])) ? state : null;
    }

    // Base64 to base64url; a keyed hash of 16 bytes.
    private string Hash(string purpose, IVault vault)
        => vault.Fingerprint(Encoding.UTF8.GetBytes($"duo/{purpose}/{User.Value}/{Factor.Value}/{Transaction}")).TrimEnd('=').Replace('+', '-').Replace('/', '_');
}
