namespace Countersign.Users.Search;

/// <summary>A walk over users in the order of one index: what the store does for a search. Closed: nothing outside this file can add a case.</summary>
/// <param name="Descending">Whether it walks backwards.</param>
public abstract record UserScan(bool Descending)
{
    /// <summary>The character after which no text goes on; with it behind, a text is the end of the range of all that begin with it.</summary>
    public const string Last = "\U0010FFFF";

    /// <summary>By id, from one to another, both included.</summary>
    public sealed record ById(string Low, string High, bool Descending = false) : UserScan(Descending);

    /// <summary>The users of one status, by id.</summary>
    public sealed record ByStatus(UserStatus Status, bool Descending = false) : UserScan(Descending);

    /// <summary>The users with a value of an attribute in a range, both ends included, by value and id. Values are <see cref="UserAttributes.Indexed"/>.</summary>
    public sealed record ByAttribute(string Name, string Low, string High, bool Descending = false) : UserScan(Descending);

    /// <summary>All users, by id.</summary>
    public static UserScan All(bool descending = false) => new ById("", Last, descending);

    /// <summary>Whether the scan comes past this user.</summary>
    public bool Covers(User user, UserState state) => this switch
    {
        ById scan => string.CompareOrdinal(user.Id.Value, scan.Low) >= 0 && string.CompareOrdinal(user.Id.Value, scan.High) <= 0,
        ByStatus scan => state.Status == scan.Status,
        ByAttribute scan => UserAttributes.IndexedOf(user, scan.Name) is { } value
            && string.CompareOrdinal(value, scan.Low) >= 0 && string.CompareOrdinal(value, scan.High) <= 0,
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}

/// <summary>Where a scan stands: behind this value and id. The value is empty where a scan goes by id alone.</summary>
public readonly record struct UserPlace(string Value, string Id);

/// <summary>A user that a scan came past.</summary>
public readonly record struct ScannedUser(User User, UserState State, UserPlace Place);
