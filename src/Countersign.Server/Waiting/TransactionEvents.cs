using Countersign.Factors;
using Countersign.Server.Json;
using Countersign.Users;

namespace Countersign.Server.Waiting;

/// <summary>
/// Tells how a transaction stands as server-sent events (HTML, §9.2): <c>transaction</c> with what a poll would be answered, at once and at each change; <c>refused</c> with an error's envelope when there
/// is nothing more to tell; a comment in long silence. It ends after the final result, and when the server stops.
/// </summary>
/// <param name="requests">Those that wait.</param>
/// <param name="user">Whose transaction it is.</param>
/// <param name="look">Looks how it stands.</param>
/// <param name="render">What a poll is answered.</param>
/// <param name="clock">The time.</param>
internal sealed class TransactionEvents(
    WaitingRequests requests, UserId user, Func<Task<FactorOutcome>> look, Func<FactorOutcome, ValueTask<IResult>> render, TimeProvider clock) : IResult
{
    public const string MediaType = "text/event-stream";

    private static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(15);

    /// <summary>Whether the request asks for events: it takes them, and does not take JSON.</summary>
    public static bool AreAskedFor(HttpRequest request)
    {
        var accepted = request.GetTypedHeaders().Accept;
        return accepted.Any(type => type.MediaType.Equals(MediaType, StringComparison.OrdinalIgnoreCase) && type.Quality is null or > 0)
            && !accepted.Any(type => type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase));
    }

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        using var waiting = requests.Begin(httpContext, user);
        var outcome = await look();
        if (outcome is FactorOutcome.Refused) await (await render(outcome)).ExecuteAsync(httpContext);
        else await TellAsync(EventStream.Begin(httpContext), waiting, outcome);
    }

    private async Task TellAsync(EventStream stream, WaitingRequests.Waiting? waiting, FactorOutcome outcome)
    {
        byte[]? told = null;
        for (var lastWritten = clock.GetUtcNow(); ;)
        {
            var document = ((IJsonAnswer)await render(outcome)).ToBytes();
            if (told is null || !told.AsSpan().SequenceEqual(document))
            {
                await stream.WriteAsync(outcome is FactorOutcome.Refused ? "refused" : "transaction", document);
                (told, lastWritten) = (document, clock.GetUtcNow());
            }
            else if (clock.GetUtcNow() - lastWritten >= LongestSilence)
            {
                await stream.WriteCommentAsync();
                lastWritten = clock.GetUtcNow();
            }
            if (waiting is null || WaitingRequests.TransactionOf(outcome) is not { } transaction) return;
            if (!await waiting.WaitAsync(transaction.ExpiresAt, lastWritten + LongestSilence - clock.GetUtcNow())) return;
            outcome = await look();
        }
    }
}
