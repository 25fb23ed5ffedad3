using System.Net;
using System.Text;

namespace Countersign.Integrations.Tests.Conductor;

/// <summary>A Conductor server that answers as it was told, by method and path; anything else is not found.</summary>
internal sealed class ScriptedServer : HttpMessageHandler
{
    private readonly Dictionary<string, Func<Request, (HttpStatusCode, string)>> _answers = [];
    private readonly Dictionary<string, TaskCompletionSource> _hanging = [];
    private readonly List<Request> _received = [];

    /// <summary>A request as it came.</summary>
    internal sealed record Request(string Operation, string Query, string? Token, string Body);

    public IReadOnlyList<Request> Received(string operation) => [.. _received.Where(request => request.Operation == operation)];

    /// <summary>Answers with these, one after the other; the last again and again.</summary>
    public void Answers(string operation, params string[] bodies)
    {
        var count = 0;
        _answers[operation] = _ => (HttpStatusCode.OK, bodies[Math.Min(count++, bodies.Length - 1)]);
    }

    public void AnswersBy(string operation, Func<Request, (HttpStatusCode, string)> answer) => _answers[operation] = answer;

    public void Hangs(string operation, TaskCompletionSource asked) => _hanging[operation] = asked;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var operation = $"{request.Method} {request.RequestUri!.AbsolutePath}";
        if (_hanging.TryGetValue(operation, out var asked))
        {
            asked.SetResult();
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }
        var received = new Request(operation, request.RequestUri.Query, request.Headers.TryGetValues("X-Authorization", out var token) ? token.Single() : null,
            request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken));
        _received.Add(received);
        var (status, body) = _answers.TryGetValue(operation, out var answer) ? answer(received) : (HttpStatusCode.NotFound, """{"message":"not found"}""");
        return new HttpResponseMessage(status) { Content = new StringContent(body, Encoding.UTF8, body.StartsWith('{') || body.StartsWith('[') ? "application/json" : "text/plain") };
    }
}
