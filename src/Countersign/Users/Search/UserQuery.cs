using Countersign.Filtering;

namespace Countersign.Users.Search;

/// <summary>What a list of users is to show (contract 6.4).</summary>
public sealed record UserQuery
{
    /// <summary>What the users have to satisfy; null: nothing.</summary>
    public FilterExpression? Filter { get; init; }
    /// <summary>Whether the filter was read under <see cref="UserAttributes.SearchRules"/>, which ignore case.</summary>
    public bool IgnoresCase { get; init; }
    /// <summary>The attribute that orders the list; null: any stable order will do.</summary>
    public string? SortBy { get; init; }
    /// <summary>Whether the order is reversed.</summary>
    public bool Descending { get; init; }
    /// <summary>Users on a page.</summary>
    public required int Limit { get; init; }
    /// <summary>Where the page before ended; null for the first.</summary>
    public UserCursor? After { get; init; }

    /// <summary>Whether a list can be ordered by this attribute.</summary>
    public static bool CanSortBy(string name) => name is "id" or "type.id" or "status" || UserAttributes.IsIndexed(name);

    /// <summary>The query for users one of whose names begins with a text (<c>q</c>).</summary>
    public static UserQuery BeginningWith(string text, int limit)
    {
        var value = text.ToLowerInvariant();
        var names = new[] { "profile.login", "profile.email", "profile.firstName", "profile.lastName" };
        return new UserQuery
        {
            Filter = names.Select(name => (FilterExpression)new FilterExpression.Comparison(name, FilterOperators.StartsWith, value))
                .Aggregate((left, right) => new FilterExpression.Or(left, right)),
            IgnoresCase = true,
            Limit = limit,
        };
    }
}

/// <summary>Some users, and where to go on; null at the end.</summary>
public sealed record UserPage(IReadOnlyList<(User User, UserState State)> Users, UserCursor? Next);
