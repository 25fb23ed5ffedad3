using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Net.Mail;
using Countersign.Identifiers;

namespace Countersign.Users;

/// <summary>The profile's properties and their rules (contract 6.1). Pure.</summary>
public static class UserProfile
{
    /// <summary>Characters of a property that has no bound of its own.</summary>
    public const int MaxLength = 1_000;

    private static readonly ImmutableArray<string> Required = ["login", "email", "firstName", "lastName"];

    private static readonly FrozenDictionary<string, (int Min, int Max)> Lengths = new[]
    {
        "secondEmail", "middleName", "honorificPrefix", "honorificSuffix", "title", "displayName", "nickName", "profileUrl", "primaryPhone", "mobilePhone",
        "streetAddress", "city", "state", "zipCode", "postalAddress", "preferredLanguage", "locale", "timezone", "userType", "employeeNumber", "costCenter",
        "organization", "division", "department", "managerId", "manager",
    }.ToDictionary(name => name, _ => (1, MaxLength)).Concat(new Dictionary<string, (int, int)>
    {
        ["login"] = (5, 100),
        ["email"] = (5, 100),
        ["firstName"] = (1, 50),
        ["lastName"] = (1, 50),
        ["countryCode"] = (2, 2),
    }).ToFrozenDictionary();

    /// <summary>Whether the profile has a property of this name.</summary>
    public static bool Defines(string name) => Lengths.ContainsKey(name);

    /// <summary>The profile after a change: null and empty values clear, and with <paramref name="replaces"/> so does what is not given.</summary>
    public static ImmutableSortedDictionary<string, string> Apply(
        ImmutableSortedDictionary<string, string> profile, IReadOnlyDictionary<string, string?> change, bool replaces)
    {
        var changed = replaces ? ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal) : profile.ToBuilder();
        foreach (var (name, value) in change)
        {
            if (string.IsNullOrEmpty(value)) changed.Remove(name);
            else changed[name] = value;
        }
        return changed.ToImmutable();
    }

    /// <summary>What is wrong with a profile, required properties first; empty when nothing is.</summary>
    /// <param name="profile">The profile as it would be.</param>
    /// <param name="given">The names that the client gave, set or not.</param>
    public static IReadOnlyList<FieldFault> Check(IReadOnlyDictionary<string, string> profile, IEnumerable<string> given) =>
    [
        .. Required.Where(name => !profile.TryGetValue(name, out var value) || string.IsNullOrWhiteSpace(value)).Select(name => new FieldFault(name, FieldFaultKind.Blank)),
        .. given.Where(name => !Defines(name)).Select(name => new FieldFault(name, FieldFaultKind.Undefined)).Take(20),
        .. profile.Where(property => Defines(property.Key) && !string.IsNullOrWhiteSpace(property.Value))
            .Select(property => Check(property.Key, property.Value)).OfType<FieldFault>(),
    ];

    private static FieldFault? Check(string name, string value)
    {
        var (min, max) = Lengths[name];
        if (value.Length < min) return new(name, FieldFaultKind.TooShort);
        if (value.Length > max) return new(name, FieldFaultKind.TooLong);
        var isFine = !value.Any(char.IsControl) && name switch
        {
            // A login that looks like an id would be taken for one in a path.
            "login" => !value.Any(char.IsWhiteSpace) && !Identifier.HasForm(value, UserId.Prefix),
            "email" or "secondEmail" => IsEmail(value),
            _ => true,
        };
        return isFine ? null : new(name, FieldFaultKind.Malformed);
    }

    private static bool IsEmail(string value) => !value.Any(char.IsWhiteSpace) && MailAddress.TryCreate(value, out var address) && address.Address == value;
}
