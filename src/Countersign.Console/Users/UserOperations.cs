using Countersign.Console.Api;

namespace Countersign.Console.Users;

/// <summary>What can be asked of <c>/api/v1/users</c>.</summary>
internal static class UserOperations
{
    private const int PageSize = 50;

    /// <summary>Path of the first page of the users that match.</summary>
    /// <param name="text">Words that names, email or login begin with, or a search expression; empty for all.</param>
    /// <param name="status">Only users in this status; null for all but the deprovisioned ones.</param>
    public static string ListPath(string? text, string? status)
    {
        var words = (text ?? "").Trim();
        var search = SearchExpression.All(
            SearchExpression.IsOne(words)
                ? $"({words})"
                : SearchExpression.WordsBegin(words, "profile.firstName", "profile.lastName", "profile.email", "profile.login"),
            string.IsNullOrEmpty(status) ? null : $"status eq {SearchExpression.Quote(status)}");
        return "/api/v1/users".WithQuery(("search", search), ("limit", PageSize.ToString()));
    }

    extension(ApiClient api)
    {
        /// <summary>Reads one user by id or login.</summary>
        public Task<User> GetUserAsync(string id, CancellationToken cancellationToken)
            => api.GetAsync<User>(Path(id), cancellationToken);

        /// <summary>Makes a user.</summary>
        public Task<User> CreateUserAsync(NewUser user, bool activate, CancellationToken cancellationToken)
            => api.PostAsync<NewUser, User>("/api/v1/users".WithQuery(("activate", activate ? "true" : "false")), user, cancellationToken);

        /// <summary>Changes the given attributes and leaves the others.</summary>
        public Task<User> ChangeProfileAsync(string id, ProfileChange change, CancellationToken cancellationToken)
            => api.PostAsync<ProfileChange, User>(Path(id), change, cancellationToken);

        /// <summary>Moves a user through the life cycle.</summary>
        public Task RunAsync(LifecycleOperation operation, string id, CancellationToken cancellationToken)
            => operation == LifecycleOperation.Delete
                ? api.DeleteAsync(Path(id), cancellationToken)
                : api.PostAsync($"{Path(id)}/lifecycle/{operation.Path}", cancellationToken);
    }

    private static string Path(string id) => $"/api/v1/users/{Uri.EscapeDataString(id)}";
}
