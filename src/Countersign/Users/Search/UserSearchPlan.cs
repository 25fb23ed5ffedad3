using Countersign.Filtering;

namespace Countersign.Users.Search;

/// <summary>Chooses the scans of a query. Pure, and the same for the same query, so that a cursor can name a scan by its number.</summary>
internal static class UserSearchPlan
{
    /// <summary>The scans, in their order; none when nobody can match.</summary>
    public static IReadOnlyList<UserScan> Of(UserQuery query) => query.SortBy switch
    {
        null when query.Filter is { } filter && DisjunctiveForm.Of(filter, FilterParser.MaxComparisons) is { } terms => [.. terms.SelectMany(OfTerm).Distinct()],
        null => [UserScan.All()],
        "id" or "type.id" => [UserScan.All(query.Descending)],
        "status" => [.. ByStatus(query.Descending)],
        // Who lacks the attribute comes last; the first scan covers all others.
        var name => [new UserScan.ByAttribute(name, "", UserScan.Last, query.Descending), UserScan.All(query.Descending)],
    };

    /// <summary>Whether deactivated users are meant: lists leave them out otherwise (contract 6.4).</summary>
    public static bool AsksForDeprovisioned(FilterExpression? filter, bool ignoresCase) => filter switch
    {
        FilterExpression.And both => AsksForDeprovisioned(both.Left, ignoresCase) || AsksForDeprovisioned(both.Right, ignoresCase),
        FilterExpression.Or either => AsksForDeprovisioned(either.Left, ignoresCase) || AsksForDeprovisioned(either.Right, ignoresCase),
        FilterExpression.Comparison { Attribute: "status" } comparison
            => comparison.Accepts(ignoresCase ? UserStatus.Deprovisioned.Name.ToLowerInvariant() : UserStatus.Deprovisioned.Name),
        _ => false,
    };

    private static IEnumerable<UserScan> OfTerm(IReadOnlyList<FilterExpression.Comparison> term) => OfComparison(term.MinBy(Cost)!);

    /// <summary>How many users a comparison is likely to leave: the fewest first. Only the order of the numbers means something.</summary>
    private static int Cost(FilterExpression.Comparison comparison) => (comparison.Attribute, comparison.Operator) switch
    {
        ("id", FilterOperators.Equal) => 0,
        ("profile.login" or "profile.email", FilterOperators.Equal) => 1,
        ("type.id", _) => 9,
        ("status", FilterOperators.Equal) => comparison.Value.Equals(UserStatus.Active.Name, StringComparison.OrdinalIgnoreCase) ? 7 : 4,
        (var name, _) when name != "id" && !UserAttributes.IsIndexed(name) => 9,
        (_, FilterOperators.Equal) => 2,
        (_, FilterOperators.StartsWith) => 3,
        (_, FilterOperators.Greater or FilterOperators.GreaterOrEqual or FilterOperators.Less or FilterOperators.LessOrEqual) => 5,
        (_, FilterOperators.Present) => 6,
        _ => 8,
    };

    private static IEnumerable<UserScan> OfComparison(FilterExpression.Comparison comparison) => comparison switch
    {
        ("id", FilterOperators.Equal, var id) => [new UserScan.ById(id, id)],
        // A lock that has lasted its time is over before it is taken off the row.
        ("status", FilterOperators.Equal, var name) => UserStatuses.TryParse(name.ToUpperInvariant(), out var status)
            ? new[] { status, UserStatus.LockedOut }.Distinct().Select(one => new UserScan.ByStatus(one)) : [],
        var (name, @operator, value) when UserAttributes.IsIndexed(name) => [OfAttribute(name, @operator, UserAttributes.Indexed(value))],
        _ => [UserScan.All()],
    };

    /// <summary>The range of index values in which an attribute's matches lie; long values are cut in the index, so its ends are included.</summary>
    private static UserScan.ByAttribute OfAttribute(string name, FilterOperators @operator, string value) => @operator switch
    {
        FilterOperators.Equal => new(name, value, value),
        FilterOperators.StartsWith => new(name, value, value + UserScan.Last),
        FilterOperators.Greater or FilterOperators.GreaterOrEqual => new(name, value, UserScan.Last),
        FilterOperators.Less or FilterOperators.LessOrEqual => new(name, "", value),
        _ => new(name, "", UserScan.Last),
    };

    private static IEnumerable<UserScan> ByStatus(bool descending)
    {
        var statuses = Enum.GetValues<UserStatus>().OrderBy(status => status.Name, StringComparer.Ordinal);
        return (descending ? statuses.Reverse() : statuses).Select(status => new UserScan.ByStatus(status, descending));
    }
}
