using Countersign.Claims;
using Countersign.Factors;
using Countersign.Storage.Commits;
using Countersign.Users;

namespace Countersign.Storage.Claims;

/// <summary>Claims as rows. One statement decides: of two factors that take the same thing, one sees a row change.</summary>
internal static class ClaimRows
{
    private const string Take = """
        INSERT INTO claim(key, user_id, factor_id, since, counter) VALUES(@key, @user, @factor, @now, @counter)
        ON CONFLICT(key) DO UPDATE SET user_id = excluded.user_id, factor_id = excluded.factor_id, since = excluded.since, counter = excluded.counter, last_verified = NULL
        WHERE claim.counter <= @usedUntil AND (claim.user_id IS NULL OR claim.user_id = excluded.user_id AND claim.factor_id = excluded.factor_id)
        """;
    private const string Touch = "UPDATE claim SET counter = @counter, last_verified = @now WHERE key = @key AND user_id = @user AND factor_id = @factor";
    // What was used is remembered; what has no counter leaves nothing behind.
    private const string Forget = "DELETE FROM claim WHERE user_id = @user AND factor_id = @factor AND counter < 0";
    private const string Release = "UPDATE claim SET user_id = NULL, factor_id = NULL, since = NULL, last_verified = NULL WHERE user_id = @user AND factor_id = @factor";

    /// <summary>Makes a change; false when it is refused, and then nothing was changed.</summary>
    public static async ValueTask<bool> ChangeAsync(Work work, UserId user, ClaimChange change) => change switch
    {
        ClaimChange.Take take => await work.ExecuteAsync(Take, ("@key", take.Key), ("@user", user.Value), ("@factor", take.Factor.Value),
            ("@now", work.Now.ToUnixTimeMilliseconds()), ("@counter", take.Counter), ("@usedUntil", take.UsedUntil)) == 1,
        ClaimChange.Touch touch => await work.ExecuteAsync(Touch, ("@key", touch.Key), ("@user", user.Value), ("@factor", touch.Factor.Value),
            ("@now", work.Now.ToUnixTimeMilliseconds()), ("@counter", touch.Counter)) >= 0,
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>The factors that a new state has no longer: what they had claimed is free from now on.</summary>
    public static IReadOnlyList<FactorId> Gone(UserState before, UserState after)
        => after.Factors.Length >= before.Factors.Length ? [] : [.. before.Factors.Where(factor => after.Find(factor.Id) is null).Select(factor => factor.Id)];

    /// <summary>Frees what factors that are gone had claimed.</summary>
    public static async ValueTask ReleaseAsync(Work work, UserId user, IReadOnlyList<FactorId> gone)
    {
        foreach (var factor in gone)
        {
            await work.ExecuteAsync(Forget, ("@user", user.Value), ("@factor", factor.Value));
            await work.ExecuteAsync(Release, ("@user", user.Value), ("@factor", factor.Value));
        }
    }
}
