using Countersign.Identifiers;
using Countersign.Server.Requests;
using Countersign.Users;

namespace Countersign.Server.Users;

/// <summary>Finds the user that a path means: an id, <c>me</c>, a login, or its part before the <c>@</c> (contract 6.2, 8).</summary>
internal sealed class UserResolver(IUserCommits users)
{
    private const int LongestLogin = 100;

    /// <summary>The id; null when a login belongs to nobody. An id is not looked up: whether it exists shows when it is used.</summary>
    public ValueTask<UserId?> ResolveAsync(HttpContext http, string userRef)
    {
        if (Identifier.HasForm(userRef, UserId.Prefix)) return new(new UserId(userRef));
        if (userRef == "me") return new(ApiRequest.Of(http).Token?.OwnerId);
        // The path is decoded already, but for the one character that would have ended a segment of it.
        var login = userRef.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
        return login.Length > LongestLogin || login.Any(char.IsControl) ? new((UserId?)null) : new(users.FindByLoginAsync(login, http.RequestAborted));
    }
}
