using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Countersign.Integrations.Expressions;
using Countersign.Integrations.Http;
using Countersign.Integrations.Secrets;
using Countersign.Integrations.Tasks;
using Countersign.Integrations.Workflows;

namespace Countersign.Integrations.TestRequests;

/// <summary>Tries requests out: through the same code, guard and limits as the task in a workflow, once, without retries (workflow contract 17). Thread-safe.</summary>
public sealed class TestRequests(IHttpSender sender, SecretFiller filler, TimeProvider clock)
{
    /// <summary>The most that one person may have under way at once.</summary>
    public const int MostAtOnce = 10;

    private static readonly TimeSpan UsualTotal = TimeSpan.FromSeconds(30), LongestTotal = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<(string Owner, string Id), CancellationTokenSource> _running = new();

    /// <summary>Whether a person has as many under way as may be.</summary>
    public bool IsBusy(string owner) => _running.Keys.Count(key => key.Owner == owner) >= MostAtOnce;

    /// <summary>Cancels one that is under way here; false when there is none.</summary>
    public bool Cancel(string owner, string id)
    {
        if (!_running.TryGetValue((owner, id), out var running)) return false;
        try
        {
            running.Cancel();
        }
        catch (ObjectDisposedException)
        {
            return false;   // it ended just now
        }
        return true;
    }

    /// <summary>Tries a request out.</summary>
    /// <param name="request">What to try.</param>
    /// <param name="cancellationToken">The person gave up; what came until then is answered.</param>
    public async Task<TestedRequest> RunAsync(TestRequest request, CancellationToken cancellationToken)
    {
        var startedAt = clock.GetUtcNow();
        using var cancelled = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        if (!_running.TryAdd((request.Owner, request.Id), cancelled)) return NotSent(request, startedAt, HttpFault.Invalid("A test request with this id is under way."), Scrubber.None);
        try
        {
            return await RunAsync(request, startedAt, cancelled.Token).ConfigureAwait(false);
        }
        finally
        {
            _running.TryRemove((request.Owner, request.Id), out _);
        }
    }

    private async Task<TestedRequest> RunAsync(TestRequest request, DateTimeOffset startedAt, CancellationToken cancellationToken)
    {
        if (Expressions.Expressions.In(request.HttpRequest).FirstOrDefault(use => use.Fault is not null) is { } broken)
            return NotSent(request, startedAt, HttpFault.Invalid($"{broken.Place}: {broken.Fault}"), Scrubber.None);
        var scope = new MapScope(request.Variables, name => request.Environment.Find(name)?.Value);
        var evaluated = Template.Evaluate(request.HttpRequest, scope);
        if (evaluated.Error is { } tooLarge) return NotSent(request, startedAt, HttpFault.Invalid(tooLarge), Scrubber.None);
        var filled = await filler.FillAsync(evaluated.Value, request.HttpRequest, CancellationToken.None).ConfigureAwait(false);
        string[] missing = [.. scope.Missing, .. filled.Missing.Select(name => $"workflow.secrets.{name}")];
        if (missing.Length > 0)
            return NotSent(request, startedAt, new HttpFault(HttpFaultKind.Missing, $"Nothing was sent: there is no value for {string.Join(", ", missing)}."), Scrubber.None) with { Missing = missing };

        string[] secrets = [.. filled.Values, .. request.Environment.Variables.Where(variable => variable is { IsSecret: true, Value.Length: > 0 }).Select(variable => variable.Value!)];
        var scrubber = new Scrubber(secrets);
        if (filled.Fault is { } fault || !RequestReader.TryRead(RequestReader.Of(filled.Value), out var settings, out fault)) return NotSent(request, startedAt, HttpFault.Invalid(fault), scrubber);
        string[] hidden = [.. secrets, .. settings.Authentication?.Secrets ?? [], .. Credentials(settings)];
        var limits = new CallLimits(ITestRequestStore.LargestBody, TotalOf(settings)) { CutsBody = true, UsesOwnConnection = true, Caller = "test request", Secrets = hidden };
        var exchange = await sender.SendAsync(settings, limits, cancellationToken).ConfigureAwait(false);
        scrubber = new Scrubber([.. hidden, .. exchange.Secrets]);
        var outcome = HttpOutcomes.Of(AsTaskSees(exchange), settings, settings.CompletesLater ?? false, scrubber, clock.GetUtcNow());
        return new TestedRequest
        {
            Request = request,
            StartedAt = startedAt,
            Exchange = exchange,
            Fault = exchange.Fault,
            Scrubber = scrubber,
            Warnings = [.. exchange.Warnings, .. Warnings(exchange, hidden)],
            TaskStatus = outcome.Status,
            Hint = Hints.Of(outcome, exchange.Answer),
        };
    }

