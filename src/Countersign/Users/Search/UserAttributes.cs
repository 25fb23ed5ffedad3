using System.Globalization;
using Countersign.Filtering;

namespace Countersign.Users.Search;

/// <summary>The attributes that users are searched by (contract 6.4), and their values in the index.</summary>
public static class UserAttributes
{
    /// <summary>The id of the only user type.</summary>
    public const string TypeId = "otydefault0000000001";

    private const string ProfilePrefix = "profile.";
    private const int MostIndexed = 256;
    private const FilterOperators Searchable = FilterOperators.Equal | FilterOperators.Order | FilterOperators.StartsWith | FilterOperators.Contains | FilterOperators.Present;
    private const FilterOperators SearchableDates = FilterOperators.Equal | FilterOperators.Order | FilterOperators.Present;

    /// <summary>What <c>filter</c> may say; values with regard to case.</summary>
    public static readonly FilterRules FilterRules = new(name => name switch
    {
        "id" or "status" or "profile.login" or "profile.email" or "profile.firstName" or "profile.lastName" => new FilterAttribute(FilterOperators.Equal),
        "lastUpdated" => new FilterAttribute(FilterOperators.Equal | FilterOperators.Order, IsDate: true),
        _ => null,
    });

    /// <summary>What <c>search</c> may say; values without regard to case, except ids.</summary>
    public static readonly FilterRules SearchRules = new(name => name switch
    {
        "id" or "type.id" => new FilterAttribute(Searchable),
        "status" => new FilterAttribute(Searchable, IgnoresCase: true),
        "created" or "activated" or "statusChanged" or "lastUpdated" => new FilterAttribute(SearchableDates, IsDate: true),
        _ when IsProfile(name) => new FilterAttribute(Searchable, IgnoresCase: true),
        _ => null,
    });

    /// <summary>Whether the attribute is in the index.</summary>
    public static bool IsIndexed(string name) => name is "created" or "activated" or "lastUpdated" || IsProfile(name);

    /// <summary>All that the index holds of a user.</summary>
    public static IEnumerable<(string Name, string Value)> AllIndexed(User user)
        => from name in user.Profile.Keys.Where(UserProfile.Defines).Select(name => ProfilePrefix + name).Concat(["created", "activated", "lastUpdated"])
           let value = IndexedOf(user, name)
           where value is not null
           select (name, value);

    /// <summary>The value of an attribute as the index holds it, or null.</summary>
    public static string? IndexedOf(User user, string name) => IsIndexed(name) && ValueOf(user, null, name) is { } value ? Indexed(value) : null;

    /// <summary>A value as the index holds it: in lower case and bounded in length.</summary>
    public static string Indexed(string value)
    {
        var length = Math.Min(value.Length, MostIndexed);
        if (length < value.Length && char.IsHighSurrogate(value[length - 1])) length--;
        return value[..length].ToLowerInvariant();
    }

    /// <summary>The value of an attribute; null when it is unset.</summary>
    public static string? ValueOf(User user, UserState? state, string name) => name switch
    {
        "id" => user.Id.Value,
        "status" => state?.Status.Name,
        "type.id" => TypeId,
        "created" => Date(user.Created),
        "activated" => Date(user.Activated),
        "lastUpdated" => Date(user.LastUpdated),
        "statusChanged" => Date(state?.StatusChanged),
        _ => name.StartsWith(ProfilePrefix, StringComparison.Ordinal) ? user.Profile.GetValueOrDefault(name[ProfilePrefix.Length..]) : null,
    };

    private static bool IsProfile(string name) => name.StartsWith(ProfilePrefix, StringComparison.Ordinal) && UserProfile.Defines(name[ProfilePrefix.Length..]);

    private static string? Date(DateTimeOffset? instant) => instant?.UtcDateTime.ToString(FilterParser.DateFormat, CultureInfo.InvariantCulture);
}
