using Countersign.Identifiers;
using Countersign.Users;

namespace Countersign.Storage.Signals;

/// <summary>
/// What nodes tell each other in a notification: who says it, a blank, and the users of whom something changed, separated by blanks; or one of two signs in their place. PostgreSQL
/// takes at most 7,999 bytes; a payload of ours has less, and names ids alone.
/// </summary>
internal static class SignalPayload
{
    /// <summary>In place of users: anything may have changed.</summary>
    public const string Everything = "*";
    /// <summary>In place of users: a node finds out whether it hears itself.</summary>
    public const string Echo = "?";

    /// <summary>Users of one payload.</summary>
    public const int MostUsers = 300;
    private const int MostCharacters = 7_999;

    public static string Write(string node, string what) => $"{node} {what}";

    public static IEnumerable<string> Write(string node, IEnumerable<UserId> users)
        => users.Chunk(MostUsers).Select(chunk => Write(node, string.Join(' ', chunk.Select(user => user.Value))));

    /// <summary>Reads what a node said; what else stands on the channel says nothing.</summary>
    /// <param name="payload">The text.</param>
    /// <param name="from">The node.</param>
    /// <param name="what">One of the signs; null when users are named.</param>
    /// <param name="users">The users.</param>
    public static bool TryRead(string payload, out string from, out string? what, out IReadOnlyList<UserId> users)
    {
        (from, what, users) = ("", null, []);
        if (payload.Length > MostCharacters || payload.Split(' ') is not [var node, .. var rest] || rest.Length is 0 or > MostUsers) return false;
        from = node;
        if (rest is [Everything or Echo])
        {
            what = rest[0];
            return true;
        }
        if (!rest.All(id => Identifier.HasForm(id, UserId.Prefix))) return false;
        users = [.. rest.Select(id => new UserId(id))];
        return true;
    }
}