    private static TestedRequest NotSent(TestRequest request, DateTimeOffset startedAt, HttpFault fault, Scrubber scrubber) => new()
    {
        Request = request,
        StartedAt = startedAt,
        Fault = fault,
        Scrubber = scrubber,
        TaskStatus = AttemptStatus.FailedWithTerminalError,
        Hint = Hints.Of(HttpOutcomes.OfFault(fault, scrubber), null),
    };

    // A task keeps less of an answer than is shown here.
    private static HttpExchange AsTaskSees(HttpExchange exchange)
        => exchange is { Fault: null, Answer.Body.Length: > HttpOutput.Largest } ? exchange with { Fault = new HttpFault(HttpFaultKind.TooLarge, "The answer is too large.") } : exchange;

    private static TimeSpan TotalOf(HttpRequestSettings settings)
    {
        if (!settings.NamesReadTimeout) return UsualTotal;
        var asked = settings.ConnectTimeout + settings.ReadTimeout;
        return asked < LongestTotal ? asked : LongestTotal;
    }

    /// <summary>What headers say who sends it: their whole values, and what follows the scheme.</summary>
    private static IEnumerable<string> Credentials(HttpRequestSettings settings)
    {
        foreach (var (name, value) in settings.Headers)
        {
            if (!Redirects.Credentials.Contains(name)) continue;
            yield return value;
            if (value.IndexOf(' ', StringComparison.Ordinal) is var space and > 0) yield return value[(space + 1)..].Trim();
        }
    }

    private static IEnumerable<string> Warnings(HttpExchange exchange, string[] hidden)
    {
        if (exchange.Request.Uri.Scheme == Uri.UriSchemeHttp && hidden.Any(value => value.Length > 0) && !exchange.Request.Uri.IsLoopback) yield return "A secret travels unencrypted: the address begins with http.";
        if (exchange.Answer is { IsTruncated: true }) yield return string.Create(CultureInfo.InvariantCulture, $"The answer is larger than {ITestRequestStore.LargestBody} bytes: the rest was not read.");
    }

    /// <summary>What the task in a workflow would do, in a sentence.</summary>
    private static class Hints
    {
        public static string Of(TaskOutcome outcome, HttpAnswer? answer) => outcome.Status switch
        {
            AttemptStatus.Completed => $"In a workflow the task completes: {answer!.StatusCode} counts as success.",
            AttemptStatus.InProgress => "In a workflow the task stays in progress until somebody updates it: asyncComplete is on.",
            AttemptStatus.Canceled => "The call was cancelled.",
            AttemptStatus.FailedWithTerminalError => "In a workflow the task fails for good, without another try: the request or its target has to be changed first.",
            _ when outcome.RetryAfter is { } wait => string.Create(CultureInfo.InvariantCulture, $"In a workflow the task fails; if attempts are left, the next one waits at least {Math.Ceiling(wait.TotalSeconds)} seconds."),
            _ when answer is not null && outcome.Output is { } output && output.GetProperty("response").ValueKind == JsonValueKind.Object => $"In a workflow the task fails, because {answer.StatusCode} is not among the accepted status codes; if attempts are left, it is tried again.",
            _ => "In a workflow the task fails; if attempts are left, it is tried again.",
        };
    }
}
