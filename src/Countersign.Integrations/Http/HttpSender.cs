using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using Countersign.Outbound;
using Countersign.Users;

namespace Countersign.Integrations.Http;

/// <summary>Sends requests over connections that the guard has looked at. Many calls share connections; a test request has one of its own. Thread-safe.</summary>
public sealed class HttpSender : IHttpSender, IDisposable
{
    private static readonly string UserAgent = $"Countersign/{typeof(HttpSender).Assembly.GetName().Version!.ToString(3)}";
    private static readonly TimeSpan LongestFetch = TimeSpan.FromMinutes(5);

    private readonly OutboundGuard _guard;
    private readonly OutboundEvents? _events;
    private readonly TimeProvider _clock;
    private readonly GuardedConnections _connections;
    private readonly HttpMessageInvoker _shared;
    private readonly ClientCredentialsTokens _tokens;

    /// <summary>A sender that asks the system for the addresses of hosts.</summary>
    public HttpSender(OutboundGuard guard, OutboundEvents? events, TimeProvider clock) : this(guard, events, clock, Dns.GetHostAddressesAsync) { }

    /// <summary>A sender that finds the addresses of hosts in its own way.</summary>
    public HttpSender(OutboundGuard guard, OutboundEvents? events, TimeProvider clock, HostLookup lookup)
    {
        (_guard, _events, _clock) = (guard, events, clock);
        _connections = new GuardedConnections(guard, lookup);
        _shared = _connections.Open();
        _tokens = new ClientCredentialsTokens(this, clock);
    }

