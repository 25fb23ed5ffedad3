using System.Text.Json.Nodes;
using Countersign.Identifiers;
using Countersign.Outbox;
using Countersign.Server.Errors;
using Countersign.Server.Json;
using Countersign.Server.OpenApi;
using Countersign.Server.Requests;
using Countersign.Tokens;

namespace Countersign.Server.Outbox;

/// <summary>The messages to people: sent, waiting, or kept because nobody sends (architecture 8).</summary>
internal static class OutboxEndpoints
{
    private const int UsualLimit = 50, MostOnPage = 200;

    public static void MapOutbox(this IEndpointRouteBuilder routes)
    {
        var outbox = routes.MapGroup("/countersign/v1/outbox").WithTags("Outbox").InRateLimitGroup("Outbox").RequireScope(ApiScopes.OutboxRead);
        outbox.MapGet("/", ListAsync).WithName("ListOutbox").Answers<OutboxMessageShape[]>()
            .TakesQuery("recipient", "only messages to this phone number (E.164) or address")
            .TakesNumber("limit", "messages on a page", 1, MostOnPage, UsualLimit)
            .TakesQuery("after", "where the page before ended");
        outbox.MapGet("/{messageId}", GetAsync).WithName("GetOutboxMessage").Answers<OutboxMessageShape>();
    }

    /// <summary>Lists messages, newest first. What a message says is shown only while the outbox alone keeps it, because nobody sends on its channel.</summary>
    internal static async Task<IResult> ListAsync(HttpContext http, IOutbox outbox, MessageReader messages, PublicUrl publicUrl)
    {
        if (!Query.TryReadLimit(http, UsualLimit, MostOnPage, out var limit)) return ApiErrors.InvalidPaging.ToResult();
        var after = Query.ReadText(http, "after");
        if (after is not null && !Identifier.HasForm(after, OutboxMessage.IdPrefix)) return ApiErrors.InvalidPaging.ToResult();
        var entries = await outbox.ListAsync(new OutboxQuery(Query.ReadText(http, "recipient"), after, limit + 1), http.RequestAborted);
        PageLinks.Write(http, publicUrl.Of(http), limit, entries.Count > limit ? entries[limit - 1].Id : null);
        var documents = new JsonArray();
        foreach (var entry in entries.Take(limit)) documents.Add((JsonNode)await DocumentAsync(entry, messages, http.RequestAborted));
        return new JsonResult(documents);
    }

    /// <summary>Shows a message.</summary>
    internal static async Task<IResult> GetAsync(HttpContext http, string messageId, IOutbox outbox, MessageReader messages)
        => await outbox.FindAsync(messageId, http.RequestAborted) is { } entry
            ? new JsonResult(await DocumentAsync(entry, messages, http.RequestAborted))
            : ApiErrors.NotFound(messageId, "Message").ToResult();

    private static async ValueTask<JsonObject> DocumentAsync(OutboxEntry entry, MessageReader messages, CancellationToken cancellationToken)
    {
        var document = new JsonObject
        {
            ["id"] = entry.Id,
            ["channel"] = entry.Channel.Name,
            ["recipient"] = entry.Recipient,
            ["status"] = entry.Status.Name,
            ["created"] = entry.Created.ToTimestamp(),
            ["expires"] = entry.Expires.ToTimestamp(),
            ["lastUpdated"] = entry.Updated.ToTimestamp(),
            ["attempts"] = entry.Attempts,
        };
        if (entry.Channel != Channel.EventHook) document["purpose"] = entry.Purpose.Name;
        Set("userId", entry.User?.Value);
        Set("factorId", entry.Factor?.Value);
        Set("provider", entry.Provider);
        Set("reference", entry.Reference);
        Set("reason", entry.Reason);
        if (entry.Status != OutboxStatus.Kept || await messages.ReadAsync(entry, cancellationToken) is not { } message) return document;
        Set("code", message.Code);
        Set("link", message.Link);
        document["language"] = message.Language;
        Set("subject", message.Subject);
        document["text"] = message.Text;
        Set("html", message.Html);
        return document;

        void Set(string name, string? value)
        {
            if (value is not null) document[name] = value;
        }
    }
}

/// <summary>A message of the outbox.</summary>
internal sealed record OutboxMessageShape
{
    /// <summary>The message's id, also the idempotency key that providers are given.</summary>
    public required string Id { get; init; }
    /// <summary><c>sms</c>, <c>call</c>, <c>email</c>, <c>eventHook</c> or <c>push</c>.</summary>
    public required string Channel { get; init; }
    /// <summary>The phone number or address; the id of the hook; the id of the factor whose device is told.</summary>
    public required string Recipient { get; init; }
    /// <summary><c>WAITING</c>, <c>KEPT</c>, <c>SENT</c>, <c>DELIVERED</c>, <c>UNDELIVERED</c>, <c>FAILED</c>, <c>EXPIRED</c> or <c>SUPERSEDED</c>.</summary>
    public required string Status { get; init; }
    /// <summary>When it was made.</summary>
    public required DateTimeOffset Created { get; init; }
    /// <summary>From when on it is not sent.</summary>
    public required DateTimeOffset Expires { get; init; }
    /// <summary>When it last changed.</summary>
    public required DateTimeOffset LastUpdated { get; init; }
    /// <summary>How often it was taken up to be sent.</summary>
    public required int Attempts { get; init; }
    /// <summary><c>ACTIVATION</c>, <c>VERIFICATION</c>, <c>ACTIVATION_LINK</c> or <c>REPORT</c>.</summary>
    public string? Purpose { get; init; }
    /// <summary>Whose it is.</summary>
    public string? UserId { get; init; }
    /// <summary>The factor whose code or link it carries.</summary>
    public string? FactorId { get; init; }
    /// <summary>The provider that accepted it, or was tried last.</summary>
    public string? Provider { get; init; }
    /// <summary>The provider's own id of it.</summary>
    public string? Reference { get; init; }
    /// <summary>Why it was not sent, or did not arrive.</summary>
    public string? Reason { get; init; }
    /// <summary>The code, while the outbox alone keeps the message.</summary>
    public string? Code { get; init; }
    /// <summary>The activation link, likewise.</summary>
    public string? Link { get; init; }
    /// <summary>The language of its texts, likewise.</summary>
    public string? Language { get; init; }
    /// <summary>A mail's subject, likewise.</summary>
    public string? Subject { get; init; }
    /// <summary>Its text, likewise.</summary>
    public string? Text { get; init; }
    /// <summary>A mail's HTML, likewise.</summary>
    public string? Html { get; init; }
}
