using Countersign.Console.Api;

namespace Countersign.Console.Outbox;

/// <summary>What can be asked of <c>/countersign/v1/outbox</c>.</summary>
internal static class OutboxOperations
{
    private const int PageSize = 50;

    /// <summary>Path of the newest messages.</summary>
    /// <param name="recipient">Only messages to this phone number or address; empty for all.</param>
    public static string ListPath(string? recipient) => "/countersign/v1/outbox".WithQuery(("recipient", Recipient(recipient ?? "")), ("limit", PageSize.ToString()));

    /// <summary>The page of the console that shows the messages to somebody.</summary>
    public static string PageHref(string? recipient) => "outbox".WithQuery(("recipient", recipient));

    extension(ApiClient api)
    {
        /// <summary>Reads one page of messages.</summary>
        public Task<Page<OutboxMessage>> ListOutboxAsync(string path, CancellationToken cancellationToken)
            => api.GetPageAsync<OutboxMessage>(path, cancellationToken);
    }

    // A number may be pasted as people write it; the outbox has it without separators.
    private static string Recipient(string text)
        => text.All(letter => char.IsAsciiDigit(letter) || "+()-./ ".Contains(letter))
            ? string.Concat(text.Where(letter => char.IsAsciiDigit(letter) || letter == '+'))
            : text.Trim();
}
