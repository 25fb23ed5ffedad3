using System.Net;
using System.Text;

namespace Countersign.Console.Tests;

/// <summary>Answers what a test has laid out for it, and remembers what it was asked.</summary>
internal sealed class FakeServer : HttpMessageHandler
{
    private readonly Dictionary<string, Queue<HttpResponseMessage>> _answers = [];
    private readonly Dictionary<string, TaskCompletionSource> _held = [];

    /// <summary>Requests in order, as <c>GET /api/v1/users?limit=50</c>.</summary>
    public List<string> Requests { get; } = [];

    /// <summary>The bodies of those that had one.</summary>
    public List<string> Bodies { get; } = [];

    /// <summary>The value of the last <c>Authorization</c> header.</summary>
    public string? Authorization { get; private set; }

    /// <summary>Lays out an answer; several to the same request are given in turn, and the last of them again and again.</summary>
    public FakeServer On(string request, string json, HttpStatusCode status = HttpStatusCode.OK, params IReadOnlyList<string> links)
    {
        var answer = new HttpResponseMessage(status) { Content = new StringContent(json, Encoding.UTF8, "application/json") };
        foreach (var link in links)
            answer.Headers.Add("Link", link);
        if (!_answers.TryGetValue(request, out var queue))
            _answers[request] = queue = new();
        queue.Enqueue(answer);
        return this;
    }

    /// <summary>Lays out an error of the contract.</summary>
    public FakeServer Refuse(string request, HttpStatusCode status, string code, string summary, params IReadOnlyList<string> causes)
        => On(request, $$"""
            {"errorCode":"{{code}}","errorSummary":"{{summary}}","errorLink":"{{code}}","errorId":"oaeq3Xw7VtRTbmGd0vLh1cZpA",
             "errorCauses":[{{string.Join(',', causes.Select(cause => $$"""{"errorSummary":"{{cause}}"}"""))}}]}
            """, status);

    /// <summary>Lays out a refusal for too many requests, which ends after a while.</summary>
    public FakeServer RefuseFor(TimeSpan wait, string request, string code, string summary)
    {
        var now = new DateTimeOffset(2026, 3, 5, 9, 41, 7, TimeSpan.Zero);
        Refuse(request, HttpStatusCode.TooManyRequests, code, summary);
        var headers = _answers[request].Last().Headers;
        headers.Date = now;
        headers.Add("X-Rate-Limit-Reset", $"{(now + wait).ToUnixTimeSeconds()}");
        return this;
    }

    /// <summary>Keeps the answers to a request back until the test lets them go.</summary>
    public TaskCompletionSource Hold(string request) => _held[request] = new(TaskCreationOptions.RunContinuationsAsynchronously);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var asked = $"{request.Method} {Uri.UnescapeDataString(request.RequestUri!.PathAndQuery)}";
        Requests.Add(asked);
        Authorization = request.Headers.Authorization?.ToString();
        if (request.Content is not null)
            Bodies.Add(await request.Content.ReadAsStringAsync(cancellationToken));
        if (_held.TryGetValue(asked, out var held))
            await held.Task.WaitAsync(cancellationToken);
        if (!_answers.TryGetValue(asked, out var queue))
            throw new HttpRequestException($"The test laid out no answer to '{asked}'.");
        return queue.Count > 1 ? queue.Dequeue() : await CopyAsync(queue.Peek(), cancellationToken);
    }

    private static async Task<HttpResponseMessage> CopyAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        var copy = new HttpResponseMessage(answer.StatusCode)
        {
            Content = new StringContent(await answer.Content.ReadAsStringAsync(cancellationToken), Encoding.UTF8, "application/json"),
        };
        foreach (var (name, values) in answer.Headers)
            copy.Headers.Add(name, values);
        return copy;
    }
}
