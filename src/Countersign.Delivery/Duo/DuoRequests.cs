using System.Net;
using System.Text.Json;
using Countersign.Delivery.Http;
using Countersign.Factors.Duo;
using Microsoft.Extensions.Logging;

namespace Countersign.Delivery.Duo;

/// <summary>Sends what both of Duo's interfaces are sent, and says in the process's log why Duo did not serve us.</summary>
internal sealed partial class DuoRequests(TimeProvider clock, ILogger logger) : IDisposable
{
    private readonly BoundedHttpClient _client = new(clock);

    /// <summary>Sends a request and reads an object with status 200. Whatever else comes is the reply in its place.</summary>
    /// <param name="request">The request.</param>
    /// <param name="limit">How long the answer may take.</param>
    /// <param name="whenLate">The reply when it takes longer.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<(JsonElement Body, DuoReply? Instead)> SendAsync(HttpRequestMessage request, TimeSpan limit, DuoReply whenLate, CancellationToken cancellationToken)
    {
        using var time = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        time.CancelAfter(limit);
        var reply = await _client.SendAsync(request, time.Token).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        var path = request.RequestUri!.AbsolutePath;
        return reply switch
        {
            HttpReply.Silent { TimedOut: true } or HttpReply.Answered { Fault: BodyFault.Late } => (default, whenLate is DuoReply.Silent ? Silent(path, "no answer in time") : whenLate),
            HttpReply.Silent silent => (default, Silent(path, silent.Reason)),
            HttpReply.Answered { Fault: not BodyFault.None and var fault } => (default, Silent(path, fault.Reason)),
            HttpReply.Answered { Status: >= HttpStatusCode.InternalServerError and var status } => (default, Silent(path, $"status {(int)status}")),
            HttpReply.Answered answered when JsonBody.ReadObject(answered.Body) is { } body => answered.Status == HttpStatusCode.OK ? (body, null) : (default, Refused(path, Reason(answered, body))),
            HttpReply.Answered answered => (default, Refused(path, $"status {(int)answered.Status} and no JSON")),
            _ => (default, Silent(path, "what came is not HTTP")),
        };
    }

    /// <summary>Duo does not serve us.</summary>
    public DuoReply Refused(string path, string reason)
    {
        LogRefused(logger, path, reason);
        return new DuoReply.Refused();
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private DuoReply.Silent Silent(string path, string reason)
    {
        LogSilent(logger, path, reason);
        return new DuoReply.Silent();
    }

    /// <summary>Errors of the Auth API and of the Universal Prompt, which have other names for the same.</summary>
    private static string Reason(HttpReply.Answered answered, JsonElement body)
        => BoundedText.Of($"status {(int)answered.Status}: {body.Text("message") ?? body.Text("error")} {body.Text("message_detail") ?? body.Text("error_description")}")!;

    [LoggerMessage(2007, LogLevel.Warning, "Duo does not serve us at {Path}: {Reason}", EventName = nameof(EventIds.DuoRefused))]
    private static partial void LogRefused(ILogger logger, string path, string reason);

    [LoggerMessage(2008, LogLevel.Warning, "Duo did not answer at {Path}: {Reason}", EventName = nameof(EventIds.DuoSilent))]
    private static partial void LogSilent(ILogger logger, string path, string reason);
}
