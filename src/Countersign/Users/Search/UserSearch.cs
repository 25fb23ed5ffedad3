using Countersign.Attempts;

namespace Countersign.Users.Search;

/// <summary>
/// Finds users page by page. A plan names the scans that together come past everybody who can match; each user that a scan comes past is judged by the whole
/// filter, and one that an earlier scan covers is left to that. A request looks at a bounded number of users, however many there are: what is left follows
/// with the next page, which may be empty.
/// </summary>
public sealed class UserSearch(IUserStore users, AttemptRules attempts, UserLimits limits, TimeProvider clock)
{
    private const int LargestChunk = 500;

    /// <summary>A page; null when the cursor is not one of this query's.</summary>
    public async Task<UserPage?> ListAsync(UserQuery query, CancellationToken cancellationToken)
    {
        var plan = UserSearchPlan.Of(query);
        var (at, place) = query.After is { } after ? (after.Scan, (UserPlace?)after.Place) : (0, null);
        if (query.After is not null && at >= plan.Count) return null;
        var now = clock.GetUtcNow();
        var found = new List<(User, UserState)>();
        var left = limits.ScannedPerRequest;
        var size = query.Filter is null ? query.Limit + 1 : LargestChunk;
        UserCursor? last = query.After;
        for (; at < plan.Count; (at, place) = (at + 1, null))
        {
            for (var more = true; more; size = Math.Min(2 * size, LargestChunk))
            {
                var count = Math.Min(size, left);
                if (count == 0) return new UserPage(found, last);
                var chunk = await users.ScanAsync(plan[at], place, count, cancellationToken);
                left -= chunk.Count;
                more = chunk.Count == count;
                foreach (var (user, stored, here) in chunk)
                {
                    var state = attempts.EndLock(stored, now);
                    if (Matches(query, user, state) && !plan.Take(at).Any(earlier => earlier.Covers(user, stored)))
                    {
                        if (found.Count == query.Limit) return new UserPage(found, last);
                        found.Add((user, state));
                    }
                    (last, place) = (new UserCursor(at, here), here);
                }
            }
        }
        return new UserPage(found, null);
    }

    private static bool Matches(UserQuery query, User user, UserState state)
    {
        if (state.Status == UserStatus.Deprovisioned && !UserSearchPlan.AsksForDeprovisioned(query.Filter, query.IgnoresCase)) return false;
        return query.Filter is null || query.Filter.Matches(name => UserAttributes.ValueOf(user, state, name) is not { } value ? []
            : [query.IgnoresCase && UserAttributes.SearchRules.Find(name) is { IgnoresCase: true } ? value.ToLowerInvariant() : value]);
    }
}
