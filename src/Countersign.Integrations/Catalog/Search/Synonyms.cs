using System.Collections.Frozen;

namespace Countersign.Integrations.Catalog.Search;

/// <summary>Words that people use for one another, words that say nothing, and what verbs say of the HTTP method.</summary>
public static class Synonyms
{
    private static readonly string[][] Groups =
    [
        ["create", "add", "new", "insert", "register", "make"],
        ["create", "post"],
        ["update", "put"],
        ["delete", "remove", "destroy", "erase"],
        ["list", "get", "all", "browse"],
        ["get", "retrieve", "fetch", "read", "show", "view", "describe"],
        ["search", "find", "query", "lookup"],
        ["update", "edit", "modify", "change", "patch"],
        ["verify", "check", "validate", "confirm"],
        ["enroll", "register", "enrol"],
        ["user", "member", "person", "people"],
        ["mfa", "factor", "2fa", "multifactor"],
        ["passcode", "otp", "code"],
        ["email", "mail"],
        ["sms", "text"],
        ["start", "begin", "run", "launch"],
        ["generate", "create"],
        ["image", "picture", "photo"],
        ["channel", "conversation"],
        ["repository", "repo"],
        ["organization", "organisation", "org"],
        ["database", "db"],
        ["invite", "invitation"],
        ["pay", "payment", "charge"],
    ];

    private static readonly FrozenDictionary<string, string[]> Others = Groups
        .SelectMany(group => group.Select(word => (word, others: group.Where(other => other != word))))
        .GroupBy(pair => pair.word, pair => pair.others)
        .ToFrozenDictionary(group => group.Key, group => group.SelectMany(others => others).Distinct().ToArray(), StringComparer.Ordinal);

    private static readonly FrozenSet<string> Empty = FrozenSet.Create(StringComparer.Ordinal,
        "a", "an", "the", "of", "to", "for", "in", "on", "by", "with", "and", "or", "from", "at", "my", "is", "how", "via", "api");

    private static readonly FrozenDictionary<string, string[]> Methods = new Dictionary<string, string[]>
    {
        ["create"] = ["POST", "PUT"],
        ["add"] = ["POST", "PUT"],
        ["new"] = ["POST", "PUT"],
        ["insert"] = ["POST", "PUT"],
        ["register"] = ["POST", "PUT"],
        ["enroll"] = ["POST"],
        ["send"] = ["POST"],
        ["post"] = ["POST"],
        ["upload"] = ["POST", "PUT"],
        ["verify"] = ["POST"],
        ["check"] = ["POST"],
        ["run"] = ["POST"],
        ["start"] = ["POST"],
        ["generate"] = ["POST"],
        ["list"] = ["GET"],
        ["get"] = ["GET"],
        ["retrieve"] = ["GET"],
        ["fetch"] = ["GET"],
        ["read"] = ["GET"],
        ["show"] = ["GET"],
        ["find"] = ["GET", "POST"],
        ["search"] = ["GET", "POST"],
        ["query"] = ["GET", "POST"],
        ["delete"] = ["DELETE"],
        ["remove"] = ["DELETE"],
        ["destroy"] = ["DELETE"],
        ["update"] = ["PUT", "PATCH", "POST"],
        ["edit"] = ["PUT", "PATCH", "POST"],
        ["change"] = ["PUT", "PATCH", "POST"],
        ["modify"] = ["PUT", "PATCH", "POST"],
        ["replace"] = ["PUT"],
        ["patch"] = ["PATCH"],
        ["put"] = ["PUT"],
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>What may stand for a word.</summary>
    public static IReadOnlyList<string> Of(string word) => Others.TryGetValue(word, out var others) ? others : [];

    /// <summary>Whether a word may be left out of a query.</summary>
    public static bool IsEmpty(string word) => Empty.Contains(word);

    /// <summary>Whether a verb is what such a request does: null when the word is no verb that says.</summary>
    public static bool? Fits(string word, string method) => Methods.TryGetValue(word, out var methods) ? methods.Contains(method) : null;
}
