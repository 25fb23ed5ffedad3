using System.Security.Cryptography;
using System.Text;
using Countersign.Identifiers;
using Countersign.Sealing;
using Countersign.Users;

namespace Countersign.Factors.Transactions;

/// <summary>
/// Names one transaction to somebody outside and is the permission to answer it: whose it is, and a keyed hash over that. Nothing is searched for it, and nothing of it is
/// stored; whoever brings it was given it for this one transaction. 88 characters.
/// </summary>
/// <param name="User">The user.</param>
/// <param name="Factor">The factor.</param>
/// <param name="Transaction">The transaction's id.</param>
internal sealed record TransactionTicket(UserId User, FactorId Factor, string Transaction)
{
    /// <summary>The longest text that is looked at.</summary>
    public const int Longest = 200;

    /// <summary>The text that leaves the house.</summary>
    /// <param name="purpose">What it permits: a ticket counts for nothing else.</param>
    /// <param name="vault">Whose key the hash is of.</param>
    public string Write(string purpose, IVault vault) => $"{User.Value}.{Factor.Value}.{Transaction[FactorTransaction.Prefix.Length..]}.{Hash(purpose, vault)}";

    /// <summary>Reads what <see cref="Write"/> wrote for this purpose and a kind's factors; null for anything else.</summary>
    public static TransactionTicket? Read(string text, string purpose, string factorPrefix, IVault vault)
    {
        if (text.Length > Longest) return null;
        var parts = text.Split('.');
        if (parts.Length != 4 || !Identifier.HasForm(parts[0], UserId.Prefix) || !Identifier.HasForm(parts[1], factorPrefix)) return null;
        var ticket = new TransactionTicket(new UserId(parts[0]), new FactorId(parts[1]), FactorTransaction.Prefix + parts[2]);
        return CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(ticket.Hash(purpose, vault)), Encoding.UTF8.GetBytes(parts[3])) ? ticket : null;
    }

    /// <summary>A keyed hash of 16 bytes that belongs to the transaction and a purpose, base64url: 22 characters, known to nobody who knows the rest alone.</summary>
    public string Hash(string purpose, IVault vault)
        => vault.Fingerprint(Encoding.UTF8.GetBytes($"{purpose}/{User.Value}/{Factor.Value}/{Transaction}")).TrimEnd('=').Replace('+', '-').Replace('/', '_');
}
