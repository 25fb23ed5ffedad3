using System.Collections.Immutable;

namespace Countersign.Factors.Transactions;

/// <summary>
/// The transactions of one factor. Their number is bounded, and what is over goes by itself: a finished one stays readable until <see cref="KeptAfter"/> past its end, unless
/// many newer ones finished since.
/// </summary>
public static class TransactionList
{
    /// <summary>How long an answer is waited for (contract 11.5).</summary>
    public static readonly TimeSpan Life = TimeSpan.FromMinutes(5);
    /// <summary>How long a transaction is still known after its time is over.</summary>
    public static readonly TimeSpan KeptAfter = TimeSpan.FromMinutes(5);
    /// <summary>Transactions of one factor that may wait at once.</summary>
    public const int MostOpen = 10;
    /// <summary>Finished transactions of one factor that are kept.</summary>
    public const int MostFinished = 40;

    extension(ImmutableArray<FactorTransaction> transactions)
    {
        /// <summary>The transaction of this id; null when there is none, or it is forgotten.</summary>
        public FactorTransaction? Find(string id, DateTimeOffset now)
        {
            foreach (var transaction in transactions)
                if (transaction.Id == id) return IsKept(transaction, now) ? transaction : null;
            return null;
        }

        /// <summary>Until when no further one may be opened; null when one may.</summary>
        public DateTimeOffset? FullUntil(DateTimeOffset now)
        {
            var (open, first) = (0, DateTimeOffset.MaxValue);
            foreach (var transaction in transactions)
            {
                if (!transaction.IsOpen(now)) continue;
                open++;
                if (transaction.ExpiresAt < first) first = transaction.ExpiresAt;
            }
            return open < MostOpen ? null : first;
        }

        /// <summary>The list with this transaction put in the place of its earlier self, or added, and without those that are over.</summary>
        public ImmutableArray<FactorTransaction> Put(FactorTransaction transaction, DateTimeOffset now)
        {
            var kept = transactions.RemoveAll(other => other.Id == transaction.Id || !IsKept(other, now)).Add(transaction);
            for (var over = kept.Count(other => !other.IsOpen(now)) - MostFinished; over > 0; over--)
                kept = kept.Remove(kept.First(other => !other.IsOpen(now)));
            return kept;
        }
    }

    private static bool IsKept(FactorTransaction transaction, DateTimeOffset now) => now < transaction.ExpiresAt + KeptAfter;
}
