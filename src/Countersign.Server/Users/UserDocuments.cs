using System.Text.Json.Nodes;
using Countersign.Links;
using Countersign.Server.Requests;
using Countersign.Users;
using Countersign.Users.Search;

namespace Countersign.Server.Users;

/// <summary>Renders users (contract 6.1).</summary>
internal sealed class UserDocuments(PublicUrl publicUrl)
{
    private const string SchemaId = "oscdefault0000000001";

    /// <summary>The public address.</summary>
    public string BaseUrl(HttpContext http) => publicUrl.Of(http);

    /// <summary>A user with the links that its status gives it.</summary>
    public JsonObject User(HttpContext http, User user, UserState state)
    {
        var baseUrl = publicUrl.Of(http);
        var document = Document(user, state);
        document["_links"] = Links(baseUrl, new UserUrls(baseUrl, user.Id.Value).User, state);
        return document;
    }

    /// <summary>A user as lists show it: the only link is <c>self</c>.</summary>
    public JsonObject Listed(HttpContext http, User user, UserState state)
    {
        var document = Document(user, state);
        document["_links"] = new JsonObject { ["self"] = Link(new UserUrls(publicUrl.Of(http), user.Id.Value).User) };
        return document;
    }

    /// <summary>The credentials alone, as the operations on them answer (contract 6.2).</summary>
    public static JsonObject Credentials(User user)
    {
        var credentials = new JsonObject();
        if (user.PasswordHash is not null) credentials["password"] = new JsonObject();
        if (user.RecoveryQuestion is { } question) credentials["recovery_question"] = new JsonObject { ["question"] = question };
        credentials["provider"] = new JsonObject { ["type"] = "OKTA", ["name"] = "OKTA" };
        return credentials;
    }

    private static JsonObject Document(User user, UserState state)
    {
        var credentials = Credentials(user);
        credentials.Insert(user.PasswordHash is null ? 0 : 1, "emails",
            new JsonArray(new JsonObject { ["value"] = user.Profile["email"], ["status"] = "VERIFIED", ["type"] = "PRIMARY" }));
        return new JsonObject
        {
            ["id"] = user.Id.Value,
            ["status"] = state.Status.Name,
            ["created"] = user.Created.ToTimestamp(),
            ["activated"] = user.Activated?.ToTimestamp(),
            ["statusChanged"] = state.StatusChanged?.ToTimestamp(),
            ["lastLogin"] = null,
            ["lastUpdated"] = user.LastUpdated.ToTimestamp(),
            ["passwordChanged"] = user.PasswordChanged?.ToTimestamp(),
            ["type"] = new JsonObject { ["id"] = UserAttributes.TypeId },
            ["profile"] = Profile(user),
            ["credentials"] = credentials,
        };
    }

    private static JsonObject Profile(User user)
    {
        var profile = new JsonObject
        {
            ["firstName"] = user.Profile["firstName"],
            ["lastName"] = user.Profile["lastName"],
            ["mobilePhone"] = user.Profile.GetValueOrDefault("mobilePhone"),
            ["secondEmail"] = user.Profile.GetValueOrDefault("secondEmail"),
            ["login"] = user.Profile["login"],
            ["email"] = user.Profile["email"],
        };
        foreach (var (name, value) in user.Profile) profile.TryAdd(name, value);
        return profile;
    }

    private static JsonObject Links(string baseUrl, string self, UserState state)
    {
        var links = new JsonObject
        {
            ["self"] = Link(self),
            ["schema"] = Link($"{baseUrl}/api/v1/meta/schemas/user/{SchemaId}"),
            ["type"] = Link($"{baseUrl}/api/v1/meta/types/user/{UserAttributes.TypeId}"),
        };
        foreach (var operation in Operations(state.Status)) links[operation] = Operation(self, operation);
        if (!state.Factors.IsEmpty) links["resetFactors"] = Operation(self, "resetFactors");
        return links;
    }

    /// <summary>The operations that a status allows (contract 6.1).</summary>
    private static string[] Operations(UserStatus status) => status switch
    {
        UserStatus.Staged => ["activate"],
        UserStatus.Provisioned => ["deactivate", "reactivate", "resetPassword", "suspend"],
        UserStatus.Suspended => ["deactivate", "unsuspend"],
        UserStatus.Deprovisioned => ["activate", "delete"],
        UserStatus.LockedOut => ["unlock", .. WhenActive],
        _ => WhenActive,
    };

    private static readonly string[] WhenActive =
        ["suspend", "deactivate", "resetPassword", "expirePassword", "forgotPassword", "changePassword", "changeRecoveryQuestion"];

    private static JsonObject Operation(string self, string operation) => operation switch
    {
        "delete" => new JsonObject { ["href"] = self, ["method"] = "DELETE" },
        "forgotPassword" or "changePassword" or "changeRecoveryQuestion" => Post($"{self}/credentials/{Snake(operation)}"),
        _ => Post($"{self}/lifecycle/{Snake(operation)}"),
    };

    /// <summary>An operation's name as its path spells it: <c>resetFactors</c> is <c>reset_factors</c>.</summary>
    private static string Snake(string operation) => string.Concat(operation.Select(letter => char.IsAsciiLetterUpper(letter) ? $"_{char.ToLowerInvariant(letter)}" : $"{letter}"));

    private static JsonObject Post(string href) => new() { ["href"] = href, ["method"] = "POST" };

    private static JsonObject Link(string href) => new() { ["href"] = href };
}