    /// <inheritdoc/>
    public async Task<HttpExchange> SendAsync(HttpRequestSettings settings, CallLimits limits, CancellationToken cancellationToken)
    {
        var began = _clock.GetTimestamp();
        using var total = new CancellationTokenSource(limits.Total, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(total.Token, cancellationToken);
        var exchange = await AuthenticateAndSendAsync(settings, limits, either.Token).ConfigureAwait(false);
        var took = _clock.GetElapsedTime(began);
        exchange = exchange with { Timings = exchange.Timings with { Total = took }, Warnings = [.. settings.Warnings, .. exchange.Warnings] };
        if (exchange.Fault is { Kind: HttpFaultKind.Cancelled } && !cancellationToken.IsCancellationRequested && total.IsCancellationRequested)
            exchange = exchange with { Fault = new HttpFault(HttpFaultKind.Timeout, $"The call of {RequestUri.Place(exchange.Request.Uri)} did not end within {Milliseconds(limits.Total)} ms.") };
        if (exchange.Fault?.Refusal is { } refusal) await NoteAsync(refusal, limits.Caller).ConfigureAwait(false);
        return exchange;
    }

    /// <inheritdoc/>
    public async Task<FetchedDocument> FetchAsync(Uri uri, long longest, CancellationToken cancellationToken)
    {
        if (!RequestUri.TryRead(uri.OriginalString, encode: true, out var target, out var wrong)) return new FetchedDocument(null, null, $"The address {wrong}.");
        var settings = new HttpRequestSettings { Method = "GET", Uri = target, Headers = [new("Accept", "*/*")], ConnectTimeout = TimeSpan.FromSeconds(10), ReadTimeout = TimeSpan.FromMinutes(1) };
        var exchange = await SendAsync(settings, new CallLimits((int)Math.Min(longest, Array.MaxLength - 1), LongestFetch) { Caller = "document" }, cancellationToken).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        if (exchange.Fault is { } fault) return new FetchedDocument(null, null, fault.Message);
        var answer = exchange.Answer!;
        return settings.Accepted.Contain(answer.StatusCode)
            ? new FetchedDocument(answer.Body.ToArray(), answer.Header("Content-Type"), null)
            : new FetchedDocument(null, null, $"{RequestUri.Place(exchange.Request.Uri)} answered {answer.StatusCode} {answer.ReasonPhrase}.");
    }

    /// <inheritdoc/>
    public void Dispose() => _shared.Dispose();

    private async Task<HttpExchange> AuthenticateAndSendAsync(HttpRequestSettings settings, CallLimits limits, CancellationToken cancellationToken)
    {
        var request = WithUserAgent(new SentRequest(settings.Method, settings.Uri, settings.Headers, settings.Body));
        if (settings.Authentication is not HttpAuthentication.ClientCredentials credentials)
            return await FollowAsync(Authentication.Apply(request, settings.Authentication), settings, limits, cancellationToken).ConfigureAwait(false);
        var (token, fault) = await _tokens.GetAsync(credentials, settings, limits.Caller, cancellationToken).ConfigureAwait(false);
        if (token is null) return new HttpExchange { Request = request, Fault = fault };
        var exchange = await FollowAsync(Authentication.Apply(request, new HttpAuthentication.Bearer(token)), settings, limits with { Secrets = [.. limits.Secrets, token] }, cancellationToken).ConfigureAwait(false);
        // A token that is not taken may have been withdrawn: the next attempt fetches another.
        if (exchange.Answer is { StatusCode: (int)HttpStatusCode.Unauthorized }) _tokens.Forget(credentials);
        return exchange with { Secrets = [token] };
    }

    private async Task<HttpExchange> FollowAsync(SentRequest request, HttpRequestSettings settings, CallLimits limits, CancellationToken cancellationToken)
    {
        var followed = ImmutableArray.CreateBuilder<FollowedRedirect>();
        var timings = default(CallTimings);
        using var own = limits.UsesOwnConnection ? _connections.Open() : null;
        while (true)
        {
            if (_guard.Check(request.Uri) is { } refusal) return new HttpExchange { Request = request, Fault = HttpFault.Blocked(refusal), Redirects = followed.ToImmutable(), Timings = timings };
            var exchange = await SendOnceAsync(own ?? _shared, request, settings, limits, cancellationToken).ConfigureAwait(false);
            timings = Sum(timings, exchange.Timings);
            exchange = exchange with { Timings = timings, Redirects = followed.ToImmutable() };
            if (exchange.Fault is not null || !settings.FollowsRedirects || exchange.Answer is not { } answer || !Redirects.IsRedirect(answer.StatusCode) || answer.Header("Location") is not { } location) return exchange;
            if (followed.Count == Redirects.Most) return exchange with { Fault = HttpFault.Invalid($"{RequestUri.Place(request.Uri)} redirects again after {Redirects.Most} redirects.") };
            if (Redirects.Follow(request, answer.StatusCode, location, limits.Secrets, out var fault) is not { } next) return exchange with { Fault = fault };
            followed.Add(new FollowedRedirect(answer.StatusCode, next.Uri));
            request = next;
        }
    }

    private async Task<HttpExchange> SendOnceAsync(HttpMessageInvoker client, SentRequest request, HttpRequestSettings settings, CallLimits limits, CancellationToken cancellationToken)
    {
        using var call = new CallTrace(_clock, settings.ConnectTimeout, settings.ReadTimeout, cancellationToken);
        using var message = Message(request, call);
        HttpAnswer? answer = null;
        HttpFault? fault = null;
        var readingBegan = 0L;
        try
        {
            using var response = await client.SendAsync(message, call.Token).ConfigureAwait(false);
            call.Enter(CallPhase.Reading);
            call.Heard();
            readingBegan = _clock.GetTimestamp();
            // A redirect that is followed is not read.
            var most = settings.FollowsRedirects && Redirects.IsRedirect((int)response.StatusCode) && response.Headers.Location is not null ? 0 : limits.LongestBody;
            var body = new BodyReader(most);
            try
            {
                await body.ReadAsync(response, call).ConfigureAwait(false);
            }
            finally
            {
                answer = Answer(response, body, call.Connection?.Head.Names());
            }
            if (body.HasMore && most > 0 && !limits.CutsBody) fault = new HttpFault(HttpFaultKind.TooLarge, $"The answer of {RequestUri.Place(request.Uri)} is larger than {limits.LongestBody} bytes.");
        }
        catch (Exception failure) when (failure is OperationCanceledException or HttpRequestException or IOException or InvalidDataException or ObjectDisposedException or InvalidOperationException or FormatException)
        {
            fault = Faults.Of(failure, call, request.Uri, settings, cancellationToken);
        }
        return new HttpExchange
        {
            Request = request,
            Answer = answer,
            Fault = fault,
            RemoteAddress = call.Remote?.ToString(),
            Timings = new CallTimings(call.Dns, call.Connect, call.Tls, call.Send, call.FirstByte, readingBegan == 0 ? default : _clock.GetElapsedTime(readingBegan), call.Elapsed),
        };
    }

    private static HttpRequestMessage Message(SentRequest request, CallTrace call)
    {
        var message = new HttpRequestMessage(new HttpMethod(request.Method), request.Uri) { Version = HttpVersion.Version11, VersionPolicy = HttpVersionPolicy.RequestVersionOrLower };
        message.Options.Set(CallTrace.Key, call);
        if (request.Body is { } body) message.Content = new ReadOnlyMemoryContent(body);
        foreach (var (name, value) in request.Headers)
            // The base library keeps the headers that describe a body with the body; without one there is nothing to describe.
            if (!message.Headers.TryAddWithoutValidation(name, value)) message.Content?.Headers.TryAddWithoutValidation(name, value);
        return message;
    }

    private static HttpAnswer Answer(HttpResponseMessage response, BodyReader body, IReadOnlyDictionary<string, string>? names)
    {
        var headers = ImmutableArray.CreateBuilder<KeyValuePair<string, ImmutableArray<string>>>();
        foreach (var header in response.Headers.NonValidated.Concat(response.Content.Headers.NonValidated)) headers.Add(new(names?.GetValueOrDefault(header.Key) ?? header.Key, [.. header.Value]));
        return new HttpAnswer((int)response.StatusCode, headers.ToImmutable(), body.Bytes, body.HasMore, response.Content.Headers.ContentLength, response.Version.ToString());
    }

    private static SentRequest WithUserAgent(SentRequest request)
        => request.Headers.Any(static header => header.Key.Equals("User-Agent", StringComparison.OrdinalIgnoreCase)) ? request : request with { Headers = request.Headers.Add(new("User-Agent", UserAgent)) };

    private static CallTimings Sum(CallTimings one, CallTimings other)
        => new(one.Dns + other.Dns, one.Connect + other.Connect, one.Tls + other.Tls, one.Send + other.Send, one.FirstByte + other.FirstByte, one.Download + other.Download, one.Total + other.Total);

    private static string Milliseconds(TimeSpan time) => ((long)time.TotalMilliseconds).ToString(CultureInfo.InvariantCulture);

    private async Task NoteAsync(OutboundRefusal refusal, string caller)
    {
        if (_events is null) return;
        try
        {
            await _events.WriteAsync(refusal, caller, CancellationToken.None).ConfigureAwait(false);
        }
        catch (CommitFailedException)
        {
            // Nothing was sent, and whoever asked is told: without a store the outcome cannot be kept either.
        }
    }
}
