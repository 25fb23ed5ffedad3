using Countersign.Identifiers;
using Countersign.Server.Requests;
using Countersign.Users;

namespace Countersign.Server.Users;

/// <summary>Finds the user that a path means: an id, <c>me</c>, or a login (contract 6.2, 8).</summary>
internal sealed class UserResolver(IUserCommits users)
{
    /// <summary>The id; null when a login belongs to nobody. An id is not looked up: whether it exists shows when it is used.</summary>
    public ValueTask<UserId?> ResolveAsync(HttpContext http, string userRef)
    {
        if (Identifier.HasForm(userRef, UserId.Prefix)) return new(new UserId(userRef));
        if (userRef == "me") return new(ApiRequest.Of(http).Token?.OwnerId);
        return new(users.FindByLoginAsync(Uri.UnescapeDataString(userRef), http.RequestAborted));
    }
}
